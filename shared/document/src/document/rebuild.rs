//! Making a document, and making it again without some of its changes.

use automerge::Automerge;

use super::{Document, engine};
use crate::genesis::{self, GENESIS};
use crate::guard::{self, Scope, Void};
use crate::table::{ChangeIndex, Standing};
use crate::{DeviceNumber, DocumentName};

/// A change as it would come in again.
struct Kept {
    device: DeviceNumber,
    incarnation: u64,
    standing: Standing,
    actor: [u8; 16],
    chunk: Vec<u8>,
}

impl Document {
    /// A document that nobody has written in.
    pub fn new(name: DocumentName, circle: [u8; 32]) -> Self {
        let mut engine = Automerge::new();
        let applied = engine::apply(&mut engine, &[GENESIS.to_vec()]);
        debug_assert!(applied.is_ok(), "genesis is a constant");
        Self { name, circle, table: genesis::table(), engine, unapplied: Vec::new(), last: (0, 0) }
    }

    /// Takes all own pending edits off, for a rebase: they are made again from their scripts under a new incarnation.
    /// Returns their numbers, oldest first.
    pub fn withdraw_pending(&mut self) -> Vec<u64> {
        let withdrawn = self.pending();
        if !withdrawn.is_empty() {
            let pending: Vec<ChangeIndex> = self.table.pending().map(|(index, _)| index).collect();
            self.rebuild(|index| pending.binary_search(&index).is_err());
        }
        withdrawn
    }

    /// Makes the document again from those of its changes that are kept. What is left out must not be depended on.
    pub(super) fn rebuild(&mut self, keep: impl Fn(ChangeIndex) -> bool) {
        let actors = self.table.actors();
        let kept: Vec<Kept> = (0..)
            .zip(self.table.changes())
            .filter(|(index, change)| change.standing != Standing::Genesis && keep(*index))
            .map(|(index, change)| {
                let by = &actors[change.actor as usize];
                let chunk = self.table.chunk(index);
                Kept {
                    device: by.device,
                    incarnation: by.incarnation,
                    standing: change.standing,
                    actor: by.id,
                    chunk,
                }
            })
            .collect();
        let mut new = Self { last: self.last, ..Self::new(self.name.clone(), self.circle) };
        let mut chunks = Vec::with_capacity(kept.len());
        for change in kept {
            let Ok(resolved) = guard::check(&new.table, &change.chunk, &change.actor, Scope::WithPending)
            else {
                debug_assert!(false, "a change that was accepted is accepted again");
                continue;
            };
            new.table.record(resolved, change.device, change.incarnation, change.standing);
            chunks.push(change.chunk);
        }
        let applied = engine::apply(&mut new.engine, &chunks);
        debug_assert!(applied.is_ok(), "Automerge took these changes before");
        *self = new;
    }

    /// Hands chunks that were just recorded to Automerge, after own ones that wait; if it refuses, the new ones are
    /// taken out again.
    pub(crate) fn apply_recorded(&mut self, before: usize, chunks: Vec<Vec<u8>>) -> Result<(), Void> {
        if chunks.is_empty() {
            return Ok(());
        }
        self.unapplied.extend(chunks);
        self.catch_up().map_err(|engine::Refused| {
            self.rebuild(|index| (index as usize) < before);
            Void::Engine
        })
    }

    /// Hands Automerge the own changes that wait.
    pub(crate) fn catch_up(&mut self) -> Result<(), engine::Refused> {
        engine::apply(&mut self.engine, &std::mem::take(&mut self.unapplied))
    }
}
