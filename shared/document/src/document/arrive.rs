//! What arrives: opened entries of the stream, each taken whole or not at all.

use std::collections::BTreeSet;

use super::Document;
use crate::guard::{self, MAX_CHANGES, Scope, Void};
use crate::table::{ChangeIndex, Standing, touched};
use crate::{DeviceNumber, Op, actor};

/// One opened entry of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub device: DeviceNumber,
    pub incarnation: u64,
    /// Change chunks, uncompressed, as the envelope held them.
    pub changes: Vec<Vec<u8>>,
    /// The entry's place in its stream, higher than that of every entry before.
    pub k: u64,
    /// When the server took it, Unix milliseconds.
    pub stamp: u64,
}

/// What an entry added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrived {
    pub ops: Vec<Op>,
    /// Ids of the items that changed. `meta` is not one: its ops have no item.
    pub touched: BTreeSet<String>,
    /// Own pending edits that were taken off, because the entry is by the actor that wrote them (a restored or cloned
    /// device). Replay those that the entry did not bring; what is then void is made again from its script, under a
    /// new incarnation.
    pub withdrawn: Vec<u64>,
}

/// Changes that are recorded and wait to be handed to Automerge in one call.
#[derive(Default)]
struct Waiting {
    /// For each entry taken: where its result stands, and its changes.
    entries: Vec<(usize, Vec<Vec<u8>>)>,
    /// How many changes the table held before the first of them.
    before: usize,
}

impl Document {
    /// Takes one entry: the guard first on every change; one that fails voids the whole entry.
    pub fn arrive(&mut self, arrival: &Arrival) -> Result<Arrived, Void> {
        self.arrive_many(std::slice::from_ref(arrival)).pop().unwrap_or(Err(Void::Engine))
    }

    /// Takes many entries in order, with one result each, for the price of few.
    pub fn arrive_many(&mut self, arrivals: &[Arrival]) -> Vec<Result<Arrived, Void>> {
        let mut results = Vec::with_capacity(arrivals.len());
        let mut waiting = Waiting { before: self.table.changes().len(), ..Waiting::default() };
        for arrival in arrivals {
            let withdrawn = if self.is_by_pending_actor(arrival) {
                self.hand_over(&mut waiting, arrivals, &mut results);
                let withdrawn = self.withdraw_pending();
                waiting.before = self.table.changes().len();
                withdrawn
            } else {
                Vec::new()
            };
            let taken = self.take(arrival);
            if taken.is_ok() {
                waiting.entries.push((results.len(), arrival.changes.clone()));
            }
            results.push(taken.map(|taken| Arrived { withdrawn, ..taken }));
        }
        self.hand_over(&mut waiting, arrivals, &mut results);
        results
    }

    fn is_by_pending_actor(&self, arrival: &Arrival) -> bool {
        if !self.has_pending() {
            return false;
        }
        let actor = actor(&self.circle, arrival.device, &self.name, arrival.incarnation);
        self.table.pending().any(|(index, _)| {
            self.table.actors()[self.table.changes()[index as usize].actor as usize].id == actor
        })
    }

    /// Checks and records an entry's changes, without Automerge.
    fn take(&mut self, arrival: &Arrival) -> Result<Arrived, Void> {
        if arrival.changes.len() > MAX_CHANGES {
            return Err(Void::TooManyChanges);
        }
        let actor = actor(&self.circle, arrival.device, &self.name, arrival.incarnation);
        let before = self.table.changes().len();
        let last = std::mem::replace(&mut self.last, (arrival.k, 0));
        let mut taken: Vec<ChangeIndex> = Vec::new();
        for change in &arrival.changes {
            match guard::check(&self.table, change, &actor, Scope::Committed) {
                Ok(resolved) => {
                    let standing = Standing::Committed { k: arrival.k, place: 0, stamp: arrival.stamp };
                    let index = self.table.record(resolved, arrival.device, arrival.incarnation, standing);
                    self.place(index, arrival.k, arrival.stamp);
                    taken.push(index);
                }
                Err(void) => {
                    self.table.truncate(before);
                    self.last = last;
                    return Err(void);
                }
            }
        }
        let ops: Vec<Op> = taken.into_iter().flat_map(|index| self.table.history(index)).collect();
        let touched = touched(&ops);
        Ok(Arrived { ops, touched, withdrawn: Vec::new() })
    }

    /// Hands what waits to Automerge. If it refuses, which the guard is there to rule out, the entries are tried again
    /// one by one, so that only the one it refuses is void.
    fn hand_over(
        &mut self,
        waiting: &mut Waiting,
        arrivals: &[Arrival],
        results: &mut [Result<Arrived, Void>],
    ) {
        let entries = std::mem::take(&mut waiting.entries);
        let chunks: Vec<Vec<u8>> = entries.iter().flat_map(|(_, chunks)| chunks.iter().cloned()).collect();
        if self.apply_recorded(waiting.before, chunks).is_ok() {
            return;
        }
        for (at, chunks) in entries {
            let before = self.table.changes().len();
            let again = self.take(&arrivals[at]);
            results[at] = again.and_then(|taken| self.apply_recorded(before, chunks).map(|()| taken));
        }
    }
}
