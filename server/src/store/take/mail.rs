//! Mailboxes of pairings: opened by a device, answered once by whoever knows the name, closed by the device.

use std::sync::Arc;

use kith_protocol::{
    DeviceNumber, PairingId,
    mailbox::{MAX_PAIRING_MS, MAX_PAIRINGS},
};

use super::{Done, Transaction};
use crate::store::{Circle, StoreError, row::PairingRow, rows::Rows};

/// What is to be done with a mailbox.
#[derive(Clone, Debug)]
pub enum Mail {
    /// Opens it for so many milliseconds; opened again by the same device it stays as it is.
    Open { device: DeviceNumber, lasts_ms: u64 },
    /// Leaves an answer; the same bytes again change nothing.
    Answer { answer: Vec<u8> },
    /// Removes it.
    Close { device: DeviceNumber },
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailed {
    /// Open until then (milliseconds since 1970).
    Open(u64),
    /// The answer is kept.
    Kept,
    /// There is no such mailbox any more.
    Closed,
    /// There is none by this name, or its time is over.
    Unknown,
    /// Somebody has answered already; theirs counts.
    Answered,
    /// It is another device's, or the device does not belong to the circle any more.
    NotYours,
}

impl<R: Rows> Transaction<'_, R> {
    pub(super) async fn take_mail(
        &mut self,
        circle: Arc<Circle>,
        id: PairingId,
        mail: &Mail,
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        let rows = self.rows.pairings(circle.id()).await?;
        let (open, over): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.expires > now_ms);
        if !over.is_empty() {
            self.rows.drop_pairings(circle.id(), now_ms).await?;
        }
        let known = open.iter().find(|row| row.id == id);
        let active = |device| circle.access().device_active(device, circle.access().head());
        let outcome = match (mail, known) {
            (Mail::Open { device, .. } | Mail::Close { device }, _) if !active(*device) => Mailed::NotYours,
            (Mail::Open { device, .. } | Mail::Close { device }, Some(row)) if row.device != *device => {
                Mailed::NotYours
            }
            (Mail::Open { .. }, Some(row)) => Mailed::Open(row.expires),
            (Mail::Open { device, lasts_ms }, None) => {
                if self.rows.by_pairing(id, now_ms).await?.is_some() {
                    // A name that is in use elsewhere was not drawn at random.
                    Mailed::NotYours
                } else {
                    let own: Vec<_> = open.iter().filter(|row| row.device == *device).collect();
                    for oldest in own.iter().take((own.len() + 1).saturating_sub(MAX_PAIRINGS)) {
                        self.rows.drop_pairing(circle.id(), oldest.id).await?;
                    }
                    let expires = now_ms.saturating_add((*lasts_ms).min(MAX_PAIRING_MS));
                    let row = PairingRow { id, device: *device, opened: now_ms, expires, answer: None };
                    self.rows.put_pairing(circle.id(), &row).await?;
                    Mailed::Open(expires)
                }
            }
            (Mail::Answer { .. }, None) => Mailed::Unknown,
            (Mail::Answer { answer }, Some(row)) => match &row.answer {
                Some(first) if first == answer => Mailed::Kept,
                Some(_) => Mailed::Answered,
                None => {
                    let row = PairingRow { answer: Some(answer.clone()), ..row.clone() };
                    self.rows.put_pairing(circle.id(), &row).await?;
                    Mailed::Kept
                }
            },
            (Mail::Close { .. }, None) => Mailed::Closed,
            (Mail::Close { .. }, Some(_)) => {
                self.rows.drop_pairing(circle.id(), id).await?;
                Mailed::Closed
            }
        };
        Ok(Done { circle: Some(circle), mailed: Some(outcome), ..Done::default() })
    }
}
