//! How much room a circle has, and for whom: sealed entries on one side, access entries and wraps on the other, so that
//! neither fills up the other's (ADR 0038).

use kith_protocol::{
    DeviceNumber, Refusal, Wrap,
    access::{Action, SignedAccess},
};

use super::Transaction;
use crate::store::{Circle, rows::Rows};

impl<R: Rows> Transaction<'_, R> {
    /// Why an access entry, with the wraps beside it, is too much. A quarter of the room is the coordinators' alone, so
    /// that whoever filled the rest can still be taken out.
    pub(super) fn no_room_for(
        &self,
        circle: &Circle,
        author: DeviceNumber,
        action: &Action,
        size: u64,
    ) -> Option<Refusal> {
        let all = self.quota.access_bytes;
        let may_use_all = circle.is_coordinators(author) || comes_few_times(action);
        full(circle.row.access_bytes, size, if may_use_all { all } else { all - all / 4 })
    }

    /// Why the first entry of a circle is too much.
    pub(super) fn no_room_to_found(&self, size: u64) -> Option<Refusal> {
        full(0, size, self.quota.access_bytes)
    }

    /// Why access entries that come back, or wraps that somebody lacks, are too much.
    pub(super) fn no_room_for_lost(&self, used: u64, size: u64) -> Option<Refusal> {
        full(used, size, self.quota.access_bytes.saturating_mul(2))
    }

    /// Why an entry that is handed back is too much.
    pub(super) fn no_room_for_lost_entry(&self, circle: &Circle, size: usize) -> Option<Refusal> {
        // Twice, so that a circle that had all its room elsewhere can come here and be tidied up.
        full(circle.row.bytes, size as u64, self.quota.circle_bytes.saturating_mul(2))
    }
}

/// What an access entry is counted for.
pub(super) fn size_of_entry(signed: &SignedAccess) -> u64 {
    (signed.bytes.len() + signed.signature.0.len()) as u64
}

/// What wraps are counted for.
pub(super) fn size_of_wraps(wraps: &[Wrap]) -> u64 {
    wraps.iter().map(|wrap| wrap.encode().len() as u64).sum()
}

/// What must go on in a full circle, and cannot fill one: a device is added and taken out once, and a circle has 1,024 at
/// most; a member leaves once; who gives a role without being coordinator is the heir, once.
fn comes_few_times(action: &Action) -> bool {
    matches!(action, Action::Leave | Action::AddDevice(..) | Action::RevokeDevice(..) | Action::SetRole(..))
}

fn full(used: u64, size: u64, limit: u64) -> Option<Refusal> {
    (size > 0 && used.saturating_add(size) > limit).then_some(Refusal::Quota(limit))
}
