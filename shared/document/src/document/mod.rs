//! One document of a circle: the table that answers, and the Automerge document that merges and saves.

mod arrive;
mod edit;
mod engine;
mod plan;
mod rebuild;
mod save;

pub use arrive::{Arrival, Arrived};
pub use edit::{EditError, Edited};

use automerge::Automerge;

use crate::table::{ChangeIndex, Table};
use crate::{DocumentName, Item, Op};

/// One document of a circle, as one device holds it: what has its place in the stream, and this device's own pending
/// edits on top.
#[derive(Clone)]
pub struct Document {
    name: DocumentName,
    circle: [u8; 32],
    pub(crate) table: Table,
    pub(crate) engine: Automerge,
    /// Own changes that Automerge has not seen yet. Every answer comes from the table, and handing Automerge one change
    /// costs a walk over the document, so they go along with what arrives next, or before a save.
    unapplied: Vec<Vec<u8>>,
    /// The entry taken last, and how many ops it brought here.
    last: (u64, u32),
}

/// What is in a document is nobody's business in a log.
impl std::fmt::Debug for Document {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let changes = self.table.changes().len();
        out.debug_struct("Document")
            .field("name", &self.name)
            .field("changes", &changes)
            .finish_non_exhaustive()
    }
}

impl Document {
    pub fn name(&self) -> &DocumentName {
        &self.name
    }

    /// One item: a map under `items`. Reads nothing but that item.
    pub fn item(&self, id: &str) -> Option<Item> {
        self.table.item(id)
    }

    /// Ids of all items, in order.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.table.item_ids()
    }

    /// The map `meta`, as an item of that name.
    pub fn meta(&self) -> Item {
        self.table.meta()
    }

    /// Hashes of the changes that nothing follows yet, sorted. Two documents that took the same changes have the same.
    pub fn heads(&self) -> Vec<[u8; 32]> {
        self.table.heads().collect()
    }

    /// Whether own edits wait for their place.
    pub fn has_pending(&self) -> bool {
        self.table.pending().next().is_some()
    }

    /// Numbers of the own edits that wait, oldest first.
    pub fn pending(&self) -> Vec<u64> {
        self.table.pending().map(|(_, n)| n).collect()
    }

    /// Own pending edit `n` came back with entry `k`, taken by the server at `stamp`: its ops with their new origin,
    /// none when no such edit waits. Where an entry holds several edits, they are told in its order.
    pub fn committed(&mut self, n: u64, k: u64, stamp: u64) -> Vec<Op> {
        let Some(index) = self.table.pending().find(|(_, pending)| *pending == n).map(|(index, _)| index)
        else {
            return Vec::new();
        };
        self.place(index, k, stamp);
        self.table.history(index)
    }

    /// Gives a change the next place in entry `k`.
    fn place(&mut self, index: ChangeIndex, k: u64, stamp: u64) {
        let place = if self.last.0 == k { self.last.1 } else { 0 };
        self.table.commit(index, k, place, stamp);
        self.last = (k, place.saturating_add(self.table.changes()[index as usize].op_count));
    }
}
