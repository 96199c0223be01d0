//! Sealing and opening: deflate, pad, a nonce made of the content, XChaCha20-Poly1305, a signature.

use super::compress::{InflateError, deflate, inflate};
use super::header::{Header, MAX_ENVELOPE_BYTES, SealedEnvelope};
use super::padding::{pad, unpad};
use super::plaintext::Plaintext;
use crate::cbor::DecodeError;
use crate::hash::{Tuple, derive, hmac};
use crate::identity::{CircleId, DeviceSecrets, Signature, SignatureKind};
use crate::keyring::EpochKey;
use crate::sabotage::{Safeguard, is_off};
use crate::sealed;

/// Why changes cannot be sealed as one envelope. They are untouched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// More than 64 KiB sealed, 1 MiB inflated or 1000 changes: split them.
    #[error("too much for one envelope")]
    TooLarge,
    /// No changes, or a document name that is empty or too long.
    #[error("nothing to seal, or a wrong document name")]
    Empty,
}

/// Why an envelope's content is void. Every reader with the same key comes to the same result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The ciphertext is not of this header and key.
    #[error("does not open with the epoch's key")]
    Ciphertext,
    /// The nonce is not the one that follows from the content.
    #[error("the nonce is not made of the content")]
    Nonce,
    /// The padding is not Padmé's.
    #[error("the padding is wrong")]
    Padding,
    /// What is inside is not a deflate stream.
    #[error("does not inflate")]
    Inflate,
    /// Inflates to more than 1 MiB.
    #[error("inflates to more than 1 MiB")]
    TooLarge,
    /// What is inside is not a plaintext of this version.
    #[error("the content is not readable")]
    Content,
}

/// Seals and signs. The same input gives the same bytes: no randomness is used.
pub fn seal(
    header: &Header,
    plaintext: &Plaintext,
    circle: &CircleId,
    key: &EpochKey,
    secrets: &DeviceSecrets,
) -> Result<SealedEnvelope, SealError> {
    if plaintext.changes.is_empty() || !plaintext.within_limits() {
        let many = plaintext.changes.len() > super::MAX_CHANGES;
        return Err(if many { SealError::TooLarge } else { SealError::Empty });
    }
    let plain = plaintext.encode();
    if plain.len() > super::MAX_INFLATED {
        return Err(SealError::TooLarge);
    }
    let header = header.encode();
    let padded = pad(&deflate(&plain)).ok_or(SealError::TooLarge)?;
    let nonce = nonce(key, &header, &padded);
    let sealed = sealed::seal(&encryption_key(key), &nonce, &padded, &header).ok_or(SealError::TooLarge)?;
    let body = [&nonce[..], &sealed].concat();
    let mut envelope = SealedEnvelope { header, signature: Signature([0; 64]), body };
    if envelope.size() > MAX_ENVELOPE_BYTES {
        return Err(SealError::TooLarge);
    }
    envelope.signature = secrets.sign(SignatureKind::Envelope, circle, &envelope.signed_message());
    Ok(envelope)
}

/// Opens a body whose signature has been checked. `header` are the bytes as signed.
pub fn open(header: &[u8], body: &[u8], key: &EpochKey) -> Result<Plaintext, OpenError> {
    let (given, sealed) = body.split_first_chunk::<24>().ok_or(OpenError::Ciphertext)?;
    let padded = sealed::open(&encryption_key(key), given, sealed, header).ok_or(OpenError::Ciphertext)?;
    if nonce(key, header, &padded) != *given {
        return Err(OpenError::Nonce);
    }
    let packed = unpad(&padded).ok_or(OpenError::Padding)?;
    let plain = inflate(packed).map_err(|error| match error {
        InflateError::Malformed => OpenError::Inflate,
        InflateError::TooLarge => OpenError::TooLarge,
    })?;
    Plaintext::decode(&plain).map_err(|error| match error {
        DecodeError::TooLarge { .. } => OpenError::TooLarge,
        _ => OpenError::Content,
    })
}

fn encryption_key(key: &EpochKey) -> zeroize::Zeroizing<[u8; 32]> {
    derive(&key.0, &Tuple::new("enc", 0))
}

/// Follows from what is sealed, so that repeated randomness harms nothing (as in SIV, RFC 5297).
fn nonce(key: &EpochKey, header: &[u8], padded: &[u8]) -> [u8; 24] {
    if is_off(Safeguard::Nonce) {
        return [0; 24];
    }
    let under = derive(&key.0, &Tuple::new("nonce", 0));
    let full = hmac(&under, &Tuple::new("nonce", 2).bytes(header).bytes(padded));
    let mut nonce = [0; 24];
    nonce.copy_from_slice(&full[..24]);
    nonce
}
