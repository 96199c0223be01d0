//! A local edit: one storage batch, then it is kept, whatever the network does.

use kith_document::{DocumentName, EditScript};
use rand_core::Rng;

use crate::cbor::{from_bytes, to_bytes};
use crate::engine::documents::loading;
use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::seal::LONGEST_CHANGE;
use crate::engine::sheaf::Sheaf;
use crate::engine::trouble::Trouble;
use crate::keys::stream_of;
use crate::output::{NotKept, Notice};
use crate::port::Batch;
use crate::record::{DrawerEntry, StoredPending};
use crate::sabotage::{Safeguard, is_off};

/// Why an edit was not kept: the edit's fault, or storage's.
enum Unkept {
    Edit(NotKept),
    Trouble(Trouble),
}

impl<T: Into<Trouble>> From<T> for Unkept {
    fn from(trouble: T) -> Self {
        Self::Trouble(trouble.into())
    }
}

impl Member {
    /// Keeps an edit and says so, or gives it back.
    pub async fn edit(&mut self, edit: u64, script: EditScript, written_at: u64) -> Result<(), Trouble> {
        self.edit_with(edit, script, written_at, Batch::default()).await
    }

    /// Makes a new edit of something in the drawer; it leaves the drawer in the same batch.
    pub async fn offer_again(&mut self, edit: u64, drawer: u64, now: u64) -> Result<(), Trouble> {
        let key = self.keys.drawer(drawer);
        let entry = self.port.read_one(key.clone()).await?;
        let Some(entry) = entry.and_then(|bytes| from_bytes::<DrawerEntry>(&bytes)) else { return Ok(()) };
        let mut batch = Batch::default();
        batch.delete(key);
        let before = self.in_drawer;
        self.in_drawer = before.saturating_sub(1);
        if !self.edit_inner(edit, entry.script, now, batch).await? {
            self.in_drawer = before;
            return Ok(());
        }
        self.port.notice(Notice::Drawer);
        Ok(())
    }

    /// Lets something in the drawer go.
    pub async fn discard(&mut self, drawer: u64) -> Result<(), Trouble> {
        let key = self.keys.drawer(drawer);
        if self.port.read_one(key.clone()).await?.is_some() {
            let mut batch = Batch::default();
            batch.delete(key);
            self.write(batch).await?;
            self.in_drawer = self.in_drawer.saturating_sub(1);
            self.port.notice(Notice::Drawer);
        }
        Ok(())
    }

    /// Loads a document that an edit may need next. What is wrong with it, that edit finds out and says.
    pub async fn prepare(&mut self, name: &DocumentName) {
        let Some(stream) = stream_of(name).filter(|stream| self.may_write(*stream)) else { return };
        let lane = self.lanes.entry(stream).or_insert_with(|| Lane::new(stream));
        let loading = loading!(self);
        let _unused = self.documents.load(&loading, name, lane.pending_of(name)).await;
    }

    async fn edit_with(
        &mut self,
        edit: u64,
        script: EditScript,
        at: u64,
        batch: Batch,
    ) -> Result<(), Trouble> {
        self.edit_inner(edit, script, at, batch).await.map(|_kept| ())
    }

    async fn edit_inner(
        &mut self,
        edit: u64,
        script: EditScript,
        written_at: u64,
        batch: Batch,
    ) -> Result<bool, Trouble> {
        if is_off(Safeguard::Stored) {
            self.port.notice(Notice::Kept { edit });
        }
        match self.keep(&script, written_at, batch).await {
            Ok(sheaf_rows) => {
                // What waits is told first: nothing that was only kept is ever called shared.
                self.publish();
                self.port.notice(Notice::Kept { edit });
                if !sheaf_rows.is_empty() {
                    self.port.notice(Notice::Rows(sheaf_rows));
                }
                Ok(true)
            }
            Err(Unkept::Edit(reason)) => {
                self.port.notice(Notice::NotKept { edit, script, reason });
                Ok(false)
            }
            Err(Unkept::Trouble(trouble)) => {
                let reason = NotKept::Storage(trouble.clone().into_storage());
                self.port.notice(Notice::NotKept { edit, script, reason });
                Err(trouble)
            }
        }
    }

    async fn keep(
        &mut self,
        script: &EditScript,
        written_at: u64,
        batch: Batch,
    ) -> Result<Vec<crate::output::RowChange>, Unkept> {
        let name = &script.document;
        let stream = stream_of(name).filter(|stream| self.may_write(*stream));
        let stream = stream.ok_or(Unkept::Edit(NotKept::NoRight))?;
        self.ready(stream, name).await?;
        let lane = self.lanes.entry(stream).or_insert_with(|| Lane::new(stream));
        let loading = loading!(self);
        let loaded = self.documents.load(&loading, name, lane.pending_of(name)).await?;
        let mut sheaf = Sheaf { batch, rows: Vec::new() };
        let incarnation = loaded.incarnation.unwrap_or_else(|| {
            let fresh = self.port.with_rng(Rng::next_u64);
            sheaf.batch.put(self.keys.incarnation(name), to_bytes(&fresh));
            fresh
        });
        let n = lane.next_pending;
        let edited = loaded
            .document
            .edit(self.device.0, incarnation, script, n)
            .map_err(|error| Unkept::Edit(NotKept::DoesNotFit(error.to_string())))?;
        // A script that changes nothing is kept already.
        let Some(edited) = edited else {
            self.write(sheaf.batch).await?;
            return Ok(Vec::new());
        };
        if edited.change.len() > LONGEST_CHANGE {
            // It could never be sealed; the document in memory has it, so that is let go.
            self.documents.drop(name);
            return Err(Unkept::Edit(NotKept::DoesNotFit("it is too long".into())));
        }
        let pending = StoredPending {
            document: name.clone(),
            incarnation,
            change: edited.change,
            script: script.clone(),
            written_at,
        };
        sheaf.batch.put(self.keys.pending(stream, n), to_bytes(&pending));
        sheaf.history(&self.keys, name, &edited.ops);
        let touched = crate::engine::sheaf::touched_by(&edited.ops);
        sheaf.relist(&self.port, &self.keys, &*self.listing, &loaded.document, &touched).await?;
        loaded.incarnation = Some(incarnation);
        lane.next_pending += 1;
        lane.pending.insert(n, pending);
        self.write(sheaf.batch).await?;
        Ok(sheaf.rows)
    }
}
