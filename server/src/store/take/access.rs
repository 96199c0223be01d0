//! Access entries with the keys beside them: founding, membership, wraps that come later.

use std::sync::Arc;

use kith_protocol::{
    CircleId, DeviceNumber, Party, Refusal, Stream, Wrap,
    accept::{AccessView, accept_access, accept_found, accept_wraps},
    access::{AccessEntry, AccessRecord, Action},
    message::{AccessAck, Frame, MAX_PAGE_ENTRIES, Subject, SubmitAccess},
};

use super::{
    Done, Transaction,
    room::{size_of_entry, size_of_wraps},
};
use crate::store::{
    Circle, StoreError,
    row::{AccessRow, CircleRow, WrapRow},
    rows::Rows,
};

impl<R: Rows> Transaction<'_, R> {
    pub(super) async fn take_found(
        &mut self,
        submitted: &SubmitAccess,
        challenge_key: [u8; 32],
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        let id = CircleId::of(&submitted.signed.bytes);
        if let Some(circle) = self.circle(id).await? {
            let access = &circle.access;
            let ack = AccessAck {
                seq: 1,
                stamp: access.stamp_at(1).ok_or(StoreError::Damaged("founding entry"))?,
                hash: access.hash_at(1).ok_or(StoreError::Damaged("founding entry"))?,
            };
            return Ok(Done {
                circle: Some(circle),
                frames: vec![Frame::AccessAcked(ack)],
                ..Done::default()
            });
        }
        let accepted = match accept_found(&submitted.signed, &submitted.wraps, now_ms) {
            Ok(accepted) => accepted,
            Err(refusal) => return Ok(Done::refused(None, Subject::Access(1), refusal.into())),
        };
        let size = size_of_entry(&submitted.signed) + size_of_wraps(&submitted.wraps);
        if let Some(refusal) = self.no_room_to_found(size) {
            return Ok(Done::refused(None, Subject::Access(1), refusal));
        }
        let row = CircleRow::new(challenge_key);
        self.rows.create(id, &row).await?;
        let mut circle = Circle::new(id, row, accepted.log);
        self.put_record(&mut circle, 1, &accepted.record).await?;
        self.put_wraps(&mut circle, 1, &submitted.wraps).await?;
        let ack = AccessAck { seq: 1, stamp: accepted.record.stamp, hash: circle.access.head_hash() };
        Ok(Done {
            circle: Some(self.keep(circle)),
            frames: vec![Frame::AccessAcked(ack)],
            fresh: Vec::new(),
            changed: true,
            mailed: None,
        })
    }

    pub(super) async fn take_access(
        &mut self,
        circle: Arc<Circle>,
        party: Party,
        host: &str,
        submitted: &SubmitAccess,
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        let seq = AccessEntry::decode(&submitted.signed.bytes).map_or(0, |entry| entry.seq);
        if circle.waiting(now_ms) {
            return Ok(Done::refused(Some(circle), Subject::Access(seq), Refusal::Waiting));
        }
        let view = AccessView { access: &circle.access, session: party, now_ms, host };
        let accepted = match accept_access(&view, &submitted.signed, &submitted.wraps) {
            Ok(accepted) => accepted,
            Err(refusal) => return Ok(Done::refused(Some(circle), Subject::Access(seq), refusal.into())),
        };
        let entry = accepted.checked.entry();
        let (author, action) = (entry.author, entry.action.clone());
        let size = size_of_entry(&submitted.signed) + size_of_wraps(&submitted.wraps);
        if let Some(refusal) = self.no_room_for(&circle, author, &action, size) {
            return Ok(Done::refused(Some(circle), Subject::Access(seq), refusal));
        }
        let mut changing = Circle::clone(&circle);
        let ack = AccessAck { seq, stamp: accepted.record.stamp, hash: accepted.checked.hash() };
        if let Err(refusal) = Arc::make_mut(&mut changing.access).push(accepted.checked) {
            return Ok(Done::refused(Some(circle), Subject::Access(seq), refusal.into()));
        }
        self.put_record(&mut changing, seq, &accepted.record).await?;
        self.put_wraps(&mut changing, seq, &submitted.wraps).await?;
        self.follow(&mut changing, &action, now_ms).await?;
        Ok(Done {
            circle: Some(self.keep(changing)),
            frames: vec![Frame::AccessAcked(ack)],
            fresh: Vec::new(),
            changed: true,
            mailed: None,
        })
    }

    /// What an action makes the store do besides keeping it.
    pub(super) async fn follow(
        &mut self,
        circle: &mut Circle,
        action: &Action,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        match action {
            Action::Invite(invite) => self.rows.put_invite(circle.id(), invite.id).await,
            Action::EraseStream(stream) => self.erase(circle, *stream).await,
            Action::Close => {
                let streams: Vec<Stream> = circle.heads.keys().copied().collect();
                for stream in streams {
                    self.erase(circle, stream).await?;
                }
                // Not its stamp: of an entry that was handed back, that is only what a device says.
                circle.row.closed = Some(now_ms);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Everything that was taken before this entry loses its body.
    async fn erase(&mut self, circle: &mut Circle, stream: Stream) -> Result<(), StoreError> {
        self.write_entries().await?;
        let freed = self.rows.erase(circle.id(), stream, circle.head(stream).k).await?;
        circle.row.bytes = circle.row.bytes.saturating_sub(freed);
        Ok(())
    }

    pub(super) async fn put_record(
        &mut self,
        circle: &mut Circle,
        seq: u64,
        record: &AccessRecord,
    ) -> Result<(), StoreError> {
        let AccessRecord { signed, stamp } = record;
        let row = AccessRow { seq, bytes: signed.bytes.clone(), signature: signed.signature, stamp: *stamp };
        circle.row.access_bytes = circle.row.access_bytes.saturating_add(size_of_entry(signed));
        self.rows.put_access(circle.id(), &row).await
    }

    async fn put_wraps(&mut self, circle: &mut Circle, seq: u64, wraps: &[Wrap]) -> Result<(), StoreError> {
        circle.row.access_bytes = circle.row.access_bytes.saturating_add(size_of_wraps(wraps));
        for wrap in wraps {
            circle.last_wrap += 1;
            let row = WrapRow { n: circle.last_wrap, seq, wrap: wrap.clone() };
            self.rows.put_wrap(circle.id(), &row).await?;
        }
        Ok(())
    }

    /// Keeps those that the store lacks.
    pub(super) async fn take_wraps(
        &mut self,
        circle: Arc<Circle>,
        device: DeviceNumber,
        wraps: &[Wrap],
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        if wraps.len() > MAX_PAGE_ENTRIES {
            return Ok(Done::refused(Some(circle), Subject::Wraps, Refusal::TooLarge));
        }
        if let Err(refusal) = accept_wraps(&circle.access, device, wraps, now_ms) {
            return Ok(Done::refused(Some(circle), Subject::Wraps, refusal));
        }
        let mut lacking: Vec<Wrap> = Vec::new();
        for wrap in wraps {
            let held = self.rows.wraps_after(circle.id(), wrap.recipient, 0).await?;
            let same = |other: &Wrap| other.recipient == wrap.recipient && other.subject == wrap.subject;
            if !held.iter().any(|row| same(&row.wrap)) && !lacking.iter().any(same) {
                lacking.push(wrap.clone());
            }
        }
        if lacking.is_empty() {
            return Ok(Done { circle: Some(circle), ..Done::default() });
        }
        if let Some(refusal) = self.no_room_for_lost(circle.row.access_bytes, size_of_wraps(&lacking)) {
            return Ok(Done::refused(Some(circle), Subject::Wraps, refusal));
        }
        let mut changing = Circle::clone(&circle);
        let seq = changing.access.head();
        self.put_wraps(&mut changing, seq, &lacking).await?;
        Ok(Done { circle: Some(self.keep(changing)), changed: true, ..Done::default() })
    }
}
