//! Sealing: waiting changes are frozen under the next `device_seq`, and the sealed bytes are stored before they go.

use std::collections::BTreeSet;

use kith_protocol::envelope::{Header, MAX_CHANGES, Plaintext, SealError, SealedEnvelope, seal};
use kith_protocol::{Stream, VERSION};

use crate::cbor::to_bytes;
use crate::engine::lane::{Hold, Lane, MOST_IN_FLIGHT, Outgoing};
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::port::Batch;
use crate::record::{StoredPending, StoredSealed};

/// The most bytes of changes that are put into one envelope, so that it fits 64 KiB even if nothing deflates.
const MOST_BYTES: usize = 56 * 1024;

/// The longest change that surely fits an envelope by itself.
pub(crate) const LONGEST_CHANGE: usize = MOST_BYTES;

impl Member {
    /// Lets go of what held a stream back, once it is over.
    pub async fn release(&mut self) -> Result<(), Trouble> {
        let (now, head) = (self.port.now(), self.log.head());
        let mut anew = Vec::new();
        for (stream, lane) in &mut self.lanes {
            match lane.hold {
                Some(Hold::Access(than)) if head > than => lane.hold = None,
                Some(Hold::Time(until)) if until <= now => lane.hold = None,
                Some(Hold::Place(k)) if lane.state.k >= k => {
                    lane.hold = None;
                    anew.push(*stream);
                }
                _ => {}
            }
        }
        for stream in anew {
            self.rebase_stream(stream).await?;
        }
        Ok(())
    }

    /// Seals what can be sealed now, in one batch: first what an old epoch's key sealed, then what waits.
    pub async fn freeze(&mut self) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        let streams: Vec<Stream> = self.lanes.keys().copied().collect();
        for stream in streams {
            self.freeze_stream(stream, &mut batch);
        }
        self.write(batch).await
    }

    fn freeze_stream(&mut self, stream: Stream, batch: &mut Batch) {
        let writes = self.may_write(stream) && self.founded.is_none();
        let epoch = self.log.epoch(stream);
        if !writes || self.keyring.key(stream, epoch).is_none() {
            return;
        }
        let Some(mut lane) = self.lanes.remove(&stream) else { return };
        let old: Vec<u64> = lane
            .outbox
            .iter()
            .filter(|(_, out)| out.epoch != epoch && out.acked.is_none())
            .map(|(device_seq, _)| *device_seq)
            .collect();
        for device_seq in old {
            let edits = lane.outbox.get(&device_seq).map(|out| out.sealed.edits.clone()).unwrap_or_default();
            self.freeze_as(&mut lane, device_seq, &edits, batch);
        }
        while lane.caught_up && lane.hold.is_none() && lane.outbox.len() < MOST_IN_FLIGHT {
            let edits = lane.next_edits();
            let last = lane.outbox.last_key_value().map(|(device_seq, _)| *device_seq);
            let taken = lane.state.device_seqs.get(&self.device).copied().unwrap_or(0);
            let device_seq = last.unwrap_or(0).max(taken) + 1;
            if edits.is_empty() || !self.freeze_as(&mut lane, device_seq, &edits, batch) {
                break;
            }
        }
        self.lanes.insert(stream, lane);
    }

    /// Seals these edits under this number; false when that is not possible.
    fn freeze_as(&self, lane: &mut Lane, device_seq: u64, edits: &[u64], batch: &mut Batch) -> bool {
        let stream = lane.state.stream;
        let epoch = self.log.epoch(stream);
        let Some(Ok(envelope)) = self.sealed(lane, device_seq, edits) else { return false };
        let sealed = StoredSealed { envelope, edits: edits.to_vec() };
        batch.put(self.keys.sealed(stream, device_seq), to_bytes(&sealed));
        lane.outbox.insert(device_seq, Outgoing { sealed, epoch, sent: false, acked: None });
        true
    }

    fn sealed(
        &self,
        lane: &Lane,
        device_seq: u64,
        edits: &[u64],
    ) -> Option<Result<SealedEnvelope, SealError>> {
        let stream = lane.state.stream;
        let epoch = self.log.epoch(stream);
        let pending: Vec<&StoredPending> = edits.iter().filter_map(|n| lane.pending.get(n)).collect();
        let first = pending.first()?;
        let header = Header {
            version: VERSION,
            stream,
            device: self.device,
            device_seq,
            access_seq: self.log.head(),
            access_hash: self.log.head_hash().prefix(),
            epoch,
            seen_k: lane.state.k,
            seen_chain: lane.state.chain.prefix(),
        };
        let plaintext = Plaintext {
            document: first.document.as_str().to_owned(),
            incarnation: first.incarnation,
            changes: pending.iter().map(|edit| edit.change.clone()).collect(),
        };
        Some(seal(&header, &plaintext, &self.circle, self.keyring.key(stream, epoch)?, &self.secrets))
    }
}

impl Lane {
    /// The oldest edits that are not sealed yet and fit one envelope: of one document and one incarnation.
    fn next_edits(&self) -> Vec<u64> {
        let mut edits = Vec::new();
        let mut bytes = 0;
        let mut of: Option<&StoredPending> = None;
        let frozen: BTreeSet<u64> = self.outbox.values().flat_map(|out| &out.sealed.edits).copied().collect();
        for (n, edit) in self.pending.iter().filter(|(n, _)| !frozen.contains(n)) {
            let fits = of.is_none_or(|first| {
                first.document == edit.document
                    && first.incarnation == edit.incarnation
                    && bytes + edit.change.len() <= MOST_BYTES
            });
            if !fits || edits.len() >= MAX_CHANGES {
                break;
            }
            bytes += edit.change.len();
            of = of.or(Some(edit));
            edits.push(*n);
        }
        edits
    }
}
