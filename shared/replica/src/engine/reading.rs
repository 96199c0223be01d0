//! A circle's access stream as somebody reads it who is not a member yet: verified from Found on, kept until they are.

use kith_protocol::access::{AccessLog, AccessRecord, AccessRefusal, SignedAccess};
use kith_protocol::message::{Access, AccessAck};
use kith_protocol::{CircleId, Cursor, DeviceNumber, DeviceSecrets, Hash, Stream};
use rand_core::Rng;

use crate::cbor::to_bytes;
use crate::keys::Keys;
use crate::output::LinkProblem;
use crate::port::{Batch, Port};
use crate::record::{STATE_VERSION, StoredStage, StoredState};

/// The first wait after a failure, in milliseconds; it doubles up to the last.
const FIRST_RETRY_MS: u64 = 1_000;
const LAST_RETRY_MS: u64 = 60_000;

/// What was read and verified so far.
#[derive(Default)]
pub(super) struct Reading {
    pub log: Option<AccessLog>,
    records: Vec<AccessRecord>,
}

impl Reading {
    /// Takes a page in, unless this build cannot read it, it does not verify, or is not of the circle that was meant.
    pub fn take(&mut self, page: Access, meant: impl Fn(&CircleId) -> bool) -> Result<(), LinkProblem> {
        let head = self.log.as_ref().map_or(0, AccessLog::head);
        let known = usize::try_from(head.saturating_add(1).saturating_sub(page.from)).unwrap_or(usize::MAX);
        for record in page.records.into_iter().skip(known) {
            if let Some(log) = &mut self.log {
                log.replay(&record).map_err(|refusal| problem(&refusal))?;
            } else {
                let log =
                    AccessLog::found(&record.signed, record.stamp).map_err(|refusal| problem(&refusal))?;
                if !meant(&log.circle()) {
                    return Err(LinkProblem::NotGenuine);
                }
                self.log = Some(log);
            }
            self.records.push(record);
        }
        Ok(())
    }

    /// The host took an entry: with its stamp the record is whole, and verified like one that came by the stream.
    pub fn take_ack(&mut self, signed: SignedAccess, ack: &AccessAck) {
        let Some(log) = &mut self.log else { return };
        let record = AccessRecord { signed, stamp: ack.stamp };
        let right = record.signed.chain(&log.head_hash(), ack.seq, ack.stamp) == ack.hash;
        if right && log.replay(&record).is_ok() {
            self.records.push(record);
        }
    }

    pub fn cursor(&self) -> Cursor {
        let none = Cursor { stream: Stream::Access, k: 0, chain: Hash::ZERO };
        self.log.as_ref().map_or(none, AccessLog::cursor)
    }

    /// The number that a device with these keys has in the stream.
    pub fn number(&self, secrets: &DeviceSecrets) -> Option<DeviceNumber> {
        self.log.as_ref()?.device_by_key(&secrets.sign_public()).map(|device| device.number)
    }

    /// What makes this device a member in storage.
    pub fn member_batch(&self, keys: &Keys, host: &str, device: DeviceNumber) -> Batch {
        let mut batch = Batch::default();
        let stage = StoredStage::Member { device };
        let stored = StoredState { version: STATE_VERSION, host: host.to_owned(), stage };
        batch.put(keys.state(), to_bytes(&stored));
        if let Some(log) = &self.log {
            batch.put(keys.access_log(), log.to_bytes());
        }
        for (n, record) in (1..).zip(&self.records) {
            batch.put(keys.access(n), record.encode());
        }
        batch
    }
}

/// What a newer app wrote is no forgery.
fn problem(refusal: &AccessRefusal) -> LinkProblem {
    match refusal {
        AccessRefusal::Newer => LinkProblem::Newer,
        _ => LinkProblem::NotGenuine,
    }
}

/// When to try again after failures.
#[derive(Default)]
pub(super) struct Patience {
    pub failures: u32,
    pub retry_at: Option<u64>,
}

impl Patience {
    /// One more failure: waits half a fixed time and half a drawn one, so that many do not come back together.
    pub fn failed(&mut self, port: &Port) {
        let longest = FIRST_RETRY_MS.saturating_mul(1 << self.failures.min(16)).min(LAST_RETRY_MS);
        let drawn = port.with_rng(Rng::next_u64) % (longest / 2 + 1);
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Some(port.now().saturating_add(longest / 2 + drawn));
    }

    /// Whether the time has come; else asks to be woken then.
    pub fn over(&self, port: &Port) -> bool {
        let Some(at) = self.retry_at.filter(|at| *at > port.now()) else { return true };
        port.wake_at(at);
        false
    }
}
