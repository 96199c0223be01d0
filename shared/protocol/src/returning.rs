//! Giving a circle to a host that does not know it, or not all of it, with the stamps that it has; and what a host says
//! of itself before anybody trusts it with a circle.

use crate::access::{AccessLog, AccessRecord, AccessRefusal};
use crate::cbor::wire;
use crate::identity::CircleId;
use crate::message::{MAX_FRAME_BYTES, MAX_PAGE_ENTRIES};
use crate::refusal::Refusal;
use minicbor::{Decode, Encode};

/// A stamp may be this far ahead of the clock of the host that is given a circle: 1 day in milliseconds.
pub const STAMP_AHEAD_MS: u64 = 24 * 3_600_000;

/// The body of `POST /v1/circles/return`: a part of the access stream. The answer is an
/// [`crate::message::AccessAck`] of the place up to which the host has it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Return {
    /// Which circle.
    #[n(0)]
    pub circle: CircleId,
    /// n of the first record.
    #[n(1)]
    pub from: u64,
    /// In order, without gaps; 1 to [`MAX_PAGE_ENTRIES`].
    #[n(2)]
    pub records: Vec<AccessRecord>,
}

/// The answer to `GET /v1/about`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct About {
    /// The wire versions that it speaks.
    #[n(0)]
    pub versions: Vec<u32>,
    /// The host that it answers to, as devices sign it.
    #[n(1)]
    pub host: String,
    /// Its release, for people.
    #[n(2)]
    pub release: String,
}

wire!(Return = MAX_FRAME_BYTES, About = 1024);

/// Whether this may stand in a Move: 1 to 253 characters of `a-z 0-9 . - : [ ]`.
pub fn valid_host(host: &str) -> bool {
    crate::access::valid_host(host)
}

impl Return {
    /// A circle that the host does not know: verified from Found on, as a client verifies it. The chain covers every
    /// stamp but the last.
    pub fn begin(&self, now_ms: u64) -> Result<AccessLog, Refusal> {
        self.check_size()?;
        if self.from != 1 {
            return Err(Refusal::UnknownCircle);
        }
        let log = AccessLog::verify_all(&self.records)?;
        if log.circle() != self.circle {
            return Err(Refusal::Malformed);
        }
        finish(log, now_ms)
    }

    /// A circle that the host knows up to somewhere: what it has must be the same, and the rest goes on from there.
    pub fn go_on(&self, known: &AccessLog, now_ms: u64) -> Result<AccessLog, Refusal> {
        self.check_size()?;
        self.agrees(known)?;
        let mut log = known.clone();
        for (n, record) in (self.from..).zip(&self.records) {
            if n > known.head() {
                log.replay(record)?;
            }
        }
        finish(log, now_ms)
    }

    /// Whether what is known of the same places is the same.
    pub fn agrees(&self, known: &AccessLog) -> Result<(), Refusal> {
        let before = self.from.checked_sub(1).ok_or(Refusal::Malformed)?;
        let Some(mut hash) = known.hash_at(before) else {
            return Err(AccessRefusal::Head(known.head(), known.head_hash()).into());
        };
        for (n, record) in (self.from..=known.head()).zip(&self.records) {
            hash = record.signed.chain(&hash, n, record.stamp);
            if known.hash_at(n) != Some(hash) {
                return Err(Refusal::Fork(true));
            }
        }
        Ok(())
    }

    fn check_size(&self) -> Result<(), Refusal> {
        match self.records.len() {
            0 => Err(Refusal::Malformed),
            1..=MAX_PAGE_ENTRIES => Ok(()),
            _ => Err(Refusal::TooLarge),
        }
    }
}

/// What holds of every stream that is taken in this way.
fn finish(log: AccessLog, now_ms: u64) -> Result<AccessLog, Refusal> {
    if log.closed_at().is_some() {
        return Err(AccessRefusal::Closed.into());
    }
    if log.head_stamp() > now_ms.saturating_add(STAMP_AHEAD_MS) {
        return Err(AccessRefusal::Stamp.into());
    }
    Ok(log)
}
