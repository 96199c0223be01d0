//! Headers, envelopes and stream entries as they travel.

use crate::VERSION;
use crate::cbor::{DecodeError, from_slice, wire};
use crate::hash::{Hash, HashPrefix, Tuple};
use crate::identity::{DeviceNumber, Signature};
use crate::message::Ack;
use crate::stream::Stream;
use minicbor::{Decode, Encode};

/// The most bytes of an encoded [`SealedEnvelope`]: 64 KiB.
pub const MAX_ENVELOPE_BYTES: usize = 64 * 1024;
/// The most bytes of an encoded header.
const MAX_HEADER_BYTES: usize = 160;

/// What the server and every reader check, in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// [`VERSION`].
    #[n(0)]
    pub version: u32,
    /// Where it goes.
    #[n(1)]
    pub stream: Stream,
    /// Who wrote it.
    #[n(2)]
    pub device: DeviceNumber,
    /// 1, 2, 3… per device and stream.
    #[n(3)]
    pub device_seq: u64,
    /// The access entry that the author knew last.
    #[n(4)]
    pub access_seq: u64,
    /// `A` there.
    #[n(5)]
    pub access_hash: HashPrefix,
    /// The epoch of the key it is sealed with.
    #[n(6)]
    pub epoch: u32,
    /// The last place of this stream that the author verified.
    #[n(7)]
    pub seen_k: u64,
    /// `C` there.
    #[n(8)]
    pub seen_chain: HashPrefix,
}

impl Header {
    /// The one encoding of this value.
    pub fn encode(&self) -> Vec<u8> {
        crate::cbor::to_vec(self)
    }

    /// Reads a header. [`DecodeError::Newer`] for versions and elements of later builds.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        crate::cbor::check_version(bytes, MAX_HEADER_BYTES, VERSION)?;
        from_slice(bytes, MAX_HEADER_BYTES)
    }
}

/// What is signed beside the header: the bytes as sent, and their hash.
fn signed_message(header: &[u8], body: &Hash) -> Vec<u8> {
    [header, &body.0[..]].concat()
}

/// The hash of an envelope, by which it is known: `H("envelope" header H(body) signature)`.
fn envelope_hash(header: &[u8], body: &Hash, signature: &Signature) -> Hash {
    Tuple::new("envelope", 3).bytes(header).bytes(&body.0).bytes(&signature.0).hash()
}

/// An envelope as its author sends it. The same bytes are sent again until they are acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedEnvelope {
    /// An encoded [`Header`], as signed.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub header: Vec<u8>,
    /// By the device, kind envelope, over header and H(body).
    #[n(1)]
    pub signature: Signature,
    /// Nonce (24 bytes) and ciphertext.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

wire!(SealedEnvelope = MAX_ENVELOPE_BYTES);

impl SealedEnvelope {
    /// The header, read.
    pub fn read_header(&self) -> Result<Header, DecodeError> {
        Header::decode(&self.header)
    }

    /// What the device signed.
    pub fn signed_message(&self) -> Vec<u8> {
        signed_message(&self.header, &Hash::of(&self.body))
    }

    /// By which the server knows it again.
    pub fn hash(&self) -> Hash {
        envelope_hash(&self.header, &Hash::of(&self.body), &self.signature)
    }

    /// The bytes of its encoding, without making it.
    pub fn size(&self) -> usize {
        let framed = |length: usize| {
            length
                + if length < 24 {
                    1
                } else if length < 256 {
                    2
                } else {
                    3
                }
        };
        1 + framed(self.header.len()) + framed(64) + framed(self.body.len())
    }
}

/// The body of a stream entry, or what stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Body {
    /// Nonce and ciphertext.
    #[n(0)]
    Whole(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// SHA-256 of a body that was erased, or that the reader has because it wrote it.
    #[n(1)]
    Hash(#[n(0)] Hash),
}

impl Body {
    /// `H(body)`.
    pub fn hash(&self) -> Hash {
        match self {
            Self::Whole(bytes) => Hash::of(bytes),
            Self::Hash(hash) => *hash,
        }
    }
}

/// An envelope with the place that the server gave it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StreamEntry {
    /// Its number in the stream.
    #[n(0)]
    pub k: u64,
    /// The access head when it was taken.
    #[n(1)]
    pub a: u64,
    /// The server's time then, Unix milliseconds.
    #[n(2)]
    pub stamp: u64,
    /// An encoded [`Header`], as signed.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub header: Vec<u8>,
    /// Its author's.
    #[n(4)]
    pub signature: Signature,
    /// The sealed changes.
    #[n(5)]
    pub body: Body,
}

wire!(StreamEntry = MAX_ENVELOPE_BYTES + 64);

impl StreamEntry {
    /// The entry that an accepted envelope becomes: what the server stores and sends.
    pub fn placed(envelope: SealedEnvelope, ack: &Ack) -> Self {
        let SealedEnvelope { header, signature, body } = envelope;
        Self { k: ack.k, a: ack.a, stamp: ack.stamp, header, signature, body: Body::Whole(body) }
    }
    /// The header, read.
    pub fn read_header(&self) -> Result<Header, DecodeError> {
        Header::decode(&self.header)
    }

    /// What the device signed.
    pub fn signed_message(&self) -> Vec<u8> {
        signed_message(&self.header, &self.body.hash())
    }

    /// The envelope's hash, the same with and without the body.
    pub fn hash(&self) -> Hash {
        envelope_hash(&self.header, &self.body.hash(), &self.signature)
    }

    /// The same entry without its body: erased, or for its own author.
    #[must_use]
    pub fn stub(&self) -> Self {
        Self { body: Body::Hash(self.body.hash()), ..self.clone() }
    }
}
