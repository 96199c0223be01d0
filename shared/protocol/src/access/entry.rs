//! Access entries as they are signed, sent and recorded.

use super::action::Action;
use crate::VERSION;
use crate::cbor::{DecodeError, from_slice, wire};
use crate::hash::{Hash, Tuple};
use crate::identity::{CircleId, DeviceNumber, DeviceSecrets, Signature, SignatureKind};
use minicbor::{Decode, Encode};

/// The most bytes an access entry may have.
pub const MAX_ACCESS_BYTES: usize = 4096;

/// One step of a circle's membership, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AccessEntry {
    /// [`VERSION`].
    #[n(0)]
    pub version: u32,
    /// Its place: head + 1.
    #[n(1)]
    pub seq: u64,
    /// `A` of the entry before.
    #[n(2)]
    pub previous: Hash,
    /// The device that signs; 0 for Found and Join, whose device has no number yet.
    #[n(3)]
    pub author: DeviceNumber,
    /// What it does.
    #[n(4)]
    pub action: Action,
}

impl AccessEntry {
    /// The one encoding of this value.
    pub fn encode(&self) -> Vec<u8> {
        crate::cbor::to_vec(self)
    }

    /// Reads an entry. [`DecodeError::Newer`] for versions, actions and elements of later builds.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        crate::cbor::check_version(bytes, MAX_ACCESS_BYTES, VERSION)?;
        from_slice(bytes, MAX_ACCESS_BYTES)
    }

    /// Encodes and signs. For Found the circle is the hash of these very bytes.
    pub fn sign(&self, circle: Option<&CircleId>, secrets: &DeviceSecrets) -> SignedAccess {
        let bytes = self.encode();
        let circle = circle.copied().unwrap_or_else(|| CircleId::of(&bytes));
        let signature = secrets.sign(SignatureKind::Access, &circle, &bytes);
        SignedAccess { bytes, signature }
    }
}

/// An entry as it was signed: the bytes are never encoded again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedAccess {
    /// An encoded [`AccessEntry`].
    #[cbor(n(0), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
    /// By its author, kind access.
    #[n(1)]
    pub signature: Signature,
}

wire!(SignedAccess = MAX_ACCESS_BYTES + 128);

impl SignedAccess {
    /// `A_n`: what the chain is after this entry.
    pub fn chain(&self, previous: &Hash, seq: u64, stamp: u64) -> Hash {
        Tuple::new("access", 5)
            .bytes(&previous.0)
            .uint(seq)
            .bytes(&self.bytes)
            .bytes(&self.signature.0)
            .uint(stamp)
            .hash()
    }
}

/// An entry as the server recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AccessRecord {
    /// What was sent.
    #[n(0)]
    pub signed: SignedAccess,
    /// When the server took it, Unix milliseconds, never decreasing.
    #[n(1)]
    pub stamp: u64,
}

wire!(AccessRecord = MAX_ACCESS_BYTES + 160);
