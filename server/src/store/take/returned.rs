//! A circle that this server does not know, or not all of, is given to it by somebody who has it: the access stream here,
//! everything else by handing back, while the circle waits.

use std::sync::Arc;

use kith_protocol::{
    access::{AccessEntry, AccessLog},
    message::{AccessAck, Frame, Subject},
    returning::Return,
};

use super::{Done, Transaction, room::size_of_entry};
use crate::store::{Circle, StoreError, row::CircleRow, rows::Rows};

impl<R: Rows> Transaction<'_, R> {
    /// Takes what this server lacks of an access stream, unless it lacks nothing or waits for nothing. Whoever gives it
    /// proves nothing but what is in it, so that the circle waits for a coordinator's device afterwards.
    pub(super) async fn take_return(
        &mut self,
        given: &Return,
        challenge_key: [u8; 32],
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        let known = self.circle(given.circle).await?;
        let log = match &known {
            None => given.begin(now_ms),
            Some(circle) if circle.waiting(now_ms) => given.go_on(&circle.access, now_ms),
            Some(circle) => given.agrees(&circle.access).map(|()| AccessLog::clone(&circle.access)),
        };
        let log = match log {
            Ok(log) => log,
            Err(refusal) => return Ok(Done::refused(known, Subject::Access(given.from), refusal)),
        };
        let ack = AccessAck { seq: log.head(), stamp: log.head_stamp(), hash: log.head_hash() };
        let done = Done { frames: vec![Frame::AccessAcked(ack)], ..Done::default() };
        let before = known.as_ref().map_or(0, |circle| circle.access.head());
        let new = (given.from..).zip(&given.records).filter(|(n, _)| (before + 1..=ack.seq).contains(n));
        let size = new.clone().map(|(_, record)| size_of_entry(&record.signed)).sum();
        let used = known.as_ref().map_or(0, |circle| circle.row.access_bytes);
        if let Some(refusal) = self.no_room_for_lost(used, size) {
            return Ok(Done::refused(known, Subject::Access(given.from), refusal));
        }
        let mut circle = match known {
            Some(circle) if log.head() == before => return Ok(Done { circle: Some(circle), ..done }),
            Some(circle) => Circle::clone(&circle),
            None => {
                let row = CircleRow { returned: Some(now_ms), ..CircleRow::new(challenge_key) };
                self.rows.create(given.circle, &row).await?;
                Circle::new(given.circle, row, log.clone())
            }
        };
        circle.access = Arc::new(log);
        for (n, record) in new {
            self.put_record(&mut circle, n, record).await?;
            if let Ok(entry) = AccessEntry::decode(&record.signed.bytes) {
                self.follow(&mut circle, &entry.action, now_ms).await?;
            }
        }
        Ok(Done { circle: Some(self.keep(circle)), changed: true, ..done })
    }
}
