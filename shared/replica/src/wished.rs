//! Membership actions that wait for a connection, as the app shows them; each can be taken back until it is sent.

use kith_protocol::{DeviceNumber, InviteId, MemberNumber, Role};

use crate::wish_record::Intent;

/// What was wished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wished {
    Invite(Role),
    CancelInvite(InviteId),
    Admit(MemberNumber),
    Refuse(MemberNumber),
    SetRole(MemberNumber, Role),
    Remove(MemberNumber),
    Leave,
    RotateKeys,
    Settings,
    /// Another device of one's own.
    AddDevice,
    RevokeDevice(DeviceNumber),
    /// A recovery kit.
    MakeKit,
    /// That the circle goes on at this host.
    Move(String),
    /// That everybody is told that the circle will be closed, so many milliseconds after that at the soonest.
    AnnounceClosing {
        wait_ms: u64,
    },
    /// That this is taken back.
    KeepOpen,
    Close,
}

impl From<&Intent> for Wished {
    fn from(intent: &Intent) -> Self {
        match intent {
            Intent::Invite { role, .. } => Self::Invite(*role),
            Intent::CancelInvite(id) => Self::CancelInvite(*id),
            Intent::Admit(member) => Self::Admit(*member),
            Intent::Refuse(member) => Self::Refuse(*member),
            Intent::SetRole(member, role) => Self::SetRole(*member, *role),
            Intent::Remove(member) => Self::Remove(*member),
            Intent::Leave => Self::Leave,
            Intent::RotateKeys(_) => Self::RotateKeys,
            Intent::Settings(_) | Intent::ChangeSettings(_) => Self::Settings,
            Intent::AddDevice { recovery: true, .. } => Self::MakeKit,
            Intent::AddDevice { .. } => Self::AddDevice,
            Intent::RevokeDevice(device) => Self::RevokeDevice(*device),
            Intent::AnnounceClosing { wait_ms, .. } => Self::AnnounceClosing { wait_ms: *wait_ms },
            Intent::Move(host) => Self::Move(host.clone()),
            Intent::KeepOpen => Self::KeepOpen,
            Intent::Close { .. } => Self::Close,
        }
    }
}
