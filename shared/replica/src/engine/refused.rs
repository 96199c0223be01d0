//! What the host answers to what was sent: taken, or not and why. A refusal loses nothing.

use kith_protocol::access::AccessRecord;
use kith_protocol::message::{Access, AccessAck, Ack, Subject};
use kith_protocol::receive::ServerFault;
use kith_protocol::{Refusal, Stream};

use crate::cbor::from_bytes;
use crate::engine::lane::Hold;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::record::StoredRaw;

/// How long to wait after a refusal that says nothing about when to try again, in milliseconds.
const PAUSE_MS: u64 = 30_000;

impl Member {
    /// The host took an envelope; it counts when the stream reaches its place.
    pub fn acked(&mut self, ack: &Ack) {
        self.network.progress = true;
        self.no_room.entries = false;
        let lane = self.lane(ack.stream);
        lane.gap_told = false;
        if let Some(out) = lane.outbox.get_mut(&ack.device_seq) {
            out.acked = Some(ack.k);
        }
    }

    /// The host took an access entry. With its stamp the whole record is here, so it is verified like one that came by
    /// the stream; who left would not be sent it any more.
    pub async fn access_acked(&mut self, ack: &AccessAck) -> Result<(), Trouble> {
        self.network.progress = true;
        self.no_room.access = false;
        let next = ack.seq == self.log.head() + 1;
        let Some(signed) = self.proposals.sent.as_ref().map(|sent| sent.signed.clone()).filter(|_| next)
        else {
            return Ok(());
        };
        if signed.chain(&self.log.head_hash(), ack.seq, ack.stamp) != ack.hash {
            return self.halt(Stream::Access, ack.seq, &ServerFault::Chain, &ack.encode()).await;
        }
        let records = vec![AccessRecord { signed, stamp: ack.stamp }];
        self.take_access(Access { from: ack.seq, records, more: false }).await
    }

    /// The host did not take something.
    pub async fn refused(&mut self, subject: Subject, refusal: Refusal) -> Result<(), Trouble> {
        match (subject, refusal) {
            (Subject::Access(seq), Refusal::Access(refusal)) => self.proposal_refused(seq, &refusal).await,
            (Subject::Envelope(stream, device_seq), refusal) => {
                self.envelope_refused(stream, device_seq, refusal).await
            }
            (_, Refusal::Token) => {
                self.token_refused();
                Ok(())
            }
            (Subject::Session, Refusal::UnknownCircle | Refusal::Forbidden) => {
                self.network.set_token(None);
                self.network.lost(&self.port);
                self.disconnected();
                Ok(())
            }
            // Where it goes on comes by the access stream.
            (Subject::Session, Refusal::Moved(_)) => {
                let head = self.log.head();
                for lane in self.lanes.values_mut().filter(|lane| lane.outbox.values().any(|out| out.sent)) {
                    lane.hold = Some(Hold::Access(head));
                    lane.outbox.values_mut().for_each(|out| out.sent = false);
                }
                Ok(())
            }
            (Subject::Wraps, Refusal::Forbidden) => self.wraps_refused().await,
            // There is no room for more keys: nobody gains by trying again.
            // Of a fork, the heads in its welcome show whether that is so; its word alone is no proof.
            (Subject::Wraps, Refusal::Quota(_)) | (Subject::Session, Refusal::Fork(_)) => Ok(()),
            (Subject::Access(seq), refusal @ (Refusal::Waiting | Refusal::Quota(_))) => {
                self.no_room.access = matches!(refusal, Refusal::Quota(_));
                self.put_off(seq, self.port.now().saturating_add(PAUSE_MS)).await
            }
            (Subject::Session, Refusal::Newer) => {
                self.newer = true;
                Ok(())
            }
            (_, refusal) => {
                self.home.no_room |=
                    matches!((&subject, &refusal), (Subject::HandBack(..), Refusal::Quota(_)));
                let wait = if let Refusal::Busy(ms) = refusal { ms } else { PAUSE_MS };
                self.network.failed_for(&self.port, wait);
                self.disconnected();
                Ok(())
            }
        }
    }

    async fn envelope_refused(
        &mut self,
        stream: Stream,
        device_seq: u64,
        refusal: Refusal,
    ) -> Result<(), Trouble> {
        let (now, head) = (self.port.now(), self.log.head());
        self.no_room.entries = matches!(refusal, Refusal::Quota(_));
        let epoch_known = |epoch| self.log.epoch(stream) >= epoch;
        let hold = match refusal {
            Refusal::Stale(epoch) if epoch_known(epoch) => None,
            Refusal::Stale(_) => Some(Hold::Access(head)),
            Refusal::NoRight(a) if a > head => Some(Hold::Access(a - 1)),
            Refusal::NoRight(a) => {
                if self.log.may_write(self.device, stream, a) {
                    // The own access stream says otherwise, so the refusal is not believed.
                    Some(Hold::Time(now.saturating_add(PAUSE_MS)))
                } else {
                    return self.rebase_stream(stream).await;
                }
            }
            Refusal::Different(_, k) if k > self.lane(stream).state.k => Some(Hold::Place(k)),
            // It came by the stream before this answer did: another phone goes on from the same storage, and what
            // waits here was made anew already.
            Refusal::Different(_, k) if self.holds_own(stream, k, device_seq).await? => None,
            // That place is held here, and it is not this device's number: two histories.
            Refusal::Different(_, k) => return self.halt(stream, k, &ServerFault::DeviceSeq, &[]).await,
            Refusal::Gap(last) => self.after_gap(stream, last, now),
            Refusal::Busy(ms) => Some(Hold::Time(now.saturating_add(ms))),
            _ => Some(Hold::Time(now.saturating_add(PAUSE_MS))),
        };
        let lane = self.lane(stream);
        lane.hold = hold;
        // The batch stopped here: this one and those after it were not taken.
        for (_, out) in lane.outbox.range_mut(device_seq..) {
            out.sent = false;
        }
        Ok(())
    }

    /// Whether the entry held at `k` is this device's, with this number.
    async fn holds_own(&self, stream: Stream, k: u64, device_seq: u64) -> Result<bool, Trouble> {
        let stored = self.port.read_one(self.keys.raw(stream, k)).await?;
        let header = stored.and_then(|bytes| from_bytes::<StoredRaw>(&bytes)?.entry.read_header().ok());
        Ok(header.is_some_and(|header| header.device == self.device && header.device_seq == device_seq))
    }

    /// The host misses earlier numbers of this device: those that are here go again, in order.
    fn after_gap(&mut self, stream: Stream, last: u64, now: u64) -> Option<Hold> {
        let lane = self.lane(stream);
        for (_, out) in lane.outbox.range_mut(last.saturating_add(1)..) {
            (out.sent, out.acked) = (false, None);
        }
        let here = lane.outbox.contains_key(&last.saturating_add(1));
        // Else the host has lost what it had taken: it must be handed back first.
        let first_time = here && !lane.gap_told;
        lane.gap_told = true;
        if first_time { None } else { Some(Hold::Time(now.saturating_add(PAUSE_MS))) }
    }
}
