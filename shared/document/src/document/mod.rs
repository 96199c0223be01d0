//! One document of a circle.
#![allow(dead_code, unused_variables, clippy::todo, clippy::unused_self)]

use std::collections::BTreeSet;

use crate::{DeviceNumber, DocumentName, EditScript, Item, Op, SnapshotError, Void};

/// What an edit made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The change's chunk, uncompressed: what an envelope carries and what `replay` takes.
    pub change: Vec<u8>,
    pub ops: Vec<Op>,
    /// Ids of the items that changed. `meta` is not one: look at the ops' paths.
    pub touched: BTreeSet<String>,
}

/// Why an edit was not made; the document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("placeholder")]
    Placeholder,
}

/// One opened entry of the stream, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub device: DeviceNumber,
    pub incarnation: u64,
    pub changes: Vec<Vec<u8>>,
    /// The entry's place in its stream, and when the server took it (Unix milliseconds).
    pub k: u64,
    pub stamp: u64,
}

/// What an entry added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrived {
    pub ops: Vec<Op>,
    pub touched: BTreeSet<String>,
    /// Own pending edits that were taken off because the entry came from the same actor (a restored or cloned
    /// device). Replay those that the entry did not bring, or make their scripts again under a new incarnation.
    pub withdrawn: Vec<u64>,
}

/// One document of a circle.
pub struct Document {}

impl Document {
    pub fn new(name: DocumentName, circle: [u8; 32]) -> Self {
        todo!()
    }
    pub fn load(snapshot: &[u8]) -> Result<Self, SnapshotError> {
        todo!()
    }
    pub fn name(&self) -> &DocumentName {
        todo!()
    }
    /// None when the script changes nothing.
    pub fn edit(
        &mut self,
        device: DeviceNumber,
        incarnation: u64,
        script: &EditScript,
        n: u64,
    ) -> Result<Option<Edited>, EditError> {
        todo!()
    }
    /// Puts a stored own pending change back on top, after a load.
    pub fn replay(
        &mut self,
        device: DeviceNumber,
        incarnation: u64,
        change: &[u8],
        n: u64,
    ) -> Result<Edited, Void> {
        todo!()
    }
    pub fn arrive(&mut self, arrival: &Arrival) -> Result<Arrived, Void> {
        todo!()
    }
    pub fn arrive_many(&mut self, arrivals: &[Arrival]) -> Vec<Result<Arrived, Void>> {
        todo!()
    }
    /// Own pending edit `n` got its place: its ops, with their new origin (empty when no such edit is pending).
    /// Called in the order in which the entry holds the edits.
    pub fn committed(&mut self, n: u64, k: u64, stamp: u64) -> Vec<Op> {
        todo!()
    }
    pub fn has_pending(&self) -> bool {
        todo!()
    }
    /// Numbers of the pending edits, oldest first.
    pub fn pending(&self) -> Vec<u64> {
        todo!()
    }
    /// Takes all own pending edits off again, for a rebase; returns their numbers.
    pub fn withdraw_pending(&mut self) -> Vec<u64> {
        todo!()
    }
    /// None while anything is pending.
    pub fn snapshot(&mut self) -> Option<Vec<u8>> {
        todo!()
    }
    pub fn item(&self, id: &str) -> Option<Item> {
        todo!()
    }
    pub fn items(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
    pub fn meta(&self) -> Item {
        todo!()
    }
    pub fn heads(&self) -> Vec<[u8; 32]> {
        todo!()
    }
}
