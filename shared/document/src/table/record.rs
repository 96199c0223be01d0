//! Adding a change to the table, and taking the newest one off again.

use super::draft::to_index;
use super::{Action, Actor, ActorIndex, Change, ChangeIndex, Clock, Object, OpIndex, OpRow, Standing, Table};
use crate::DeviceNumber;

/// A change whose names are indexes into the table that it was drafted on. It is recorded before anything else is.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(super) hash: [u8; 32],
    pub(super) actor: [u8; 16],
    pub(super) start_op: u64,
    pub(super) deps: Vec<ChangeIndex>,
    pub(super) clock: Clock,
    pub(super) ops: Vec<OpRow>,
}

impl Table {
    /// A table that holds the root and nothing else.
    pub(crate) fn empty() -> Self {
        Self { objects: vec![Object::default()], ..Self::default() }
    }

    pub(crate) fn record(
        &mut self,
        resolved: Resolved,
        device: DeviceNumber,
        incarnation: u64,
        standing: Standing,
    ) -> ChangeIndex {
        let Resolved { hash, actor, start_op, deps, mut clock, ops } = resolved;
        let index = to_index(self.changes.len());
        let actor = self.actor_for(actor, device, incarnation);
        let of_actor = &mut self.actors[actor as usize].changes;
        of_actor.push(index);
        let seq = to_index(of_actor.len());
        if clock.len() <= actor as usize {
            clock.resize(actor as usize + 1, 0);
        }
        clock[actor as usize] = seq;

        for dep in &deps {
            let dep = &mut self.changes[*dep as usize];
            dep.children += 1;
            self.heads.remove(&dep.hash);
        }
        self.heads.insert(hash);
        self.by_hash.insert(hash, index);
        let first_op = to_index(self.ops.len());
        let op_count = to_index(ops.len());
        let change =
            Change { hash, actor, seq, start_op, first_op, op_count, standing, deps, children: 0, clock };
        self.changes.push(change);
        if let Standing::Pending { .. } = standing {
            self.pending.insert(index);
        }
        for row in ops {
            self.record_op(row);
        }
        index
    }

    fn actor_for(&mut self, id: [u8; 16], device: DeviceNumber, incarnation: u64) -> ActorIndex {
        let next = to_index(self.actors.len());
        let index = *self.actor_index.entry(id).or_insert(next);
        if index == next {
            self.actors.push(Actor { id, device, incarnation, changes: Vec::new() });
        }
        index
    }

    fn record_op(&mut self, row: OpRow) {
        let index = to_index(self.ops.len());
        for pred in &row.preds {
            self.ops[*pred as usize].succs.push(index);
        }
        if let Action::Make(_) = row.action {
            let depth = self.objects[row.object as usize].depth + 1;
            self.objects.push(Object { made_by: Some(index), depth, ..Object::default() });
        }
        let slot = self.objects[row.object as usize].keys.entry(row.key.clone()).or_default();
        slot.live.retain(|op| !row.preds.contains(op));
        if !matches!(row.action, Action::Delete) {
            slot.ops.push(index);
            slot.live.push(index);
        }
        self.ops.push(row);
    }

    /// Takes changes off, newest first, until `count` are left.
    pub(crate) fn truncate(&mut self, count: usize) {
        while self.changes.len() > count
            && let Some(change) = self.changes.pop()
        {
            while self.ops.len() > change.first_op as usize
                && let Some(row) = self.ops.pop()
            {
                self.forget_op(&row, to_index(self.ops.len()));
            }
            self.pending.remove(&to_index(self.changes.len()));
            self.by_hash.remove(&change.hash);
            self.heads.remove(&change.hash);
            for dep in &change.deps {
                let dep = &mut self.changes[*dep as usize];
                dep.children -= 1;
                if dep.children == 0 {
                    self.heads.insert(dep.hash);
                }
            }
            let actor = &mut self.actors[change.actor as usize];
            actor.changes.pop();
            // An actor comes with its first change, so without any it is the last of the list.
            if actor.changes.is_empty() {
                self.actor_index.remove(&actor.id);
                self.actors.pop();
            }
        }
    }

    fn forget_op(&mut self, row: &OpRow, index: OpIndex) {
        if let Action::Make(_) = row.action {
            self.objects.pop();
        }
        for pred in &row.preds {
            self.ops[*pred as usize].succs.retain(|op| *op != index);
        }
        let keys = &mut self.objects[row.object as usize].keys;
        let Some(slot) = keys.get_mut(&row.key) else { return };
        slot.ops.retain(|op| *op != index);
        slot.live.retain(|op| *op != index);
        slot.live.extend(row.preds.iter().filter(|pred| self.ops[**pred as usize].succs.is_empty()));
        if slot.ops.is_empty() {
            keys.remove(&row.key);
        }
    }
}
