//! Who is who, from the access stream, as the domain asks for it.

use super::membership::Membership;
use kith_document::{Op, Origin};
use kith_domain::{Member, Members, Role};
use kith_protocol::{DeviceNumber, MemberNumber, access::AccessLog};
use std::sync::Arc;

/// The verified access stream; empty before there is one.
#[derive(Default)]
pub struct Roster(Option<Arc<AccessLog>>);

impl Roster {
    /// Whether it is the very same state; a new one with the same content counts as another.
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl Members for Roster {
    fn member_of(&self, device: u32) -> Option<Member> {
        Some(self.0.as_ref()?.member_of(DeviceNumber(device))?.0)
    }

    /// The role that a member had when the server took it: the access entries stamped no later than it.
    fn role_at(&self, member: Member, origin: &Origin) -> Option<Role> {
        let log = self.0.as_ref()?;
        let n = match origin {
            Origin::Committed { stamp, .. } => last_at(log, *stamp),
            Origin::Pending { .. } => log.head(),
        };
        log.role_of(MemberNumber(member), n).map(domain_role)
    }

    fn is_active(&self, member: Member) -> bool {
        self.0.as_ref().and_then(|log| log.member(MemberNumber(member))?.role()).is_some()
    }
}

/// The last access entry stamped no later than `stamp`; stamps never decrease.
fn last_at(log: &AccessLog, stamp: u64) -> u64 {
    let (mut low, mut high) = (1, log.head());
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if log.stamp_at(middle).is_some_and(|at| at <= stamp) { low = middle } else { high = middle - 1 }
    }
    low
}

pub fn domain_role(role: kith_protocol::Role) -> Role {
    match role {
        kith_protocol::Role::Coordinator => Role::Coordinator,
        kith_protocol::Role::Caregiver => Role::Caregiver,
        kith_protocol::Role::Professional => Role::Professional,
        kith_protocol::Role::Helper => Role::Helper,
        kith_protocol::Role::Friend => Role::Friend,
    }
}

impl Membership {
    pub(crate) fn roster(&self) -> Roster {
        Roster(self.replica.access())
    }

    /// Every op on the item whose history is on the screen; nothing for others.
    pub(crate) fn history_of(&self, item: &str) -> Vec<Op> {
        match &self.history {
            Some((open, edits)) if open.ends_with(item) => {
                edits.iter().flat_map(|edit| edit.ops.clone()).collect()
            }
            _ => Vec::new(),
        }
    }
}
