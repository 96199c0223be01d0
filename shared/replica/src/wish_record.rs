//! A wish about the membership as it lies in storage until the stream shows it (docs/storage.md, `intent`).

use kith_protocol::access::{AccessLog, Settings};
use kith_protocol::invite::Greeting;
use kith_protocol::{DeviceNumber, DevicePublic, InviteId, MemberNumber, Role, Signature, Stream};
use minicbor::{Decode, Encode};

use crate::settings_change::SettingsChange;

/// A membership action that waits to be signed against the head.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Intent {
    #[n(0)]
    Invite {
        /// The caller's number for it.
        #[n(0)]
        request: u64,
        #[n(1)]
        id: InviteId,
        #[n(2)]
        role: Role,
        #[n(3)]
        uses: u32,
        #[n(4)]
        lasts_ms: u64,
        #[n(5)]
        direct: bool,
        #[n(6)]
        greeting: Greeting,
    },
    #[n(1)]
    CancelInvite(#[n(0)] InviteId),
    #[n(2)]
    Admit(#[n(0)] MemberNumber),
    #[n(3)]
    Refuse(#[n(0)] MemberNumber),
    #[n(4)]
    SetRole(#[n(0)] MemberNumber, #[n(1)] Role),
    #[n(5)]
    Remove(#[n(0)] MemberNumber),
    #[n(6)]
    Leave,
    /// New keys for these classes, each with the epoch that it had when this was wished.
    #[n(7)]
    RotateKeys(#[n(0)] Vec<(Stream, u32)>),
    /// All rules of the circle, as earlier builds stored them; read as the change that they were (`since`).
    #[n(8)]
    Settings(#[n(0)] Settings),
    /// Another device of one's own, or a recovery kit; not after `until` by this device's clock (Unix milliseconds).
    #[n(9)]
    AddDevice {
        #[n(0)]
        keys: DevicePublic,
        #[n(1)]
        recovery: bool,
        #[n(2)]
        consent: Signature,
        #[n(3)]
        until: Option<u64>,
    },
    #[n(10)]
    RevokeDevice(#[n(0)] DeviceNumber),
    /// That the circle may be closed so many milliseconds after this is signed; wished when entry `after` was the head.
    #[n(11)]
    AnnounceClosing {
        #[n(0)]
        wait_ms: u64,
        #[n(1)]
        after: u64,
    },
    #[n(12)]
    KeepOpen,
    /// The circle goes on at this host.
    #[n(14)]
    Move(#[n(0)] String),
    #[n(15)]
    ChangeSettings(#[n(0)] SettingsChange),
    /// Closes the circle, as entry `announced` has told everybody.
    #[n(13)]
    Close {
        #[n(0)]
        announced: u64,
    },
}

/// That a wish was signed and given to the network: from then on it may stand in the access stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredSent {
    /// The access head that it was signed against: once the stream goes on differently, it does not stand.
    #[n(0)]
    pub head: u64,
}

impl Intent {
    /// What an earlier build had stored, as this one keeps it; `log` is the access stream as it is stored beside it.
    pub fn since(self, log: &AccessLog) -> Self {
        match self {
            Self::Settings(wanted) => Self::ChangeSettings(SettingsChange::between(log.settings(), wanted)),
            other => other,
        }
    }

    /// The keys of a device that nobody waits for any more (`now` in Unix milliseconds by this device's clock).
    pub fn over(&self, now: u64) -> Option<&DevicePublic> {
        match self {
            Self::AddDevice { keys, until: Some(until), .. } if *until <= now => Some(keys),
            _ => None,
        }
    }
}
