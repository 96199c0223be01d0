//! The rows that the screen needs, in memory: short lists whole, the log as a window that grows. What a row says is read
//! once and kept beside it.

use super::{
    reading::{Read, Reader},
    roster::Roster,
};
use kith_domain::{LogEntry, Profile, Task};
use kith_protocol::MemberNumber;
use kith_replica::{RowChange, StoredRow};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a window.
pub const WINDOW: u32 = 60;
/// Rows of a short list; more are read page by page.
pub const PAGE: u32 = 256;

#[derive(Default)]
pub struct Rows {
    lists: BTreeMap<String, List>,
    reader: Reader,
}

#[derive(Default)]
struct List {
    rows: BTreeMap<Vec<u8>, Held>,
    /// Where each item stands: its id, then its key.
    places: BTreeSet<(String, Vec<u8>)>,
    /// Every row up to the end is here.
    complete: bool,
}

/// A row and what it was read as.
struct Held {
    row: StoredRow,
    read: Read,
}

impl List {
    fn put(&mut self, key: Vec<u8>, row: StoredRow) {
        self.remove(&key);
        self.places.insert((row.item.id.clone(), key.clone()));
        self.rows.insert(key, Held { row, read: Read::default() });
    }

    fn remove(&mut self, key: &[u8]) {
        if let Some(held) = self.rows.remove(key) {
            self.places.remove(&(held.row.item.id, key.to_vec()));
        }
    }

    fn find(&self, item: &str) -> Option<&Held> {
        let (id, key) = self.places.range((item.to_owned(), Vec::new())..).next()?;
        if id == item { self.rows.get(key) } else { None }
    }
}

impl Rows {
    pub fn of(&self, list: &str) -> impl DoubleEndedIterator<Item = (&Vec<u8>, &StoredRow)> {
        self.lists.get(list).into_iter().flat_map(|list| &list.rows).map(|(key, held)| (key, &held.row))
    }

    pub fn find(&self, list: &str, item: &str) -> Option<&StoredRow> {
        Some(&self.lists.get(list)?.find(item)?.row)
    }

    fn held(&self, list: &str) -> impl Iterator<Item = &Held> {
        self.lists.get(list).into_iter().flat_map(|list| list.rows.values())
    }

    /// The entries of a list, newest first, put away or not.
    pub fn entries(&self, list: &str) -> impl Iterator<Item = &LogEntry> {
        self.held(list).filter_map(|held| held.read.entry(&held.row, &self.reader))
    }

    /// The tasks of a list, in its order.
    pub fn tasks(&self, list: &str) -> impl Iterator<Item = &Task> {
        self.held(list).filter_map(|held| held.read.task(&held.row, &self.reader))
    }

    /// The profile in a list of one row.
    pub fn profile(&self, list: &str) -> Option<&Profile> {
        self.held(list).next().map(|held| held.read.profile(&held.row, &self.reader))
    }

    /// Who is who, and who reads. What was read under another roster is read anew.
    pub fn read_as(&mut self, roster: Roster, me: Option<MemberNumber>) {
        if self.reader.change(roster, me) {
            for held in self.lists.values_mut().flat_map(|list| list.rows.values_mut()) {
                held.read = Read::default();
            }
        }
    }

    pub fn is_complete(&self, list: &str) -> bool {
        self.lists.get(list).is_some_and(|list| list.complete)
    }

    /// The key after which the next page begins.
    pub fn last_key(&self, list: &str) -> Option<Vec<u8>> {
        self.lists.get(list)?.rows.keys().next_back().cloned()
    }

    /// A page from storage; `full` when it was as long as was asked for.
    pub fn take_page(
        &mut self,
        list: &str,
        page: impl IntoIterator<Item = (Vec<u8>, StoredRow)>,
        full: bool,
    ) {
        let list = self.lists.entry(list.to_owned()).or_default();
        for (key, row) in page {
            list.put(key, row);
        }
        list.complete |= !full;
    }

    /// What changed in storage. Rows past the window's end stay there until it grows.
    pub fn take_in(&mut self, changes: Vec<RowChange>) {
        for change in changes {
            let list = self.lists.entry(change.list).or_default();
            if let Some(previous) = &change.previous_key {
                list.remove(previous);
            }
            match change.row {
                Some(row) => {
                    let inside =
                        list.complete || list.rows.keys().next_back().is_some_and(|last| change.key <= *last);
                    if inside {
                        list.put(change.key, row);
                    }
                }
                None => list.remove(&change.key),
            }
        }
    }

    pub fn forget(&mut self) {
        self.lists.clear();
    }
}
