//! Membership as it arrives: verified records first, then what follows for classes, keys, wishes and names.

use std::collections::BTreeSet;

use kith_document::DocumentName;
use kith_protocol::access::{AccessLog, Standing};
use kith_protocol::message::Access;
use kith_protocol::receive::{Park, ServerFault, receive_access};
use kith_protocol::{MemberNumber, Party, Role, Stream, Wrap, WrapSubject};

use crate::cbor::{from_bytes, to_bytes};
use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::listing::RowKey;
use crate::output::{Notice, RowChange};
use crate::port::Batch;
use crate::record::{DrawerEntry, DrawerReason, StoredFault, StoredStanding};

impl Member {
    /// A page of the access stream.
    pub async fn take_access(&mut self, page: Access) -> Result<(), Trouble> {
        let before = self.log.clone();
        let standing = self.standing();
        let (mut log, mut batch) = (self.log.clone(), Batch::default());
        let (mut taken, mut fault) = (Vec::new(), None);
        for (n, record) in (page.from..).zip(&page.records) {
            if n <= log.head() {
                continue;
            }
            match receive_access(&mut log, record) {
                Ok(None) => {
                    batch.put(self.keys.access(n), record.encode());
                    taken.push(&record.signed);
                }
                Ok(Some(_newer)) => {
                    self.newer = true;
                    break;
                }
                Err(found) => {
                    fault = Some((n, found, record.encode()));
                    break;
                }
            }
        }
        if !taken.is_empty() {
            self.network.progress = true;
            self.log = log;
            for signed in taken {
                self.accepted(signed);
            }
            batch.put(self.keys.access_log(), self.log.to_bytes());
            batch.put(self.keys.keyring(), self.keyring.to_bytes().to_vec());
            self.write(batch).await?;
            self.after_access(&before, standing).await?;
        }
        if let Some((n, fault, bytes)) = fault {
            return self.halt(Stream::Access, n, &fault, &bytes).await;
        }
        if page.more && !self.newer {
            self.more.insert(Stream::Access);
        }
        Ok(())
    }

    /// What follows from a longer access stream.
    async fn after_access(&mut self, before: &AccessLog, was: Standing) -> Result<(), Trouble> {
        let (old, new): (BTreeSet<Stream>, BTreeSet<Stream>) = (
            before.streams_of(self.device).into_iter().collect(),
            self.log.streams_of(self.device).into_iter().collect(),
        );
        self.port.notice(Notice::Access);
        let now = self.standing();
        for stream in old.difference(&new).filter(|stream| **stream != Stream::Access) {
            self.lose(*stream).await?;
        }
        for stream in new.difference(&old).filter(|stream| **stream != Stream::Access) {
            self.lane(*stream).parked = None;
            self.more.insert(*stream);
            self.port.notice(Notice::Gained(*stream));
        }
        for (stream, lane) in &mut self.lanes {
            if matches!(lane.parked, Some(Park::Access(a)) if a <= self.log.head()) {
                lane.parked = None;
                self.more.insert(*stream);
            }
        }
        self.settle().await?;
        let unwritable: Vec<Stream> = self
            .lanes
            .iter()
            .filter(|(stream, lane)| !lane.pending.is_empty() && !self.may_write(**stream))
            .map(|(stream, _)| *stream)
            .collect();
        for stream in unwritable {
            self.rebase_stream(stream).await?;
        }
        if was == Standing::Pending && now == Standing::Active {
            self.port.notice(Notice::Admitted);
        }
        if self.ended() && matches!(was, Standing::Pending | Standing::Active) {
            self.drop_intents().await?;
            self.port.notice(Notice::Removed);
        }
        Ok(())
    }

    /// Keys and names that were sealed for this device, or for the invitation it joined by.
    pub async fn take_wraps(&mut self, wraps: &[Wrap]) -> Result<(), Trouble> {
        let (mut batch, mut keys) = (Batch::default(), false);
        let invitation = self.link.as_ref().map(|link| (Party::Invitation(link.id), link.secret.secrets()));
        for wrap in wraps {
            if let WrapSubject::Name(member) = wrap.subject {
                self.take_name(member, wrap, &mut batch);
                continue;
            }
            let own = Party::Device(self.device);
            // A wrap that does not open, or whose key is not the one that was agreed on, is as good as missing.
            let taken = match &invitation {
                Some((party, secrets)) if wrap.recipient == *party => {
                    self.keyring.take_wrap(&self.log, wrap, *party, secrets)
                }
                _ => self.keyring.take_wrap(&self.log, wrap, own, &self.secrets),
            };
            keys |= taken.is_ok();
        }
        if keys {
            batch.put(self.keys.keyring(), self.keyring.to_bytes().to_vec());
            for (stream, lane) in &mut self.lanes {
                if let Some(Park::NoKey(_, epoch)) = lane.parked
                    && self.keyring.key(*stream, epoch).is_some()
                {
                    lane.parked = None;
                    self.more.insert(*stream);
                }
            }
        }
        self.write(batch).await
    }

    fn take_name(&mut self, member: MemberNumber, wrap: &Wrap, batch: &mut Batch) {
        let sealed = self.log.member(member).and_then(|known| known.name.as_ref());
        let opened = sealed
            .and_then(|name| kith_protocol::name::open(&self.circle, member, name, wrap, &self.secrets).ok());
        if let Some(name) = opened {
            batch.put(self.keys.name(member.0), name.clone().into_bytes());
            self.names.insert(member, name);
            self.port.notice(Notice::Access);
        }
    }

    /// The current keys for an heir who became coordinator: nobody could wrap them beside that entry. Once a session
    /// and epoch; the host keeps those that it lacks.
    pub fn wraps_to_give(&mut self) -> Vec<Wrap> {
        let heir = self.log.settings().heir.and_then(|heir| self.log.member(heir));
        let Some(heir) = heir.filter(|heir| heir.role() == Some(Role::Coordinator)) else {
            return Vec::new();
        };
        let mut wraps = Vec::new();
        let readable = Stream::SHARED.map(|stream| self.may_read(stream).then_some(stream));
        let readable: Vec<Stream> = readable.into_iter().flatten().collect();
        for device in self.log.devices_of(heir.number).filter(|device| device.number != self.device) {
            let party = Party::Device(device.number);
            for stream in readable.iter().copied() {
                let epoch = self.log.epoch(stream);
                if self.keyring.key(stream, epoch).is_some() && self.given.insert((party, stream, epoch)) {
                    let made = self.port.with_rng(|rng| self.keyring.wrap_for(stream, &self.log, party, rng));
                    wraps.extend(made);
                }
            }
        }
        wraps
    }

    /// Deletes what an earlier loss of a class left, because the app went down between the two.
    pub async fn lose_the_lost(&mut self) -> Result<(), Trouble> {
        let lost: Vec<Stream> = self.lanes.keys().copied().filter(|stream| !self.may_read(*stream)).collect();
        for stream in lost {
            self.lose(stream).await?;
        }
        Ok(())
    }

    /// Deletes everything of a class that this device may not read any more. What waited goes to the drawer.
    async fn lose(&mut self, stream: Stream) -> Result<(), Trouble> {
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
            batch.put(self.keys.drawer(drawer), to_bytes(&entry));
            drawer += 1;
        }
        self.keyring.forget(stream);
        batch.put(self.keys.keyring(), self.keyring.to_bytes().to_vec());
        self.documents.drop_where(|name: &DocumentName| crate::keys::stream_of(name) == Some(stream));
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

    /// The host is at fault: keeps the evidence, closes the connection and never opens it again by itself.
    pub async fn halt(
        &mut self,
        stream: Stream,
        k: u64,
        fault: &ServerFault,
        bytes: &[u8],
    ) -> Result<(), Trouble> {
        let stored = StoredFault { stream, k, evidence: fault.to_string(), bytes: bytes.to_vec() };
        let mut batch = Batch::default();
        batch.put(self.keys.fault(), to_bytes(&stored));
        self.fault = Some((&stored).into());
        self.network.close(&self.port);
        self.disconnected();
        self.write(batch).await
    }

    async fn drop_intents(&mut self) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        for n in std::mem::take(&mut self.intents).into_keys() {
            batch.delete(self.keys.intent(n));
        }
        self.write(batch).await
    }

    /// The lane of a stream, begun if it is new.
    pub fn lane(&mut self, stream: Stream) -> &mut Lane {
        self.lanes.entry(stream).or_insert_with(|| Lane::new(stream))
    }
}
