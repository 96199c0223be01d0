//! The actions of the access stream in their wire form: `[action, parts…]`.

use crate::hash::Hash;
use crate::identity::{
    CircleId, DeviceNumber, DevicePublic, InviteId, Language, MemberNumber, Role, Signature,
};
use crate::stream::Stream;
use minicbor::{Decode, Encode};

/// A new key for a class, as everybody sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Rotation {
    /// Which class.
    #[n(0)]
    pub stream: Stream,
    /// The new epoch: the old one + 1; the first is 1.
    #[n(1)]
    pub epoch: u32,
    /// `HKDF(key, ["commit", circle, stream, epoch])`.
    #[n(2)]
    pub commit: Hash,
    /// The old key, sealed under the new one; absent in epoch 1.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub previous: Option<[u8; 48]>,
}

/// A joiner's name, sealed under a fresh key that those who may admit get wrapped.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedName {
    /// `HKDF(key, ["commit-name", circle, member])`, so that all who may admit read the same name.
    #[n(0)]
    pub commit: Hash,
    /// XChaCha20-Poly1305 of the UTF-8 name.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// What the founder's device writes first.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Found {
    /// Makes the circle's id unique.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub random: [u8; 16],
    /// The founder's device, number 1.
    #[n(1)]
    pub keys: DevicePublic,
    /// The language of the four words.
    #[n(2)]
    pub language: Language,
    /// Epoch 1 of commons, network and care, in this order.
    #[n(3)]
    pub rotations: Vec<Rotation>,
    /// The circle whose state was carried over after a fork.
    #[n(4)]
    pub continues: Option<CircleId>,
}

/// An invitation as the circle sees it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Invite {
    /// Names it in the link.
    #[n(0)]
    pub id: InviteId,
    /// Both keys derived from the link's secret.
    #[n(1)]
    pub keys: DevicePublic,
    /// Never coordinator.
    #[n(2)]
    pub role: Role,
    /// How many devices may join by it, 1 to 50.
    #[n(3)]
    pub uses: u32,
    /// Unix milliseconds; a Join must be stamped before.
    #[n(4)]
    pub expires: u64,
    /// Joins are active at once; else pending until admitted.
    #[n(5)]
    pub direct: bool,
    /// Names and language for who opens the link, sealed under its secret; at most 512 bytes.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub greeting: Vec<u8>,
}

/// A device asks to become a member.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Join {
    /// By which invitation.
    #[n(0)]
    pub invite: InviteId,
    /// The joining device.
    #[n(1)]
    pub keys: DevicePublic,
    /// What the person calls themself.
    #[n(2)]
    pub name: SealedName,
    /// By the invitation's key, kind join, over `[invite, keys]`.
    #[n(3)]
    pub invite_signature: Signature,
}

/// The rules that a circle sets for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Settings {
    /// Caregivers may invite and admit helpers and friends.
    #[n(0)]
    pub caregivers_invite: bool,
    /// May make itself coordinator after 30 days without an entry by one.
    #[n(1)]
    pub heir: Option<MemberNumber>,
}

/// What an access entry does.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Action {
    /// The first entry of a circle.
    #[n(0)]
    Found(#[n(0)] Found),
    /// Opens an invitation.
    #[n(1)]
    Invite(#[n(0)] Invite),
    /// Closes one; new keys if it was direct.
    #[n(2)]
    CancelInvite(#[n(0)] InviteId, #[n(1)] Vec<Rotation>),
    /// Signed by the joining device itself, author 0.
    #[n(3)]
    Join(#[n(0)] Join),
    /// Lets a pending member in.
    #[n(4)]
    Admit(#[n(0)] MemberNumber),
    /// Turns a pending member away.
    #[n(5)]
    Refuse(#[n(0)] MemberNumber),
    /// Another role; new keys for the classes that are lost.
    #[n(6)]
    SetRole(#[n(0)] MemberNumber, #[n(1)] Role, #[n(2)] Vec<Rotation>),
    /// Takes a member out, with new keys.
    #[n(7)]
    Remove(#[n(0)] MemberNumber, #[n(1)] Vec<Rotation>),
    /// Goes of one's own accord.
    #[n(8)]
    Leave,
    /// Another device of the author's: its keys, whether it is a recovery kit, its own signature of kind
    /// newdev over `[member, keys]`.
    #[n(9)]
    AddDevice(#[n(0)] DevicePublic, #[n(1)] bool, #[n(2)] Signature),
    /// Takes a device out; new keys for what the author may read.
    #[n(10)]
    RevokeDevice(#[n(0)] DeviceNumber, #[n(1)] Vec<Rotation>),
    /// New keys.
    #[n(11)]
    RotateKeys(#[n(0)] Vec<Rotation>),
    /// Replaces the circle's rules.
    #[n(12)]
    Settings(#[n(0)] Settings),
    /// The last entry at the old host.
    #[n(13)]
    Move(#[n(0)] String),
    /// Drops the bodies that a stream has so far.
    #[n(14)]
    EraseStream(#[n(0)] Stream),
    /// Ends the circle. Its time must have been announced.
    #[n(15)]
    Close,
    /// Announces when the circle may be closed (Unix milliseconds), or takes the announcement back.
    #[n(16)]
    Closing(#[n(0)] Option<u64>),
}

impl Action {
    /// The keys that it changes.
    pub fn rotations(&self) -> &[Rotation] {
        match self {
            Self::Found(found) => &found.rotations,
            Self::CancelInvite(_, rotations)
            | Self::SetRole(_, _, rotations)
            | Self::Remove(_, rotations)
            | Self::RevokeDevice(_, rotations)
            | Self::RotateKeys(rotations) => rotations,
            _ => &[],
        }
    }
}
