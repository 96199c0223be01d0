//! Challenges that need no storage until they are answered (ADR 0030).

use hmac::{Hmac, KeyInit, Mac};
use kith_protocol::Party;
use sha2::Sha256;

use crate::store::Circle;

/// How long a challenge may be answered: two minutes in milliseconds.
pub const CHALLENGE_MS: u64 = 2 * 60_000;

/// A nonce for this party of this circle: when it expires (8 bytes), random (8), and a code of both that only the
/// circle's key makes (16).
pub fn issue(circle: &Circle, party: Party, now_ms: u64, random: [u8; 8]) -> [u8; 32] {
    let mut nonce = [0; 32];
    nonce[..8].copy_from_slice(&now_ms.saturating_add(CHALLENGE_MS).to_be_bytes());
    nonce[8..16].copy_from_slice(&random);
    let code = code(circle, party, &nonce[..16]);
    nonce[16..].copy_from_slice(&code);
    nonce
}

/// Whether the nonce is this server's, for this party, and still good. Compares in constant time.
pub fn read_nonce(circle: &Circle, party: Party, nonce: &[u8; 32], now_ms: u64) -> bool {
    let mut expires = [0; 8];
    expires.copy_from_slice(&nonce[..8]);
    let ours = mac(circle, party, &nonce[..16]).verify_truncated_left(&nonce[16..]).is_ok();
    ours && now_ms < u64::from_be_bytes(expires)
}

fn code(circle: &Circle, party: Party, start: &[u8]) -> [u8; 16] {
    let mut code = [0; 16];
    code.copy_from_slice(&mac(circle, party, start).finalize().into_bytes()[..16]);
    code
}

fn mac(circle: &Circle, party: Party, start: &[u8]) -> Hmac<Sha256> {
    // A key shorter than a block is filled up with zeros, by definition of HMAC (RFC 2104).
    let mut block = [0; 64];
    block[..32].copy_from_slice(circle.challenge_key());
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(b"kith/server/challenge");
    mac.update(&circle.id().0);
    mac.update(start);
    mac.update(&minicbor::to_vec(party).unwrap_or_default());
    mac
}
