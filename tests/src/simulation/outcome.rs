//! What came of a simulation, and of many.

use serde::Serialize;
use std::collections::BTreeMap;

/// What people and worlds really do within some hundred seeds: a screen that stops offering something is noticed.
const DEEDS: [&str; 45] = [
    "add a task",
    "announce closing",
    "archive a task",
    "archive an entry",
    "attack",
    "cancel an invitation",
    "choose a version",
    "claim",
    "clone a phone",
    "close the circle",
    "come back by a fresh link",
    "crash",
    "decline a phone",
    "done",
    "edit a task's note",
    "edit an entry",
    "fill the disk",
    "find a phone",
    "fork",
    "go offline",
    "hand over",
    "keep the circle open",
    "leave",
    "lie",
    "log a note",
    "look at what came",
    "lose a phone",
    "make a kit",
    "move the circle",
    "name an heir",
    "pair a phone",
    "plant",
    "quick log",
    "reload",
    "remove a member",
    "restore a phone",
    "restore from a kit",
    "restore the server",
    "revoke a phone",
    "set a role",
    "sleep",
    "stand down",
    "step in",
    "undo",
    "use a link again",
];

/// One seed. The lists say in words what is wrong; all empty is a pass.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub seed: u64,
    pub device_hours: f64,
    /// Acknowledged edits.
    pub edits: u64,
    /// How often each kind of thing was done.
    pub done: BTreeMap<&'static str, u64>,
    /// Kept edits that somebody who may read them does not have.
    pub lost: Vec<String>,
    /// Phones with equal rights that do not show the same.
    pub diverged: Vec<String>,
    /// Words where they must not be.
    pub leaked: Vec<String>,
    /// Anything else that must not happen.
    pub faults: Vec<String>,
}

impl Outcome {
    pub fn holds(&self) -> bool {
        self.wrongs().next().is_none()
    }

    /// Everything that is wrong, with what kind of wrong it is.
    pub fn wrongs(&self) -> impl Iterator<Item = String> {
        let of = |kind: &'static str, list: &Vec<String>| {
            list.iter().map(|wrong| format!("{kind}: {wrong}")).collect::<Vec<_>>()
        };
        [
            of("lost", &self.lost),
            of("diverged", &self.diverged),
            of("leaked", &self.leaked),
            of("fault", &self.faults),
        ]
        .concat()
        .into_iter()
    }
}

/// Many seeds, as the last line of the program says it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Total {
    pub seeds: u64,
    pub device_hours: f64,
    pub edits: u64,
    pub lost: usize,
    pub diverged: usize,
    pub leaked: usize,
    #[serde(skip)]
    pub failed: u64,
    #[serde(skip)]
    pub done: BTreeMap<&'static str, u64>,
}

impl Total {
    /// The one line for programs; `hours` is how long it took.
    pub fn line(&self, hours: f64) -> serde_json::Result<String> {
        let an_hour = if hours > 0.0 { (self.seeds as f64 / hours).round() } else { 0.0 };
        let mut line = serde_json::to_value(self)?;
        line["seeds_an_hour"] = an_hour.into();
        serde_json::to_string(&line)
    }

    /// What nobody could do in all these seeds.
    pub fn never_done(&self) -> Vec<&'static str> {
        DEEDS.into_iter().filter(|deed| !self.done.contains_key(deed)).collect()
    }

    pub fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.device_hours += outcome.device_hours;
        self.edits += outcome.edits;
        self.lost += outcome.lost.len();
        self.diverged += outcome.diverged.len();
        self.leaked += outcome.leaked.len();
        self.failed += u64::from(!outcome.holds());
        for (deed, times) in &outcome.done {
            *self.done.entry(deed).or_default() += times;
        }
    }
}
