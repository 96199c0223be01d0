//! A change that is being added: what it sees at its deps, as changed by its own earlier ops.
//!
//! The guard walks a foreign change through a draft and compares; an edit is made by walking its script through one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Action, ChangeIndex, Clock, ObjectIndex, OpIndex, OpRow, Resolved, Table};
use crate::Scalar;
use crate::chunk::{ChunkAction, ChunkId};

pub(crate) struct Draft<'a> {
    table: &'a Table,
    actor: [u8; 16],
    start_op: u64,
    deps: Vec<ChangeIndex>,
    /// What the deps cover; the change sees nothing else.
    clock: Clock,
    /// Whether that is everything, so that what is live is what it sees.
    sees_all: bool,
    ops: Vec<OpRow>,
    /// For each new map, the op that makes it and its depth.
    made: Vec<(OpIndex, usize)>,
    /// What stands at the keys that this change has written.
    written: BTreeMap<(ObjectIndex, Arc<str>), Vec<OpIndex>>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(table: &'a Table, actor: [u8; 16], start_op: u64, deps: Vec<ChangeIndex>) -> Self {
        let clock = table.clock_at(&deps);
        let now = table.clock_now();
        let sees_all = now.iter().enumerate().all(|(at, all)| clock.get(at).copied().unwrap_or(0) == *all);
        Self {
            table,
            actor,
            start_op,
            deps,
            clock,
            sees_all,
            ops: Vec::new(),
            made: Vec::new(),
            written: BTreeMap::new(),
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    fn base(&self) -> usize {
        self.table.ops.len()
    }

    fn row(&self, op: OpIndex) -> &OpRow {
        let at = op as usize;
        if at < self.base() { &self.table.ops[at] } else { &self.ops[at - self.base()] }
    }

    /// The map that an op of this name made, if this change may write on it.
    pub(crate) fn object(&self, id: &ChunkId) -> Option<ObjectIndex> {
        let own = id.counter.checked_sub(self.start_op).filter(|_| id.actor == self.actor);
        let row = if let Some(offset) = own {
            self.ops.get(usize::try_from(offset).ok()?)?
        } else {
            let row = &self.table.ops[self.table.op_index(id)? as usize];
            self.table.covers(&self.clock, row.change).then_some(row)?
        };
        if let Action::Make(object) = row.action { Some(object) } else { None }
    }

    /// The name of the op that made a map; None for the root.
    pub(crate) fn object_id(&self, object: ObjectIndex) -> Option<ChunkId> {
        let at = object as usize;
        match at.checked_sub(self.table.objects.len()) {
            None => self.table.objects[at].made_by.map(|op| self.id(op)),
            Some(new) => self.made.get(new).map(|(op, _)| self.id(*op)),
        }
    }

    pub(crate) fn depth(&self, object: ObjectIndex) -> usize {
        let at = object as usize;
        match at.checked_sub(self.table.objects.len()) {
            None => self.table.objects[at].depth,
            Some(new) => self.made.get(new).map_or(0, |(_, depth)| *depth),
        }
    }

    pub(crate) fn id(&self, op: OpIndex) -> ChunkId {
        match (op as usize).checked_sub(self.base()) {
            None => self.table.op_id(op),
            Some(new) => ChunkId { counter: self.start_op + new as u64, actor: self.actor },
        }
    }

    /// The ops whose values the change sees at a key, oldest first.
    pub(crate) fn visible(&self, object: ObjectIndex, key: &Arc<str>) -> Vec<OpIndex> {
        if let Some(written) = self.written.get(&(object, key.clone())) {
            return written.clone();
        }
        let slot = self.table.objects.get(object as usize).and_then(|object| object.keys.get(key));
        let Some(slot) = slot else { return Vec::new() };
        let mut visible = if self.sees_all {
            slot.live.clone()
        } else {
            let seen = |op: &OpIndex| self.table.covers(&self.clock, self.table.ops[*op as usize].change);
            let stands = |op: &OpIndex| seen(op) && !self.table.ops[*op as usize].succs.iter().any(seen);
            slot.ops.iter().copied().filter(stands).collect()
        };
        visible.sort_by_cached_key(|op| self.id(*op));
        visible
    }

    /// The newest map among `visible`.
    pub(crate) fn map_of(&self, visible: &[OpIndex]) -> Option<ObjectIndex> {
        visible.iter().rev().find_map(|op| match self.row(*op).action {
            Action::Make(object) => Some(object),
            Action::Put(_) | Action::Delete => None,
        })
    }

    /// The value that an op wrote.
    pub(crate) fn value_of(&self, op: OpIndex) -> Option<&Scalar> {
        if let Action::Put(value) = &self.row(op).action { Some(value) } else { None }
    }

    /// Adds an op that replaces `visible`, which is what `visible` gave for the same key.
    pub(crate) fn push(
        &mut self,
        object: ObjectIndex,
        key: &Arc<str>,
        action: &ChunkAction,
        visible: Vec<OpIndex>,
    ) {
        let index = to_index(self.base() + self.ops.len());
        let action = match action {
            ChunkAction::Make => {
                let made = to_index(self.table.objects.len() + self.made.len());
                self.made.push((index, self.depth(object) + 1));
                Action::Make(made)
            }
            ChunkAction::Put(value) => Action::Put(value.clone()),
            ChunkAction::Delete => Action::Delete,
        };
        let stands = if matches!(action, Action::Delete) { Vec::new() } else { vec![index] };
        self.written.insert((object, key.clone()), stands);
        let change = to_index(self.table.changes.len());
        self.ops.push(OpRow { change, object, key: key.clone(), action, preds: visible, succs: Vec::new() });
    }

    pub(crate) fn finish(self, hash: [u8; 32]) -> Resolved {
        let Self { actor, start_op, deps, clock, ops, .. } = self;
        Resolved { hash, actor, start_op, deps, clock, ops }
    }
}

/// Lists grow by what a few MiB of changes hold at a time; memory ends long before this does.
pub(super) fn to_index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
