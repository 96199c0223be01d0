//! The few hashes and derived keys of the protocol: every input is the CBOR array of its parts, label first.

use hkdf::Hkdf;
use hmac::{KeyInit, Mac};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// A SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Hash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// The first half of a [`Hash`], as headers carry it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct HashPrefix(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl Hash {
    /// The value before the first entry of a chain.
    pub const ZERO: Self = Self([0; 32]);

    /// SHA-256 of bytes as they are.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The first 16 bytes.
    pub fn prefix(&self) -> HashPrefix {
        let mut half = [0; 16];
        half.copy_from_slice(&self.0[..16]);
        HashPrefix(half)
    }
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for HashPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

/// Builds the CBOR array of a labelled tuple.
pub(crate) struct Tuple(minicbor::Encoder<Vec<u8>>);

impl Tuple {
    /// A tuple of `label` and `parts` further elements.
    pub(crate) fn new(label: &str, parts: u64) -> Self {
        let mut encoder = minicbor::Encoder::new(Vec::new());
        let _infallible = encoder.array(parts + 1).and_then(|e| e.str(label)).map(|_| ());
        Self(encoder)
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        let _infallible = self.0.bytes(bytes).map(|_| ());
        self
    }

    pub(crate) fn uint(mut self, number: u64) -> Self {
        let _infallible = self.0.u64(number).map(|_| ());
        self
    }

    pub(crate) fn value<T: Encode<()>>(mut self, value: &T) -> Self {
        let _infallible = self.0.encode(value).map(|_| ());
        self
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.into_writer()
    }

    pub(crate) fn hash(self) -> Hash {
        Hash::of(&self.finish())
    }
}

/// HKDF-SHA256 with an empty salt, 32 bytes.
pub(crate) fn derive(key: &[u8], info: &Tuple) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // 32 bytes are one block: expand cannot fail.
    let _infallible = Hkdf::<Sha256>::new(None, key).expand(info.0.writer(), out.as_mut());
    out
}

/// HMAC-SHA256.
pub(crate) fn hmac(key: &[u8; 32], message: &Tuple) -> [u8; 32] {
    // A key shorter than a block is padded with zeros (RFC 2104); done here, because this cannot fail.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = <hmac::Hmac<Sha256> as KeyInit>::new((&*block).into());
    mac.update(message.0.writer());
    mac.finalize().into_bytes().into()
}
