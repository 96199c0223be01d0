//! What is said to the mailbox of a pairing: the one place where a device without a number leaves a message.

use crate::cbor::wire;
use crate::identity::{CircleId, Language, PairingId};
use crate::pairing::MAX_PAIRING_ANSWER;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minicbor::{Decode, Encode};

/// The longest that a mailbox stays open: 15 minutes in milliseconds.
pub const MAX_PAIRING_MS: u64 = 15 * 60_000;
/// The most mailboxes that a device has open at a time; one more closes its oldest.
pub const MAX_PAIRINGS: usize = 3;

impl PairingId {
    /// As it stands in links and in paths: base64url, 22 characters.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What [`Self::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

/// The body of `POST /v1/pairings`: opens a mailbox for the token's circle.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct PairingOpen {
    /// Of a session of a device.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub token: Vec<u8>,
    /// Its name.
    #[n(1)]
    pub id: PairingId,
    /// For how long from now, in milliseconds; at most [`MAX_PAIRING_MS`].
    #[n(2)]
    pub lasts_ms: u64,
}

/// Its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PairingOpened {
    /// How long it stays open from now, in milliseconds.
    #[n(0)]
    pub left_ms: u64,
}

/// The answer to `GET /v1/pairings/{id}`, which needs no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PairingShown {
    /// The whole id of the circle, of which the link has a half.
    #[n(0)]
    pub circle: CircleId,
    /// The language of its words.
    #[n(1)]
    pub language: Language,
    /// Somebody has answered already.
    #[n(2)]
    pub answered: bool,
    /// How long it stays open, in milliseconds.
    #[n(3)]
    pub left_ms: u64,
}

/// The body of `POST /v1/pairings/{id}/read` and `…/close`.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct PairingToken {
    /// Of a session of the device that opened the mailbox.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub token: Vec<u8>,
}

/// The answer to `POST /v1/pairings/{id}/read`: what the new device left, if it has.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PairingRead {
    /// Sealed; at most [`MAX_PAIRING_ANSWER`] bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub answer: Option<Vec<u8>>,
}

wire!(
    PairingOpen = 256,
    PairingOpened = 16,
    PairingShown = 64,
    PairingToken = 128,
    PairingRead = MAX_PAIRING_ANSWER + 8,
);

impl std::fmt::Debug for PairingOpen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PairingOpen(token redacted, {:?}, {} ms)", self.id, self.lasts_ms)
    }
}

impl std::fmt::Debug for PairingToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PairingToken(redacted)")
    }
}
