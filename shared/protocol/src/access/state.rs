//! What the access stream has made of devices, members, invitations and keys so far.

use super::action::{Invite, Rotation, SealedName};
use crate::hash::Hash;
use crate::identity::{DeviceNumber, DevicePublic, InviteId, MemberNumber, Role};
use minicbor::{Decode, Encode};

/// A device, from its appearance on; it is never forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Device {
    /// Its order of appearance.
    #[n(0)]
    pub number: DeviceNumber,
    /// Its keys.
    #[n(1)]
    pub public: DevicePublic,
    /// Whose it is.
    #[n(2)]
    pub member: MemberNumber,
    /// A recovery kit: it reads, and may only add and revoke devices.
    #[n(3)]
    pub recovery: bool,
    /// The entry from which on it is active; none while it waits to be admitted.
    #[n(4)]
    pub from: Option<u64>,
    /// The entry from which on it is not active any more, for good.
    #[n(5)]
    pub until: Option<u64>,
    /// The device that added it; none for a member's first.
    #[n(6)]
    pub added_by: Option<DeviceNumber>,
}

impl Device {
    /// Whether it is active after entry `n`.
    pub fn active_at(&self, n: u64) -> bool {
        self.from.is_some_and(|from| from <= n) && self.until.is_none_or(|until| n < until)
    }

    /// Whether it is active now.
    pub fn active(&self) -> bool {
        self.from.is_some() && self.until.is_none()
    }
}

/// How a member stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Standing {
    /// Asked to join; sees the access stream and nothing else.
    #[n(0)]
    Pending,
    /// Belongs to the circle.
    #[n(1)]
    Active,
    /// Was turned away.
    #[n(2)]
    Refused,
    /// Went.
    #[n(3)]
    Left,
    /// Was taken out.
    #[n(4)]
    Removed,
}

/// A role from an entry on; none for gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct RoleRun {
    /// The entry from which on it holds.
    #[n(0)]
    pub from: u64,
    /// The role.
    #[n(1)]
    pub role: Option<Role>,
}

/// A member, from its Join on; never forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Member {
    /// The number of its first device.
    #[n(0)]
    pub number: MemberNumber,
    /// How it stands now.
    #[n(1)]
    pub standing: Standing,
    /// The roles it has had, oldest first; empty while pending.
    #[n(2)]
    pub roles: Vec<RoleRun>,
    /// The invitation it came by; none for the founder.
    #[n(3)]
    pub invite: Option<InviteId>,
    /// The entry that brought it.
    #[n(4)]
    pub joined: u64,
    /// The name it gave when joining; none for the founder.
    #[n(5)]
    pub name: Option<SealedName>,
    /// Who compared the words and let it in; none for the founder and for who came by a direct invitation.
    #[n(6)]
    pub admitted_by: Option<MemberNumber>,
}

impl Member {
    /// Its role now; none if pending or gone.
    pub fn role(&self) -> Option<Role> {
        self.roles.last().and_then(|run| run.role)
    }

    /// Its role after entry `n`.
    pub fn role_at(&self, n: u64) -> Option<Role> {
        let runs = self.roles.partition_point(|run| run.from <= n);
        runs.checked_sub(1).and_then(|last| self.roles.get(last)).and_then(|run| run.role)
    }
}

/// An invitation, from its entry on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Invitation {
    /// As it was made.
    #[n(0)]
    pub invite: Invite,
    /// Who made it.
    #[n(1)]
    pub by: MemberNumber,
    /// The entry that made it.
    #[n(2)]
    pub since: u64,
    /// How many may still join by it.
    #[n(3)]
    pub uses_left: u32,
    /// The entry that cancelled it.
    #[n(4)]
    pub cancelled: Option<u64>,
}

impl Invitation {
    /// Whether somebody may join by it at this time (Unix milliseconds).
    pub fn open(&self, now_ms: u64) -> bool {
        self.cancelled.is_none() && self.uses_left > 0 && now_ms < self.invite.expires
    }
}

/// The announcement that a circle is going to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Closing {
    /// From when on it may be closed, Unix milliseconds.
    #[n(0)]
    pub at: u64,
    /// Who announced it.
    #[n(1)]
    pub by: MemberNumber,
    /// The entry that did.
    #[n(2)]
    pub since: u64,
}

/// That the circle moved to another host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Moved {
    /// Who moved it.
    #[n(0)]
    pub by: MemberNumber,
    /// The entry that did.
    #[n(1)]
    pub since: u64,
}

/// Somebody who waits to be admitted, with what both sides compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingJoin {
    /// The member-to-be.
    pub member: MemberNumber,
    /// Its device.
    pub device: DeviceNumber,
    /// The invitation it came by.
    pub invite: InviteId,
    /// The role it would get.
    pub role: Role,
    /// The entry of its Join.
    pub joined: u64,
    /// `A` there: [`crate::words::four_words`] are made of it.
    pub hash: Hash,
    /// The name it gave, sealed.
    pub name: SealedName,
}

/// The keys of one class so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub(super) struct ClassKeys {
    /// The rotation of epoch 1, 2, 3… and the entry that brought it.
    #[n(0)]
    pub(super) epochs: Vec<EpochRun>,
    /// The entry that made a new key necessary.
    #[n(1)]
    pub(super) due: Option<u64>,
    /// The last entry that erased what the stream had.
    #[n(2)]
    pub(super) erased: Option<u64>,
}

/// One epoch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct EpochRun {
    #[n(0)]
    pub(super) from: u64,
    #[n(1)]
    pub(super) rotation: Rotation,
}
