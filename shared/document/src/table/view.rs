//! Reading the table: items as they stand, and the history of a change.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Action, ChangeIndex, ITEMS, META, ObjectIndex, OpIndex, Slot, Standing, Table};
use crate::{Item, Op, OpKind, OpSource, Origin, Scalar, Version};

/// Most replaced values that an op of the history lists.
const MAX_REPLACED: usize = 8;

impl Table {
    pub(crate) fn item(&self, id: &str) -> Option<Item> {
        let slot = self.objects[ITEMS as usize].keys.get(id)?;
        self.map_in(slot).map(|object| self.read(object, id))
    }

    pub(crate) fn item_ids(&self) -> impl Iterator<Item = &str> {
        let maps = self.objects[ITEMS as usize].keys.iter().filter(|(_, slot)| self.map_in(slot).is_some());
        maps.map(|(key, _)| &**key)
    }

    pub(crate) fn meta(&self) -> Item {
        self.read(META, "meta")
    }

    /// Recursion ends where the guard ends nesting.
    fn read(&self, object: ObjectIndex, id: &str) -> Item {
        let object = &self.objects[object as usize];
        let mut fields = BTreeMap::new();
        let mut children = BTreeMap::new();
        for (key, slot) in &object.keys {
            let versions: Vec<Version> = self.live(slot).filter_map(|op| self.version(op)).collect();
            if !versions.is_empty() {
                fields.insert(key.to_string(), versions);
            }
            if let Some(map) = self.map_in(slot) {
                children.insert(key.to_string(), self.read(map, key));
            }
        }
        let born = object.made_by.and_then(|op| self.source(op));
        Item { id: id.to_owned(), fields, children, born }
    }

    /// What stands at a key, the winner first: the highest counter, and of equal ones the highest actor.
    fn live(&self, slot: &Slot) -> impl Iterator<Item = OpIndex> {
        let mut live = slot.live.clone();
        live.sort_by_cached_key(|op| Reverse(self.op_id(*op)));
        live.into_iter()
    }

    fn map_in(&self, slot: &Slot) -> Option<ObjectIndex> {
        self.live(slot).find_map(|op| match self.ops[op as usize].action {
            Action::Make(object) => Some(object),
            Action::Put(_) | Action::Delete => None,
        })
    }

    fn version(&self, op: OpIndex) -> Option<Version> {
        let Action::Put(value) = &self.ops[op as usize].action else { return None };
        Some(Version { value: value.clone(), source: self.source(op)? })
    }

    /// None for the ops of genesis, which nobody wrote.
    fn source(&self, op: OpIndex) -> Option<OpSource> {
        let change = &self.changes[self.ops[op as usize].change as usize];
        let offset = op - change.first_op;
        let origin = match change.standing {
            Standing::Genesis => return None,
            Standing::Committed { k, place, stamp } => Origin::Committed { k, place: place + offset, stamp },
            Standing::Pending { n } => Origin::Pending { n },
        };
        let device = self.actors[change.actor as usize].device;
        Some(OpSource { device, origin, counter: change.start_op + u64::from(offset) })
    }

    /// The ops of a change, in order.
    pub(crate) fn history(&self, change: ChangeIndex) -> Vec<Op> {
        let change = &self.changes[change as usize];
        (change.first_op..change.first_op + change.op_count).filter_map(|op| self.told(op)).collect()
    }

    fn told(&self, op: OpIndex) -> Option<Op> {
        let row = &self.ops[op as usize];
        let (path, item) = self.path(row.object, &row.key);
        let kind = match &row.action {
            Action::Make(_) => OpKind::Make,
            Action::Put(value) => OpKind::Put(value.clone()),
            Action::Delete => OpKind::Delete,
        };
        let mut preds = row.preds.clone();
        preds.sort_by_cached_key(|pred| Reverse(self.op_id(*pred)));
        let values = preds.iter().filter_map(|pred| match &self.ops[*pred as usize].action {
            Action::Put(value) => Some(value),
            Action::Make(_) | Action::Delete => None,
        });
        let replaced: Vec<Scalar> = values.take(MAX_REPLACED).cloned().collect();
        Some(Op { path, item, kind, source: self.source(op)?, replaced })
    }

    /// The keys from the root, and the item's id when the path leads into `items`.
    fn path(&self, object: ObjectIndex, key: &str) -> (Vec<String>, Option<String>) {
        let mut path = vec![key.to_owned()];
        let mut at = object;
        let mut item = (at == ITEMS).then(|| key.to_owned());
        while let Some(made_by) = self.objects[at as usize].made_by {
            let row = &self.ops[made_by as usize];
            path.push(row.key.to_string());
            at = row.object;
            if at == ITEMS {
                item = Some(row.key.to_string());
            }
        }
        path.reverse();
        (path, item)
    }
}

/// The ids of the items that `ops` are on.
pub(crate) fn touched(ops: &[Op]) -> BTreeSet<String> {
    ops.iter().filter_map(|op| op.item.clone()).collect()
}
