//! What phones said was kept: the promise that the simulation holds them to.

use std::collections::BTreeMap;

/// Begins every word typed where only those who read care may see it.
pub const CARE: &str = "zqcare";
/// Begins every word typed where the whole circle may see it.
pub const OPEN: &str = "zqopen";
/// Begins every name of a person.
pub const NAME: &str = "zqname";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    pub text: String,
    pub care: bool,
    pub by: usize,
    /// What was being done, for the report.
    pub deed: String,
    /// It was on one disk only, and that disk is gone: not held to.
    pub forgiven: bool,
}

#[derive(Debug, Default)]
pub struct Ledger {
    next: u64,
    promises: Vec<Promise>,
    /// How often each kind of thing was done and acknowledged.
    done: BTreeMap<&'static str, u64>,
}

impl Ledger {
    /// Words that were never typed before.
    pub fn words(&mut self, care: bool) -> String {
        self.next += 1;
        let stem = if care { CARE } else { OPEN };
        format!("{stem}{:05}z", self.next)
    }

    pub fn kept(&mut self, text: &str, care: bool, by: usize, deed: &str) {
        let promise = Promise { text: text.to_owned(), care, by, deed: deed.to_owned(), forgiven: false };
        self.promises.push(promise);
    }

    pub fn count(&mut self, deed: &'static str) {
        *self.done.entry(deed).or_default() += 1;
    }

    /// What somebody's disk held alone went with it.
    pub fn forgive(&mut self, by: usize, gone: impl Fn(&str) -> bool) {
        for promise in self.promises.iter_mut().filter(|promise| promise.by == by) {
            promise.forgiven |= gone(&promise.text);
        }
    }

    pub fn promises(&self) -> &[Promise] {
        &self.promises
    }

    pub fn done(&self) -> &BTreeMap<&'static str, u64> {
        &self.done
    }

    pub fn edits(&self) -> u64 {
        self.done.values().sum()
    }
}
