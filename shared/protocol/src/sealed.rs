//! XChaCha20-Poly1305 as this protocol uses it.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};

/// The nonce of keys that seal exactly one message.
pub(crate) const ONCE: [u8; 24] = [0; 24];

/// Ciphertext and tag. Fails only for lengths that no caller here reaches.
pub(crate) fn seal(key: &[u8; 32], nonce: &[u8; 24], plain: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    XChaCha20Poly1305::new(key.into()).encrypt(nonce.into(), Payload { msg: plain, aad: data }).ok()
}

/// The plaintext, if key, nonce, ciphertext and data belong together.
pub(crate) fn open(key: &[u8; 32], nonce: &[u8; 24], sealed: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    XChaCha20Poly1305::new(key.into()).decrypt(nonce.into(), Payload { msg: sealed, aad: data }).ok()
}
