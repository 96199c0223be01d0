//! What is inside: one document's changes.

use crate::cbor::{DecodeError, Wire, from_slice, to_vec};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// The most changes in an envelope.
pub const MAX_CHANGES: usize = 1000;
/// The most bytes of a document's name.
pub const MAX_DOCUMENT_NAME: usize = 64;

/// The changes of one document by one actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plaintext {
    /// The document's name, such as `care/log-2026-11`.
    pub document: String,
    /// Of the author's device, part of the actor.
    pub incarnation: u64,
    /// Uncompressed Automerge change chunks, 1 to 1000.
    pub changes: Vec<Vec<u8>>,
}

#[derive(Encode, Decode)]
struct Plain(#[n(0)] String, #[n(1)] u64, #[n(2)] Vec<ByteVec>);

impl Plaintext {
    /// The one encoding of this value.
    pub fn encode(&self) -> Vec<u8> {
        let changes = self.changes.iter().map(|change| change.clone().into()).collect();
        to_vec(&Plain(self.document.clone(), self.incarnation, changes))
    }

    /// Reads what was inflated.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let Plain(document, incarnation, changes) = from_slice(bytes, super::MAX_INFLATED)?;
        let plain = Self { document, incarnation, changes: changes.into_iter().map(Into::into).collect() };
        if plain.within_limits() { Ok(plain) } else { Err(DecodeError::Malformed) }
    }

    pub(super) fn within_limits(&self) -> bool {
        (1..=MAX_CHANGES).contains(&self.changes.len())
            && (1..=MAX_DOCUMENT_NAME).contains(&self.document.len())
    }
}

impl Wire for Plaintext {
    const LIMIT: usize = super::MAX_INFLATED;
    fn encode(&self) -> Vec<u8> {
        Self::encode(self)
    }
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::decode(bytes)
    }
}
