//! How far a stream has been verified.

use super::verdict::ServerFault;
use crate::cbor::DecodeError;
use crate::hash::Hash;
use crate::identity::DeviceNumber;
use crate::stream::{Cursor, Stream};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// How far a client has verified one stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StreamState {
    /// Which stream.
    #[n(0)]
    pub stream: Stream,
    /// The last entry.
    #[n(1)]
    pub k: u64,
    /// `C_k`.
    #[n(2)]
    pub chain: Hash,
    /// Its access head.
    #[n(3)]
    pub a: u64,
    /// Its stamp, Unix milliseconds.
    #[n(4)]
    pub stamp: u64,
    /// The last `device_seq` of each author.
    #[n(5)]
    pub device_seqs: BTreeMap<DeviceNumber, u64>,
}

impl StreamState {
    /// The start of a stream.
    pub fn new(stream: Stream) -> Self {
        Self { stream, k: 0, chain: Hash::ZERO, a: 0, stamp: 0, device_seqs: BTreeMap::new() }
    }

    /// For Hello.
    pub fn cursor(&self) -> Cursor {
        Cursor { stream: self.stream, k: self.k, chain: self.chain }
    }

    /// For the device's own storage. Not a wire format.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::cbor::to_vec(self)
    }

    /// What [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        minicbor::decode(bytes).map_err(|_| DecodeError::Malformed)
    }

    /// Compares with a place that the server names, if that is where this state is.
    pub fn agrees(&self, with: &Cursor) -> Result<(), ServerFault> {
        let other = with.stream == self.stream && with.k == self.k && with.chain != self.chain;
        if other { Err(ServerFault::Chain) } else { Ok(()) }
    }
}
