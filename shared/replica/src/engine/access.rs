//! Membership as it arrives: verified records first, then what follows for classes, keys, wishes and names.

use std::collections::BTreeSet;

use kith_protocol::Stream;
use kith_protocol::access::{AccessLog, Standing};
use kith_protocol::message::Access;
use kith_protocol::receive::{Park, ServerFault, receive_access};

use crate::cbor::to_bytes;
use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::output::{Notice, PairingEnd};
use crate::port::Batch;
use crate::record::StoredFault;

impl Member {
    /// A page of the access stream.
    pub async fn take_access(&mut self, page: Access) -> Result<(), Trouble> {
        let before = self.log.clone();
        let standing = self.standing();
        let (mut log, mut batch) = (self.log.clone(), Batch::default());
        let (mut taken, mut fault) = (Vec::new(), None);
        // A page may begin before the head; where each record belongs is what follows from the head alone.
        let known =
            usize::try_from(log.head().saturating_add(1).saturating_sub(page.from)).unwrap_or(usize::MAX);
        for record in page.records.iter().skip(known) {
            let n = log.head().saturating_add(1);
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
            self.lane(*stream).resume();
            self.more.insert(*stream);
            self.port.notice(Notice::Gained(*stream));
        }
        for (stream, lane) in &mut self.lanes {
            if matches!(lane.parked, Some(Park::Access(a)) if a <= self.log.head()) {
                lane.resume();
                self.more.insert(*stream);
            }
        }
        self.settle().await?;
        if self.closed() && before.closed_at().is_none() {
            self.port.notice(Notice::Closed);
        }
        self.lay_aside().await?;
        if was == Standing::Pending && now == Standing::Active {
            self.port.notice(Notice::Admitted);
        }
        if self.ended() && matches!(was, Standing::Pending | Standing::Active) {
            self.drop_intents().await?;
            self.port.notice(Notice::Removed);
        }
        Ok(())
    }

    /// What waits where this member may not write any more goes to the drawer.
    pub async fn lay_aside(&mut self) -> Result<(), Trouble> {
        let unwritable: Vec<Stream> = self
            .lanes
            .iter()
            .filter(|(stream, lane)| !lane.pending.is_empty() && !self.may_write(**stream) && !self.closed())
            .map(|(stream, _)| *stream)
            .collect();
        for stream in unwritable {
            self.rebase_stream(stream).await?;
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

    pub(super) async fn drop_intents(&mut self) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        for (n, intent) in std::mem::take(&mut self.intents) {
            self.let_go(n, &mut batch);
            self.forget_with(&intent, &mut batch);
        }
        self.write(batch).await?;
        self.end_offer(PairingEnd::Declined).await
    }

    /// The lane of a stream, begun if it is new.
    pub fn lane(&mut self, stream: Stream) -> &mut Lane {
        self.lanes.entry(stream).or_insert_with(|| Lane::new(stream))
    }
}
