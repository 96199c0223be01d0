//! The Automerge actor under which a device writes a document.

use minicbor::Encoder;
use sha2::{Digest, Sha256};

use crate::{DeviceNumber, DocumentName};

/// `H("actor" circle device document incarnation)[..16]`: SHA-256 of the CBOR array of the parts, label first.
///
/// A device that rebases draws a new `incarnation`, because an (actor, seq) is never used twice.
pub fn actor(circle: &[u8; 32], device: DeviceNumber, document: &DocumentName, incarnation: u64) -> [u8; 16] {
    let mut encoder = Encoder::new(Vec::with_capacity(128));
    let written = encoder
        .array(5)
        .and_then(|to| to.str("actor"))
        .and_then(|to| to.bytes(circle))
        .and_then(|to| to.u32(device))
        .and_then(|to| to.str(document.as_str()))
        .and_then(|to| to.u64(incarnation));
    debug_assert!(written.is_ok(), "writing to a Vec does not fail");
    let hash: [u8; 32] = Sha256::digest(encoder.writer()).into();
    let mut actor = [0; 16];
    actor.copy_from_slice(&hash[..16]);
    actor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_makes_another_actor() {
        let name = |text| DocumentName::parse(text).unwrap();
        let log = name("care/log-2026-11");
        let one = actor(&[1; 32], 2, &log, 3);
        assert_eq!(one, actor(&[1; 32], 2, &log, 3));
        for other in [
            actor(&[9; 32], 2, &log, 3),
            actor(&[1; 32], 9, &log, 3),
            actor(&[1; 32], 2, &name("care/plan"), 3),
            actor(&[1; 32], 2, &log, 9),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn the_bytes_are_pinned() {
        let name = DocumentName::parse("care/log-2026-11").unwrap();
        let mut cbor = vec![0x85, 0x65];
        cbor.extend(b"actor");
        cbor.extend([0x58, 32]);
        cbor.extend([7; 32]);
        cbor.extend([0x18, 200, 0x70]);
        cbor.extend(b"care/log-2026-11");
        cbor.extend([0x19, 1, 0]);
        let hash: [u8; 32] = Sha256::digest(&cbor).into();
        assert_eq!(actor(&[7; 32], 200, &name, 256), hash[..16]);
    }
}
