//! The container in which a document is stored: Automerge's save, and what Automerge does not know.

use minicbor::{Decode, Decoder, Encode, Encoder};
use sha2::{Digest, Sha256};

use crate::{DeviceNumber, DocumentName};

/// The form written here.
const FORM: u32 = 1;

/// Why stored bytes are not a document. The raw entries are still there to make it from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    #[error("the stored document is damaged")]
    Damaged,
    #[error("the stored document has form {0}, which a newer app wrote")]
    Newer(u32),
}

/// What is stored: `[form, SHA-256 of content, content]`, content being the CBOR array of these.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Snapshot {
    #[n(0)]
    pub(crate) name: DocumentName,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub(crate) circle: [u8; 32],
    /// Everybody who wrote in it, in order of first appearance; genesis is left out.
    #[n(2)]
    pub(crate) actors: Vec<SavedActor>,
    /// Automerge's save of the committed document.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub(crate) save: Vec<u8>,
}

/// One device under one incarnation, and where its changes stand, by seq.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SavedActor {
    #[n(0)]
    pub(crate) device: DeviceNumber,
    #[n(1)]
    pub(crate) incarnation: u64,
    #[n(2)]
    pub(crate) places: Vec<SavedPlace>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SavedPlace {
    #[n(0)]
    pub(crate) k: u64,
    /// Of the change's first op, in entry `k`.
    #[n(1)]
    pub(crate) place: u32,
    #[n(2)]
    pub(crate) stamp: u64,
}

impl Snapshot {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let content = minicbor::to_vec(self).unwrap_or_default();
        let mut encoder = Encoder::new(Vec::with_capacity(content.len() + 48));
        let hash = Sha256::digest(&content);
        let written = encoder
            .array(3)
            .and_then(|to| to.u32(FORM))
            .and_then(|to| to.bytes(&hash))
            .and_then(|to| to.bytes(&content));
        debug_assert!(written.is_ok(), "writing to a Vec does not fail");
        encoder.into_writer()
    }

    /// The hash comes first, because Automerge is not to be trusted with damaged bytes.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut decoder = Decoder::new(bytes);
        let damaged = |_| SnapshotError::Damaged;
        decoder.array().map_err(damaged)?;
        let form = decoder.u32().map_err(damaged)?;
        if form > FORM {
            return Err(SnapshotError::Newer(form));
        }
        let hash = decoder.bytes().map_err(damaged)?;
        let content = decoder.bytes().map_err(damaged)?;
        if Sha256::digest(content)[..] != *hash || decoder.position() != bytes.len() {
            return Err(SnapshotError::Damaged);
        }
        minicbor::decode(content).map_err(damaged)
    }
}
