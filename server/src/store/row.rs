//! What the stores keep, row by row, in the protocol's types; each store turns these into its own form and back.

use kith_protocol::{
    DeviceNumber, Hash, PairingId, Party, Signature, Stream, Wrap,
    envelope::{Body, StreamEntry},
};

/// A circle's row, which a transaction locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircleRow {
    /// One more with each transaction that changed something.
    pub version: u64,
    /// Bytes of sealed entries, counted against the quota.
    pub bytes: u64,
    /// Bytes of access entries and wraps, counted against theirs.
    pub access_bytes: u64,
    /// Authenticates this circle's challenges.
    pub challenge_key: [u8; 32],
    /// When Close was taken, in milliseconds since 1970.
    pub closed: Option<u64>,
    /// Since when it was given to this server by somebody who has it, and waits for a coordinator's device, in
    /// milliseconds since 1970.
    pub returned: Option<u64>,
    /// Since when it waits for its devices, because the operator said that the store was restored from a backup, in
    /// milliseconds since 1970.
    pub restored: Option<u64>,
}

impl CircleRow {
    /// Of a circle that is being made.
    pub fn new(challenge_key: [u8; 32]) -> Self {
        Self {
            version: 0,
            bytes: 0,
            access_bytes: 0,
            challenge_key,
            closed: None,
            returned: None,
            restored: None,
        }
    }
}

/// One access entry as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    pub seq: u64,
    pub bytes: Vec<u8>,
    pub signature: Signature,
    pub stamp: u64,
}

/// One sealed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    pub stream: Stream,
    pub k: u64,
    pub device: DeviceNumber,
    pub device_seq: u64,
    /// The access stream's head when it was taken.
    pub access_seq: u64,
    pub stamp: u64,
    /// `C_k`.
    pub chain: Hash,
    /// Of what was sent, so that a repetition is told from a difference.
    pub hash: Hash,
    pub header: Vec<u8>,
    pub signature: Signature,
    pub body_hash: Hash,
    /// Nothing once erased.
    pub body: Option<Vec<u8>>,
}

/// What is remembered of an entry by its author's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownRow {
    pub k: u64,
    pub access_seq: u64,
    pub stamp: u64,
    pub chain: Hash,
    pub hash: Hash,
}

/// A key for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrapRow {
    /// Order of arrival in the circle, from 1.
    pub n: u64,
    /// The access entry that it came with.
    pub seq: u64,
    pub wrap: Wrap,
}

/// The last entry of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadRow {
    pub k: u64,
    pub access_seq: u64,
    pub stamp: u64,
    /// `C_k`.
    pub chain: Hash,
}

impl HeadRow {
    /// Of an empty stream.
    pub const NONE: Self = Self { k: 0, access_seq: 0, stamp: 0, chain: Hash::ZERO };
}

/// What a device says that it has of a stream and this server lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingRow {
    pub stream: Stream,
    /// Whose word that is.
    pub device: DeviceNumber,
    /// The last entry that it has.
    pub k: u64,
    /// When it said so first, in milliseconds since 1970.
    pub since: u64,
    /// Something that it handed back since was right.
    pub proven: bool,
}

/// A token, by its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRow {
    pub hash: Hash,
    /// Of the challenge that it answered.
    pub nonce: [u8; 32],
    pub party: Party,
    /// Milliseconds since 1970.
    pub expires: u64,
}

/// The mailbox of a pairing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairingRow {
    pub id: PairingId,
    /// The device that opened it.
    pub device: DeviceNumber,
    /// Milliseconds since 1970.
    pub opened: u64,
    /// Milliseconds since 1970.
    pub expires: u64,
    /// What a new device left, sealed.
    pub answer: Option<Vec<u8>>,
}

impl EntryRow {
    /// The entry as it is sent.
    pub fn into_entry(self) -> StreamEntry {
        StreamEntry {
            k: self.k,
            a: self.access_seq,
            stamp: self.stamp,
            header: self.header,
            signature: self.signature,
            body: self.body.map_or(Body::Hash(self.body_hash), Body::Whole),
        }
    }
}
