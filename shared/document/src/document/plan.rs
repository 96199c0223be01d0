//! From a script's paths to a change's ops.
//!
//! The ops are not left to an Automerge transaction: choosing one of several values that stand would there delete only
//! the others, which rule 6 of the guard calls void (docs/adr/0021).

use std::sync::Arc;

use super::EditError;
use crate::chunk::{ChunkAction, ChunkOp};
use crate::guard::{MAX_DEPTH, check_key};
use crate::table::{Draft, ITEMS, META, ObjectIndex, Table};
use crate::{Scalar, Step};

/// The ops of a script on top of everything in the table, in order.
pub(super) fn plan(
    table: &Table,
    actor: [u8; 16],
    start_op: u64,
    steps: &[Step],
) -> Result<Vec<ChunkOp>, EditError> {
    let heads =
        table.heads().filter_map(|hash| table.change_by_hash(&hash).map(|(index, _)| index)).collect();
    let mut plan = Plan { draft: Draft::new(table, actor, start_op, heads), ops: Vec::new() };
    for step in steps {
        plan.step(step)?;
    }
    Ok(plan.ops)
}

struct Plan<'a> {
    draft: Draft<'a>,
    ops: Vec<ChunkOp>,
}

impl Plan<'_> {
    fn step(&mut self, step: &Step) -> Result<(), EditError> {
        let path = step.path();
        let (object, key) = self.find(path)?;
        let visible = self.draft.visible(object, &key);
        let holds_map = self.draft.map_of(&visible).is_some();
        let other_kind = || EditError::OtherKind(path.to_vec());
        let action = match step {
            Step::Make { .. } if holds_map => return Ok(()),
            Step::Make { .. } if !visible.is_empty() => return Err(other_kind()),
            Step::Make { .. } if path.len() > MAX_DEPTH => return Err(EditError::Path),
            Step::Make { .. } => ChunkAction::Make,
            // An item is a map: a value in its place would be no item.
            Step::Put { .. } if holds_map || object == ITEMS => return Err(other_kind()),
            Step::Put { value, .. } if self.stands_alone(&visible, value) => return Ok(()),
            Step::Put { value, .. } => ChunkAction::Put(value.clone()),
            Step::Delete { .. } if holds_map => return Err(other_kind()),
            Step::Delete { .. } if visible.is_empty() => return Ok(()),
            Step::Delete { .. } => ChunkAction::Delete,
        };
        let pred = visible.iter().map(|op| self.draft.id(*op)).collect();
        self.draft.push(object, &key, &action, visible);
        self.ops.push(ChunkOp { obj: self.draft.object_id(object), key, action, pred });
        Ok(())
    }

    fn stands_alone(&self, visible: &[u32], value: &Scalar) -> bool {
        matches!(visible, [only] if self.draft.value_of(*only) == Some(value))
    }

    /// The map around a path's last key, and that key.
    fn find(&self, path: &[String]) -> Result<(ObjectIndex, Arc<str>), EditError> {
        let [root, between @ .., key] = path else { return Err(EditError::Path) };
        let mut object = match root.as_str() {
            "items" => ITEMS,
            "meta" => META,
            _ => return Err(EditError::Path),
        };
        for (at, key) in between.iter().enumerate() {
            let visible = self.draft.visible(object, &Arc::from(key.as_str()));
            let no_such_map = || EditError::NoSuchMap(path[..at + 2].to_vec());
            object = self.draft.map_of(&visible).ok_or_else(no_such_map)?;
        }
        let key = Arc::from(key.as_str());
        check_key(&key).map_err(|_| EditError::Path)?;
        Ok((object, key))
    }
}
