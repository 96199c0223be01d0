//! Entries that a transaction has taken and not yet written: they are written together when it ends, so that a store
//! can do that in as few steps as it has.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kith_protocol::{CircleId, DeviceNumber, Hash, Stream};

use super::Transaction;
use crate::store::{
    Circle, StoreError,
    cache::Cache,
    row::{EntryRow, KnownRow},
    rows::Rows,
};

/// What has been taken, and what has been looked up.
#[derive(Default)]
pub(super) struct FreshRows {
    entries: Vec<(CircleId, EntryRow)>,
    known: BTreeMap<(CircleId, Stream, DeviceNumber, u64), KnownRow>,
    chains: BTreeMap<(CircleId, Stream, u64), Hash>,
}

/// What is left to be written at the end of a transaction: entries, and the rows of the circles that changed.
pub(in crate::store) struct Writes {
    pub(in crate::store) entries: Vec<(CircleId, EntryRow)>,
    pub(in crate::store) circles: Vec<Arc<Circle>>,
    gone: BTreeSet<CircleId>,
}

impl Writes {
    pub(in crate::store) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.circles.is_empty()
    }

    /// Writes it all, row by row; the store commits next.
    pub(in crate::store) async fn write(&self, rows: &mut impl Rows) -> Result<(), StoreError> {
        for (circle, row) in &self.entries {
            rows.put_entry(*circle, row).await?;
        }
        for circle in &self.circles {
            rows.save(circle.id(), &circle.row).await?;
        }
        Ok(())
    }

    /// Once it is committed: what is cached is how things are.
    pub(in crate::store) fn publish(&self, cache: &Cache) {
        for circle in &self.gone {
            cache.forget(*circle);
        }
        for circle in &self.circles {
            cache.put(circle);
        }
    }
}

impl<R: Rows> Transaction<'_, R> {
    pub(super) fn put_entry(&mut self, circle: CircleId, row: EntryRow) {
        let EntryRow { stream, k, device, device_seq, access_seq, stamp, chain, hash, .. } = row;
        let known = KnownRow { k, access_seq, stamp, chain, hash };
        self.fresh.known.insert((circle, stream, device, device_seq), known);
        self.fresh.chains.insert((circle, stream, k), chain);
        self.fresh.entries.push((circle, row));
    }

    pub(super) async fn known_row(
        &mut self,
        circle: CircleId,
        stream: Stream,
        device: DeviceNumber,
        device_seq: u64,
    ) -> Result<Option<KnownRow>, StoreError> {
        match self.fresh.known.get(&(circle, stream, device, device_seq)) {
            Some(row) => Ok(Some(*row)),
            None => self.rows.known(circle, stream, device, device_seq).await,
        }
    }

    /// The chain at an entry; what a whole batch has seen is looked up once.
    pub(super) async fn chain_at(
        &mut self,
        circle: CircleId,
        stream: Stream,
        k: u64,
    ) -> Result<Option<Hash>, StoreError> {
        if let Some(chain) = self.fresh.chains.get(&(circle, stream, k)) {
            return Ok(Some(*chain));
        }
        let found = self.rows.chain_at(circle, stream, k).await?;
        if let Some(chain) = found {
            self.fresh.chains.insert((circle, stream, k), chain);
        }
        Ok(found)
    }

    /// Writes what was taken so far, for a step that works on the rows themselves.
    pub(super) async fn write_entries(&mut self) -> Result<(), StoreError> {
        for (circle, row) in std::mem::take(&mut self.fresh.entries) {
            self.rows.put_entry(circle, &row).await?;
        }
        Ok(())
    }

    /// What is left to write; the store does that, commits, and then publishes.
    pub(in crate::store) fn finish(self) -> Writes {
        let changed = self.touched.into_values().filter(|touched| touched.changed);
        let circles = changed.map(|touched| touched.circle).collect();
        Writes { entries: self.fresh.entries, circles, gone: self.gone }
    }
}
