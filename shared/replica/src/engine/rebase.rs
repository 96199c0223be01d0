//! Pending edits made anew on what is committed; what no longer applies goes to the drawer, never away.

use std::collections::BTreeSet;

use kith_document::DocumentName;
use kith_protocol::Stream;
use rand_core::Rng;

use crate::cbor::to_bytes;
use crate::engine::documents::loading;
use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::sheaf::{Sheaf, items_of, touched_by};
use crate::engine::trouble::Trouble;
use crate::output::Notice;
use crate::record::{DrawerEntry, DrawerReason, StoredPending};
use crate::sabotage::{Safeguard, is_off};

impl Member {
    /// Makes a document ready for edits: a document whose own pending edits did not go on top is rebased first.
    pub async fn ready(&mut self, stream: Stream, name: &DocumentName) -> Result<(), Trouble> {
        let lane = self.lanes.entry(stream).or_insert_with(|| Lane::new(stream));
        let loading = loading!(self);
        if self.documents.load(&loading, name, lane.pending_of(name)).await?.unfit {
            self.rebase(stream, name).await?;
        }
        Ok(())
    }

    /// Rebases every document of a stream that has pending edits.
    pub async fn rebase_stream(&mut self, stream: Stream) -> Result<(), Trouble> {
        let pending = self.lanes.get(&stream).into_iter().flat_map(|lane| lane.pending.values());
        let names: BTreeSet<DocumentName> = pending.map(|edit| edit.document.clone()).collect();
        for name in names {
            self.rebase(stream, &name).await?;
        }
        Ok(())
    }

    /// Makes the pending edits of one document anew under a new incarnation. Envelopes of this stream that the
    /// server has not taken are thawed: what is in them waits again.
    pub async fn rebase(&mut self, stream: Stream, name: &DocumentName) -> Result<(), Trouble> {
        let allowed = self.may_write(stream);
        let forbidden = if self.closed() { DrawerReason::Closed } else { DrawerReason::NoRight };
        self.documents.drop(name);
        let lane = self.lanes.entry(stream).or_insert_with(|| Lane::new(stream));
        let loading = loading!(self);
        let loaded = self.documents.load(&loading, name, std::iter::empty()).await?;
        let mut sheaf = Sheaf::default();
        let incarnation = self.port.with_rng(Rng::next_u64);
        sheaf.batch.put(self.keys.incarnation(name), to_bytes(&incarnation));
        loaded.incarnation = Some(incarnation);
        for device_seq in std::mem::take(&mut lane.outbox).into_keys() {
            sheaf.batch.delete(self.keys.sealed(stream, device_seq));
        }
        let mut touched = BTreeSet::new();
        let mut drawer = 0;
        let waiting: Vec<(u64, StoredPending)> =
            lane.pending_of(name).map(|(n, edit)| (n, edit.clone())).collect();
        for (n, mut edit) in waiting {
            sheaf.forget_pending(&self.keys, name, n, &edit.script);
            touched.extend(items_of(&edit.script));
            let made = if is_off(Safeguard::Scripts) {
                Ok(None)
            } else if allowed {
                loaded
                    .document
                    .edit(self.device.0, incarnation, &edit.script, n)
                    .map_err(|_| DrawerReason::DoesNotFit)
            } else {
                Err(forbidden)
            };
            let key = self.keys.pending(stream, n);
            match made {
                Ok(Some(edited)) => {
                    sheaf.history(&self.keys, name, &edited.ops);
                    touched.extend(touched_by(&edited.ops));
                    (edit.incarnation, edit.change) = (incarnation, edited.change);
                    sheaf.batch.put(key, to_bytes(&edit));
                    lane.pending.insert(n, edit);
                }
                // Somebody else made the same change meanwhile.
                Ok(None) => {
                    sheaf.batch.delete(key);
                    lane.pending.remove(&n);
                }
                Err(why) => {
                    sheaf.batch.delete(key);
                    lane.pending.remove(&n);
                    let entry = DrawerEntry { script: edit.script, written_at: edit.written_at, why };
                    if !is_off(Safeguard::Drawer) {
                        sheaf.batch.put(self.keys.drawer(self.next_drawer + drawer), to_bytes(&entry));
                        drawer += 1;
                    }
                }
            }
        }
        sheaf.relist(&self.port, &self.keys, &*self.listing, &loaded.document, &touched).await?;
        self.write(sheaf.batch).await?;
        self.next_drawer += drawer;
        self.in_drawer += usize::try_from(drawer).unwrap_or(usize::MAX);
        if !sheaf.rows.is_empty() {
            self.port.notice(Notice::Rows(sheaf.rows));
        }
        if drawer > 0 {
            self.port.notice(Notice::Drawer);
        }
        Ok(())
    }
}
