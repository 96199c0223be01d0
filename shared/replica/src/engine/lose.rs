//! Losing a class: everything of it goes, keys too; what a person wrote and nobody has yet goes to the drawer.

use kith_document::DocumentName;
use kith_protocol::Stream;

use crate::cbor::{from_bytes, to_bytes};
use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::keys::stream_of;
use crate::listing::RowKey;
use crate::output::{Notice, RowChange};
use crate::port::Batch;
use crate::record::{DrawerEntry, DrawerReason, StoredStanding};
use crate::sabotage::{Safeguard, is_off};

impl Member {
    /// Deletes what an earlier loss of a class left, because the app went down between the two.
    pub async fn lose_the_lost(&mut self) -> Result<(), Trouble> {
        let lost: Vec<Stream> = self.lanes.keys().copied().filter(|stream| !self.may_read(*stream)).collect();
        for stream in lost {
            self.lose(stream).await?;
        }
        Ok(())
    }

    /// Deletes everything of a class that this device may not read any more. What waited goes to the drawer.
    pub(super) async fn lose(&mut self, stream: Stream) -> Result<(), Trouble> {
        if is_off(Safeguard::Loss) {
            return Ok(());
        }
        let mut batch = Batch::default();
        let mut rows = Vec::new();
        for (key, value) in self.port.scan(self.keys.of_stream("at", stream)).await? {
            batch.delete(key);
            let standing = from_bytes::<StoredStanding>(&value).unwrap_or_default();
            for RowKey { list, key } in standing.rows {
                batch.delete(self.keys.row(&list, &key));
                rows.push(RowChange { list, key, previous_key: None, row: None });
            }
        }
        for kind in ["chg", "snap", "inc", "edit"] {
            for (key, _) in self.port.scan(self.keys.of_stream(kind, stream)).await? {
                batch.delete(key);
            }
        }
        for prefix in [self.keys.raws(stream), self.keys.asides(stream)] {
            for (key, _) in self.port.scan(prefix).await? {
                batch.delete(key);
            }
        }
        batch.delete(self.keys.cursor(stream));
        let lane = self.lanes.remove(&stream).unwrap_or_else(|| Lane::new(stream));
        for device_seq in lane.outbox.keys() {
            batch.delete(self.keys.sealed(stream, *device_seq));
        }
        let (mut drawer, why) = (self.next_drawer, DrawerReason::NoRight);
        for (n, edit) in lane.pending {
            batch.delete(self.keys.pending(stream, n));
            let entry = DrawerEntry { script: edit.script, written_at: edit.written_at, why };
            if !is_off(Safeguard::Drawer) {
                batch.put(self.keys.drawer(drawer), to_bytes(&entry));
                drawer += 1;
            }
        }
        self.keyring.forget(stream);
        batch.put(self.keys.keyring(), self.keyring.to_bytes().to_vec());
        self.documents.drop_where(|name: &DocumentName| stream_of(name) == Some(stream));
        self.write(batch).await?;
        if drawer > self.next_drawer {
            self.in_drawer += usize::try_from(drawer - self.next_drawer).unwrap_or(usize::MAX);
            self.next_drawer = drawer;
            self.port.notice(Notice::Drawer);
        }
        self.port.notice(Notice::Lost(stream));
        if !rows.is_empty() {
            self.port.notice(Notice::Rows(rows));
        }
        Ok(())
    }
}
