//! Sealed envelopes: looks up what the checks need, runs them, stores what they took.

use std::{collections::BTreeSet, sync::Arc};

use kith_protocol::{
    DeviceNumber, Hash, Refusal, Stream,
    accept::{self, Accepted, KnownEnvelope, ServerView, accept_envelope},
    envelope::{Header, SealedEnvelope, StreamEntry},
    message::{Ack, Frame, Subject},
};

use super::{Done, Fresh, Transaction};
use crate::store::{
    Circle, StoreError,
    row::{EntryRow, HeadRow},
    rows::Rows,
};

impl<R: Rows> Transaction<'_, R> {
    /// Takes envelopes in order; per stream it stops at the first that is refused.
    pub(super) async fn take_envelopes(
        &mut self,
        circle: Arc<Circle>,
        device: DeviceNumber,
        host: &str,
        envelopes: &[SealedEnvelope],
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        if let Some(elsewhere) = circle.access.moved_to().filter(|elsewhere| *elsewhere != host) {
            let refusal = Refusal::Moved(elsewhere.to_owned());
            return Ok(Done::refused(Some(circle), Subject::Session, refusal));
        }
        let waiting = circle.waiting(now_ms);
        let mut changing = Circle::clone(&circle);
        let mut done = Done::default();
        let mut stopped = BTreeSet::new();
        for envelope in envelopes {
            let header = match envelope.read_header() {
                Ok(header) => header,
                Err(error) => {
                    // Nothing says which stream it was for, so nothing after it is looked at.
                    done.frames.push(Frame::Refused(Subject::Session, error.into()));
                    break;
                }
            };
            if stopped.contains(&header.stream) {
                continue;
            }
            match self.judge(&changing, device, &header, envelope, waiting, now_ms).await? {
                Ok(accepted) => {
                    done.frames.push(Frame::Acked(accepted.ack));
                    if accepted.fresh {
                        let row = entry_row(&header, envelope, &accepted);
                        self.put_entry(circle.id(), row);
                        advance(&mut changing, device, &accepted.ack, envelope.size());
                        add(&mut done.fresh, device, StreamEntry::placed(envelope.clone(), &accepted.ack));
                        done.changed = true;
                    }
                }
                Err(refusal) => {
                    let subject = Subject::Envelope(header.stream, header.device_seq);
                    done.frames.push(Frame::Refused(subject, refusal));
                    stopped.insert(header.stream);
                }
            }
        }
        done.circle = Some(if done.changed { self.keep(changing) } else { circle });
        Ok(done)
    }

    async fn judge(
        &mut self,
        circle: &Circle,
        device: DeviceNumber,
        header: &Header,
        envelope: &SealedEnvelope,
        waiting: bool,
        now_ms: u64,
    ) -> Result<Result<Accepted, Refusal>, StoreError> {
        if envelope.size() > self.quota.entry_bytes {
            return Ok(Err(Refusal::TooLarge));
        }
        if header.stream == Stream::Access {
            return Ok(Err(Refusal::Malformed));
        }
        let head = circle.head(header.stream);
        let last_device_seq = circle.last_seqs.get(&(header.stream, header.device)).copied().unwrap_or(0);
        let known = self.known(circle, header, last_device_seq).await?;
        let chain_at_seen = self.seen(circle, header, head).await?;
        let view = ServerView {
            access: &circle.access,
            device,
            now_ms,
            head: circle.cursor(header.stream),
            head_stamp: head.stamp,
            known,
            last_device_seq,
            chain_at_seen,
            quota: accept::Quota { used: circle.row.bytes, limit: self.quota.circle_bytes },
        };
        let judged = accept_envelope(&view, envelope);
        Ok(if waiting { judged_while_waiting(judged) } else { judged })
    }

    async fn known(
        &mut self,
        circle: &Circle,
        header: &Header,
        last_device_seq: u64,
    ) -> Result<Option<KnownEnvelope>, StoreError> {
        if header.device_seq == 0 || header.device_seq > last_device_seq {
            return Ok(None);
        }
        let (stream, device_seq) = (header.stream, header.device_seq);
        let row = self.known_row(circle.id(), stream, header.device, device_seq).await?;
        Ok(row.map(|row| KnownEnvelope {
            hash: row.hash,
            ack: Ack { stream, device_seq, k: row.k, a: row.access_seq, stamp: row.stamp, chain: row.chain },
        }))
    }

    async fn seen(
        &mut self,
        circle: &Circle,
        header: &Header,
        head: HeadRow,
    ) -> Result<Option<Hash>, StoreError> {
        match header.seen_k {
            0 => Ok(Some(Hash::ZERO)),
            k if k == head.k => Ok(Some(head.chain)),
            k if k < head.k => self.chain_at(circle.id(), header.stream, k).await,
            _ => Ok(None),
        }
    }
}

/// A restored server knows too little to judge by history: it acknowledges what it has, and asks to wait with the rest.
fn judged_while_waiting(judged: Result<Accepted, Refusal>) -> Result<Accepted, Refusal> {
    match judged {
        Ok(accepted) if !accepted.fresh => Ok(accepted),
        Err(
            refusal @ (Refusal::TooLarge
            | Refusal::Malformed
            | Refusal::Newer
            | Refusal::WrongDevice
            | Refusal::Signature),
        ) => Err(refusal),
        _ => Err(Refusal::Waiting),
    }
}

fn entry_row(header: &Header, envelope: &SealedEnvelope, accepted: &Accepted) -> EntryRow {
    let Ack { stream, device_seq, k, a, stamp, chain } = accepted.ack;
    EntryRow {
        stream,
        k,
        device: header.device,
        device_seq,
        access_seq: a,
        stamp,
        chain,
        hash: accepted.hash,
        header: envelope.header.clone(),
        signature: envelope.signature,
        body_hash: Hash::of(&envelope.body),
        body: Some(envelope.body.clone()),
    }
}

/// The circle after one more entry.
pub(super) fn advance(circle: &mut Circle, device: DeviceNumber, ack: &Ack, size: usize) {
    let head = HeadRow { k: ack.k, access_seq: ack.a, stamp: ack.stamp, chain: ack.chain };
    circle.heads.insert(ack.stream, head);
    circle.last_seqs.insert((ack.stream, device), ack.device_seq);
    circle.row.bytes = circle.row.bytes.saturating_add(size as u64);
}

fn add(fresh: &mut Vec<Fresh>, device: DeviceNumber, entry: StreamEntry) {
    let Ok(header) = entry.read_header() else { return };
    match fresh.iter_mut().find(|fresh| fresh.stream == header.stream) {
        Some(fresh) => fresh.entries.push(entry),
        None => fresh.push(Fresh { stream: header.stream, device: Some(device), entries: vec![entry] }),
    }
}
