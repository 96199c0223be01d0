//! Between an op's name in a chunk and its index here.

use super::{Action, ChangeIndex, OpIndex, ROOT, Table};
use crate::chunk::{ChunkAction, ChunkId, ChunkOp, NewChange, write};

impl Table {
    /// The op of that name.
    pub(super) fn op_index(&self, id: &ChunkId) -> Option<OpIndex> {
        let changes = &self.actor(&id.actor)?.changes;
        let after = changes.partition_point(|index| self.changes[*index as usize].start_op <= id.counter);
        let change = &self.changes[changes[after.checked_sub(1)?] as usize];
        let offset = u32::try_from(id.counter - change.start_op).ok()?;
        (offset < change.op_count).then(|| change.first_op + offset)
    }

    pub(super) fn op_id(&self, op: OpIndex) -> ChunkId {
        let change = &self.changes[self.ops[op as usize].change as usize];
        let counter = change.start_op + u64::from(op - change.first_op);
        ChunkId { counter, actor: self.actors[change.actor as usize].id }
    }

    /// The chunk of a change, the same bytes as it came in: that is what rule 7 of the guard ensures.
    pub(crate) fn chunk(&self, index: ChangeIndex) -> Vec<u8> {
        let change = &self.changes[index as usize];
        let mut deps: Vec<[u8; 32]> =
            change.deps.iter().map(|dep| self.changes[*dep as usize].hash).collect();
        deps.sort_unstable();
        let ops: Vec<ChunkOp> =
            (change.first_op..change.first_op + change.op_count).map(|op| self.chunk_op(op)).collect();
        write(NewChange {
            deps: &deps,
            actor: self.actors[change.actor as usize].id,
            seq: u64::from(change.seq),
            start_op: change.start_op,
            ops: &ops,
        })
    }

    fn chunk_op(&self, op: OpIndex) -> ChunkOp {
        let row = &self.ops[op as usize];
        ChunkOp {
            obj: if row.object == ROOT {
                None
            } else {
                self.objects[row.object as usize].made_by.map(|made_by| self.op_id(made_by))
            },
            key: row.key.clone(),
            action: match &row.action {
                Action::Make(_) => ChunkAction::Make,
                Action::Put(value) => ChunkAction::Put(value.clone()),
                Action::Delete => ChunkAction::Delete,
            },
            pred: row.preds.iter().map(|pred| self.op_id(*pred)).collect(),
        }
    }
}
