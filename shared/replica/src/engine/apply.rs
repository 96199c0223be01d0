//! The entries of one page for one document: own ones get their place, others' go through the guard.

use std::collections::BTreeSet;

use kith_document::{Arrival, DocumentName};
use kith_protocol::envelope::{Header, Plaintext, StreamEntry};
use kith_protocol::{DeviceNumber, Stream};

use crate::cbor::to_bytes;
use crate::engine::documents::{Loaded, loading};
use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::sheaf::{Sheaf, touched_by};
use crate::engine::trouble::Trouble;
use crate::keys::Keys;
use crate::record::StoredChanges;
use crate::sabotage::{Safeguard, is_off};

/// An opened entry on its way into a document.
pub(crate) struct Coming {
    pub k: u64,
    pub device: DeviceNumber,
    incarnation: u64,
    stamp: u64,
    changes: Vec<Vec<u8>>,
}

/// What applying left to be done.
#[derive(Default)]
pub(crate) struct Applied {
    /// The pending edits that have their place now.
    pub committed: Vec<u64>,
    /// What waits must be made anew.
    pub anew: bool,
    touched: BTreeSet<String>,
}

impl Coming {
    pub fn new(entry: &StreamEntry, header: &Header, plaintext: Plaintext) -> Self {
        let Plaintext { incarnation, changes, .. } = plaintext;
        Self { k: entry.k, device: header.device, incarnation, stamp: entry.stamp, changes }
    }

    fn arrival(&self) -> Arrival {
        let changes = self.changes.clone();
        Arrival {
            device: self.device.0,
            incarnation: self.incarnation,
            changes,
            k: self.k,
            stamp: self.stamp,
        }
    }

    /// As it is stored once it is part of the document.
    fn store(&self, keys: &Keys, name: &DocumentName, loaded: &mut Loaded, sheaf: &mut Sheaf) {
        let stored = StoredChanges {
            device: self.device.0,
            incarnation: self.incarnation,
            stamp: self.stamp,
            changes: self.changes.iter().map(|change| change.clone().into()).collect(),
        };
        sheaf.batch.put(keys.change(name, self.k), to_bytes(&stored));
        loaded.unsaved.push(self.k);
    }

    /// The pending edits that these very changes are, if all of them are.
    fn pending(&self, lane: &Lane, name: &DocumentName, loaded: &Loaded) -> Option<Vec<u64>> {
        let on_top: BTreeSet<u64> = loaded.document.pending().into_iter().collect();
        let mut waiting = lane.pending_of(name).filter(|(n, _)| on_top.contains(n));
        let found = self.changes.iter().map(|change| {
            waiting.find(|(_, edit)| edit.change == *change && edit.incarnation == self.incarnation)
        });
        found.map(|found| found.map(|(n, _)| n)).collect()
    }
}

impl Member {
    /// Applies what came for one document, in the order of the stream.
    pub async fn apply(
        &mut self,
        stream: Stream,
        name: &DocumentName,
        list: &[Coming],
        sheaf: &mut Sheaf,
    ) -> Result<Applied, Trouble> {
        let lane = self.lanes.entry(stream).or_insert_with(|| Lane::new(stream));
        let loading = loading!(self);
        let loaded = self.documents.load(&loading, name, lane.pending_of(name)).await?;
        let mut applied = Applied { anew: loaded.unfit, ..Applied::default() };
        for run in list.chunk_by(|a, b| (a.device == self.device) == (b.device == self.device)) {
            let own = run.first().is_some_and(|coming| coming.device == self.device);
            if !own {
                arrive(&self.keys, name, loaded, run, sheaf, &mut applied);
                continue;
            }
            for coming in run {
                let Some(edits) = coming.pending(lane, name, loaded) else {
                    // Written by this device, and not by this storage: it was restored or cloned.
                    arrive(&self.keys, name, loaded, std::slice::from_ref(coming), sheaf, &mut applied);
                    applied.anew = !is_off(Safeguard::CloneNotice);
                    continue;
                };
                // The ops of one entry make its history together, as they do on every other phone.
                let mut placed = Vec::new();
                for n in edits {
                    if let Some(edit) = lane.pending.get(&n) {
                        sheaf.forget_pending(&self.keys, name, n, &edit.script);
                    }
                    placed.extend(loaded.document.committed(n, coming.k, coming.stamp));
                    applied.committed.push(n);
                }
                applied.touched.extend(touched_by(&placed));
                sheaf.history(&self.keys, name, &placed);
                coming.store(&self.keys, name, loaded, sheaf);
            }
        }
        sheaf.relist(&self.port, &self.keys, &*self.listing, &loaded.document, &applied.touched).await?;
        Ok(applied)
    }
}

/// Others' entries, in one go. An entry that the guard voids counts in its stream and adds nothing.
fn arrive(
    keys: &Keys,
    name: &DocumentName,
    loaded: &mut Loaded,
    run: &[Coming],
    sheaf: &mut Sheaf,
    applied: &mut Applied,
) {
    let arrivals: Vec<Arrival> = run.iter().map(Coming::arrival).collect();
    for (coming, result) in run.iter().zip(loaded.document.arrive_many(&arrivals)) {
        let Ok(arrived) = result else { continue };
        sheaf.history(keys, name, &arrived.ops);
        applied.touched.extend(touched_by(&arrived.ops));
        applied.touched.extend(arrived.touched);
        applied.anew |= !arrived.withdrawn.is_empty();
        coming.store(keys, name, loaded, sheaf);
    }
}
