//! Every accepted op of a document: who wrote it, what it replaced, what stands.
//!
//! Automerge knows the same ops, but not what stood at older heads at the price of one key, nor who may be behind an
//! actor. The guard, edits, items and the history all read here, so they cannot disagree.

mod draft;
mod ids;
mod record;
mod view;

pub(crate) use draft::Draft;
pub(crate) use record::Resolved;
pub(crate) use view::touched;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::{DeviceNumber, Scalar};

/// Indexes into `Table`'s lists.
pub(crate) type ActorIndex = u32;
pub(crate) type ChangeIndex = u32;
pub(crate) type OpIndex = u32;
pub(crate) type ObjectIndex = u32;

/// The root map, and the two maps that genesis makes. Reading starts at the latter, so a later op on the root cannot
/// hide them.
pub(crate) const ROOT: ObjectIndex = 0;
pub(crate) const ITEMS: ObjectIndex = 1;
pub(crate) const META: ObjectIndex = 2;

/// For each actor, by index, how many of its changes are covered.
pub(crate) type Clock = Vec<u32>;

/// What a document holds, op by op.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    actors: Vec<Actor>,
    actor_index: BTreeMap<[u8; 16], ActorIndex>,
    changes: Vec<Change>,
    by_hash: BTreeMap<[u8; 32], ChangeIndex>,
    heads: BTreeSet<[u8; 32]>,
    pending: BTreeSet<ChangeIndex>,
    ops: Vec<OpRow>,
    objects: Vec<Object>,
}

/// Who writes: one device under one incarnation.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub(crate) id: [u8; 16],
    pub(crate) device: DeviceNumber,
    pub(crate) incarnation: u64,
    /// Its changes in order: number `seq` at `seq - 1`.
    pub(crate) changes: Vec<ChangeIndex>,
}

/// Where a change stands in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Genesis,
    /// `place` is that of its first op in entry `k`.
    Committed {
        k: u64,
        place: u32,
        stamp: u64,
    },
    Pending {
        n: u64,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) hash: [u8; 32],
    pub(crate) actor: ActorIndex,
    pub(crate) seq: u32,
    pub(crate) start_op: u64,
    pub(crate) first_op: OpIndex,
    pub(crate) op_count: u32,
    pub(crate) standing: Standing,
    deps: Vec<ChangeIndex>,
    /// How many changes name this one among their deps.
    children: u32,
    /// Itself and everything before it.
    clock: Clock,
}

#[derive(Debug, Clone)]
pub(crate) struct OpRow {
    change: ChangeIndex,
    object: ObjectIndex,
    key: Arc<str>,
    action: Action,
    preds: Vec<OpIndex>,
    succs: Vec<OpIndex>,
}

#[derive(Debug, Clone)]
pub(crate) enum Action {
    Make(ObjectIndex),
    Put(Scalar),
    Delete,
}

#[derive(Debug, Clone, Default)]
struct Object {
    /// None for the root.
    made_by: Option<OpIndex>,
    /// Maps above it.
    depth: usize,
    keys: BTreeMap<Arc<str>, Slot>,
}

/// What was ever written at a key, deletes left out, and which of it no later op replaced.
#[derive(Debug, Clone, Default)]
struct Slot {
    ops: Vec<OpIndex>,
    live: Vec<OpIndex>,
}

impl Table {
    pub(crate) fn actors(&self) -> &[Actor] {
        &self.actors
    }

    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Sorted.
    pub(crate) fn heads(&self) -> impl Iterator<Item = [u8; 32]> {
        self.heads.iter().copied()
    }

    pub(crate) fn actor(&self, id: &[u8; 16]) -> Option<&Actor> {
        self.actor_index.get(id).map(|index| &self.actors[*index as usize])
    }

    pub(crate) fn change_by_hash(&self, hash: &[u8; 32]) -> Option<(ChangeIndex, &Change)> {
        self.by_hash.get(hash).map(|index| (*index, &self.changes[*index as usize]))
    }

    /// Gives a change its place in the stream.
    pub(crate) fn commit(&mut self, change: ChangeIndex, k: u64, place: u32, stamp: u64) {
        self.changes[change as usize].standing = Standing::Committed { k, place, stamp };
        self.pending.remove(&change);
    }

    /// Indexes and edit numbers of the pending changes, oldest first.
    pub(crate) fn pending(&self) -> impl Iterator<Item = (ChangeIndex, u64)> {
        self.pending.iter().filter_map(|index| match self.changes[*index as usize].standing {
            Standing::Pending { n } => Some((*index, n)),
            Standing::Genesis | Standing::Committed { .. } => None,
        })
    }

    /// What `changes` and everything before them cover.
    pub(crate) fn clock_at(&self, changes: &[ChangeIndex]) -> Clock {
        let mut clock = Clock::new();
        for index in changes {
            let other = &self.changes[*index as usize].clock;
            if clock.len() < other.len() {
                clock.resize(other.len(), 0);
            }
            clock.iter_mut().zip(other).for_each(|(one, other)| *one = (*one).max(*other));
        }
        clock
    }

    /// What all changes cover.
    pub(crate) fn clock_now(&self) -> Clock {
        self.actors.iter().map(|actor| u32::try_from(actor.changes.len()).unwrap_or(u32::MAX)).collect()
    }

    pub(crate) fn covers(&self, clock: &Clock, change: ChangeIndex) -> bool {
        let change = &self.changes[change as usize];
        clock.get(change.actor as usize).is_some_and(|covered| *covered >= change.seq)
    }

    /// The counter of the newest op.
    pub(crate) fn max_op(&self) -> u64 {
        self.heads
            .iter()
            .filter_map(|hash| self.change_by_hash(hash))
            .map(|(_, change)| change.max_op())
            .max()
            .unwrap_or(0)
    }
}

impl Change {
    pub(crate) fn max_op(&self) -> u64 {
        self.start_op + u64::from(self.op_count) - 1
    }
}
