//! A storage batch in the making, with the rows and the history that follow from a change of documents.

use std::collections::{BTreeMap, BTreeSet};

use kith_document::{Document, DocumentName, EditScript, Op, Origin};

use crate::cbor::{from_bytes, to_bytes};
use crate::input::StorageError;
use crate::keys::{Keys, PENDING_K};
use crate::listing::{Listing, RowKey};
use crate::output::RowChange;
use crate::port::{Batch, Port};
use crate::record::{StoredEdit, StoredRow, StoredStanding};

/// The id under which a document's `meta` map is listed. No item can have it: `~` is escaped in keys.
pub(crate) const META: &str = "meta";

/// What is written together, and what is told once it is written.
#[derive(Default)]
pub(crate) struct Sheaf {
    pub batch: Batch,
    pub rows: Vec<RowChange>,
}

impl Sheaf {
    /// Writes the history that `ops` make: one record for ops on one item that follow each other in an entry, one
    /// for all that a pending edit did to an item.
    pub fn history(&mut self, keys: &Keys, document: &DocumentName, ops: &[Op]) {
        let (waiting, placed): (Vec<&Op>, Vec<&Op>) =
            ops.iter().partition(|op| matches!(op.source.origin, Origin::Pending { .. }));
        let mut records: BTreeMap<(&str, u64, u64), Vec<&Op>> = BTreeMap::new();
        for op in waiting {
            let (k, n) = position(op);
            records.entry((item_of(op), k, n)).or_default().push(op);
        }
        for run in placed.chunk_by(|a, b| item_of(a) == item_of(b) && position(a).0 == position(b).0) {
            let Some(first) = run.first() else { continue };
            let (k, place) = position(first);
            records.insert((item_of(first), k, place), run.to_vec());
        }
        for ((item, k, place), ops) in records {
            let Some(source) = ops.first().map(|op| op.source) else { continue };
            let stamp = match source.origin {
                Origin::Committed { stamp, .. } => Some(stamp),
                Origin::Pending { .. } => None,
            };
            let ops = ops.into_iter().cloned().collect();
            let edit = StoredEdit { device: source.device, stamp, ops };
            self.batch.put(keys.edit(document, item, k, place), to_bytes(&edit));
        }
    }

    /// Takes the history of pending edit `n` away, because it got its place or was withdrawn.
    pub fn forget_pending(&mut self, keys: &Keys, document: &DocumentName, n: u64, script: &EditScript) {
        for item in items_of(script) {
            self.batch.delete(keys.edit(document, &item, PENDING_K, n));
        }
    }

    /// Brings the rows of the `touched` items up to date. Reads where they stood; a later row of the same item
    /// in this sheaf must come in the same call.
    pub async fn relist(
        &mut self,
        port: &Port,
        keys: &Keys,
        listing: &dyn Listing,
        document: &Document,
        touched: &BTreeSet<String>,
    ) -> Result<(), StorageError> {
        let name = document.name();
        let standing_keys = touched.iter().map(|item| keys.standing(name, item)).collect();
        let standings = port.read(standing_keys).await?;
        for (item_id, standing) in touched.iter().zip(standings) {
            let before: Vec<RowKey> = standing
                .and_then(|bytes| from_bytes::<StoredStanding>(&bytes))
                .map(|standing| standing.rows)
                .unwrap_or_default();
            let item = if item_id == META { Some(document.meta()) } else { document.item(item_id) };
            let after = item.as_ref().map(|item| listing.rows(name, item)).unwrap_or_default();
            let row = item.map(|item| StoredRow { document: name.clone(), item });
            self.place(keys, &before, &after, row.as_ref());
            if before != after {
                let key = keys.standing(name, item_id);
                if after.is_empty() {
                    self.batch.delete(key);
                } else {
                    self.batch.put(key, to_bytes(&StoredStanding { rows: after }));
                }
            }
        }
        Ok(())
    }

    fn place(&mut self, keys: &Keys, before: &[RowKey], after: &[RowKey], row: Option<&StoredRow>) {
        let mut gone: BTreeMap<&str, Vec<&RowKey>> = BTreeMap::new();
        for old in before.iter().filter(|old| !after.contains(old)) {
            self.batch.delete(keys.row(&old.list, &old.key));
            gone.entry(&old.list).or_default().push(old);
        }
        let bytes = row.map(to_bytes);
        for new in after {
            let moved = !before.contains(new);
            let previous = if moved { gone.get_mut(new.list.as_str()).and_then(Vec::pop) } else { None };
            self.batch.put(keys.row(&new.list, &new.key), bytes.clone().unwrap_or_default());
            self.rows.push(RowChange {
                list: new.list.clone(),
                key: new.key.clone(),
                previous_key: previous.map(|old| old.key.clone()),
                row: row.cloned(),
            });
        }
        for old in gone.into_values().flatten() {
            let (list, key) = (old.list.clone(), old.key.clone());
            self.rows.push(RowChange { list, key, previous_key: None, row: None });
        }
    }
}

fn item_of(op: &Op) -> &str {
    op.item.as_deref().unwrap_or(META)
}

fn position(op: &Op) -> (u64, u64) {
    match op.source.origin {
        Origin::Committed { k, place, .. } => (k, u64::from(place)),
        Origin::Pending { n } => (PENDING_K, n),
    }
}

/// The items that a script is about.
pub(crate) fn items_of(script: &EditScript) -> BTreeSet<String> {
    script.steps.iter().filter_map(|step| item_at(step.path())).collect()
}

/// The items that ops touched, `meta` among them.
pub(crate) fn touched_by(ops: &[Op]) -> BTreeSet<String> {
    ops.iter().map(|op| item_of(op).to_owned()).collect()
}

fn item_at(path: &[String]) -> Option<String> {
    match path {
        [root, item, ..] if root == "items" => Some(item.clone()),
        [root, ..] if root == "meta" => Some(META.to_owned()),
        _ => None,
    }
}
