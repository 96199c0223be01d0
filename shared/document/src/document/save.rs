//! A document's stored form, and a document from it.

use std::collections::BTreeMap;

use automerge::Automerge;

use super::Document;
use crate::guard::{self, Scope};
use crate::snapshot::{SavedActor, SavedPlace, Snapshot, SnapshotError};
use crate::table::{Actor, Standing};
use crate::{ChangeChunk, actor};

impl Document {
    /// The committed document as bytes; None while anything is pending, because the save would hold it.
    pub fn snapshot(&mut self) -> Option<Vec<u8>> {
        if self.has_pending() || self.catch_up().is_err() {
            return None;
        }
        // The first actor is that of genesis, which every document starts with.
        let actors = self.table.actors().iter().skip(1).map(|actor| self.saved_actor(actor)).collect();
        let snapshot =
            Snapshot { name: self.name.clone(), circle: self.circle, actors, save: self.engine.save() };
        Some(snapshot.encode())
    }

    fn saved_actor(&self, actor: &Actor) -> SavedActor {
        let standings = actor.changes.iter().map(|index| self.table.changes()[*index as usize].standing);
        let places = standings.filter_map(|standing| match standing {
            Standing::Committed { k, place, stamp } => Some(SavedPlace { k, place, stamp }),
            Standing::Genesis | Standing::Pending { .. } => None,
        });
        SavedActor { device: actor.device, incarnation: actor.incarnation, places: places.collect() }
    }

    /// A document from what `snapshot` gave. Every change goes through the guard again, so that damaged or foreign
    /// bytes are found here and not later.
    pub fn load(snapshot: &[u8]) -> Result<Self, SnapshotError> {
        let snapshot = Snapshot::decode(snapshot)?;
        let saved = Automerge::load(&snapshot.save).map_err(|_| SnapshotError::Damaged)?;
        let mut document = Self::new(snapshot.name, snapshot.circle);
        let name = |by: &SavedActor| actor(&document.circle, by.device, &document.name, by.incarnation);
        let writers: BTreeMap<_, _> = snapshot.actors.iter().map(|by| (name(by), by)).collect();
        let mut changes = Vec::new();
        for change in saved.get_changes(&[]) {
            let chunk = ChangeChunk::read(change.raw_bytes()).map_err(|_| SnapshotError::Damaged)?;
            if chunk.actor == [0; 16] {
                continue;
            }
            let (by, place) = find(&writers, &chunk).ok_or(SnapshotError::Damaged)?;
            changes.push((place, by, chunk.actor, change));
        }
        changes.sort_by_key(|(SavedPlace { k, place, .. }, ..)| (*k, *place));
        for (SavedPlace { k, place, stamp }, by, actor, change) in changes {
            let resolved = guard::check(&document.table, change.raw_bytes(), &actor, Scope::Committed);
            let resolved = resolved.map_err(|_| SnapshotError::Damaged)?;
            let standing = Standing::Committed { k, place, stamp };
            let index = document.table.record(resolved, by.device, by.incarnation, standing);
            document.place(index, k, stamp);
        }
        let heads: Vec<[u8; 32]> = saved.get_heads().iter().map(|head| head.0).collect();
        document.engine = saved;
        if heads == document.heads() { Ok(document) } else { Err(SnapshotError::Damaged) }
    }
}

/// Where a change stands, by its actor's list.
fn find<'a>(
    writers: &BTreeMap<[u8; 16], &'a SavedActor>,
    chunk: &ChangeChunk,
) -> Option<(&'a SavedActor, SavedPlace)> {
    let by = *writers.get(&chunk.actor)?;
    let at = usize::try_from(chunk.seq.checked_sub(1)?).ok()?;
    Some((by, *by.places.get(at)?))
}
