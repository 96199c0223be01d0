//! What somebody changes of the circle's settings. The record in the access stream is whole, so what they did not touch
//! is taken from there when it is signed: what another coordinator changed meanwhile stays (ADR 0049).

use kith_protocol::MemberNumber;
use kith_protocol::access::{AccessLog, Settings, Standing};
use minicbor::{Decode, Encode};

/// What differs; a part that is none stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SettingsChange {
    /// Whether caregivers may invite helpers and friends.
    #[n(0)]
    pub caregivers_invite: Option<bool>,
    #[n(1)]
    pub heir: Option<Heir>,
}

/// Who may make themselves coordinator when the coordinators have been silent for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Heir {
    #[n(0)]
    Nobody,
    #[n(1)]
    Member(#[n(0)] MemberNumber),
}

impl From<Option<MemberNumber>> for Heir {
    fn from(heir: Option<MemberNumber>) -> Self {
        heir.map_or(Self::Nobody, Self::Member)
    }
}

impl SettingsChange {
    /// What makes `new` of `old`.
    pub(crate) fn between(old: Settings, new: Settings) -> Self {
        Self {
            caregivers_invite: (old.caregivers_invite != new.caregivers_invite)
                .then_some(new.caregivers_invite),
            heir: (old.heir != new.heir).then_some(new.heir.into()),
        }
    }

    /// The settings at the head of this stream, with the change.
    pub(crate) fn at(self, log: &AccessLog) -> Settings {
        let now = log.settings();
        let heir = match self.heir {
            Some(Heir::Nobody) => None,
            Some(Heir::Member(heir)) => Some(heir),
            // One who has left is no heir any more; nobody may be asked to sign that they are.
            None => now
                .heir
                .filter(|heir| log.member(*heir).is_some_and(|member| member.standing == Standing::Active)),
        };
        Settings { caregivers_invite: self.caregivers_invite.unwrap_or(now.caregivers_invite), heir }
    }

    /// Whether the stream shows it.
    pub(crate) fn stands(self, log: &AccessLog) -> bool {
        let now = log.settings();
        let heir = self.heir.is_none_or(|heir| heir == now.heir.into());
        heir && self.caregivers_invite.is_none_or(|may| may == now.caregivers_invite)
    }
}
