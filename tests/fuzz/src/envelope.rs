//! What is inside an envelope, behind the encryption: a member's own device can put anything there.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use kith_protocol::EpochKey;
use kith_protocol::envelope::{MAX_CHANGES, MAX_INFLATED, Plaintext, open, padme};
use sha2::Sha256;

const KEY: EpochKey = EpochKey([3; 32]);
const HEADER: &[u8] = b"any header";

/// The first byte says which layer is given: the padded text, what is packed, or the plaintext that is packed here.
pub fn run(data: &[u8]) {
    let Some((layer, content)) = data.split_first() else { return };
    let padded = match layer % 3 {
        0 => content.to_vec(),
        1 => pad(content),
        _ => pad(&miniz_oxide::deflate::compress_to_vec(content, 6)),
    };
    if let Ok(plaintext) = open(HEADER, &seal(&padded), &KEY) {
        let bytes: usize = plaintext.changes.iter().map(Vec::len).sum();
        assert!(bytes <= MAX_INFLATED && plaintext.changes.len() <= MAX_CHANGES);
        assert!(Plaintext::decode(&plaintext.encode()) == Ok(plaintext));
    }
}

fn pad(packed: &[u8]) -> Vec<u8> {
    let mut padded = u32::try_from(packed.len()).unwrap().to_le_bytes().to_vec();
    padded.extend_from_slice(packed);
    padded.resize(padme(padded.len()), 0);
    padded
}

fn derived(label: &str) -> [u8; 32] {
    let mut info = [0x81, 0x60].to_vec();
    info[1] += u8::try_from(label.len()).unwrap();
    info.extend_from_slice(label.as_bytes());
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(None, &KEY.0).expand(&info, &mut out).unwrap();
    out
}

/// A right nonce and a right tag over any content, as section 6 of docs/protocol.md has it.
fn seal(padded: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut message);
    encoder.array(3).unwrap().str("nonce").unwrap().bytes(HEADER).unwrap().bytes(padded).unwrap();
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&derived("nonce")).unwrap();
    mac.update(&message);
    let mut nonce = [0; 24];
    nonce.copy_from_slice(&mac.finalize().into_bytes()[..24]);
    let cipher = XChaCha20Poly1305::new((&derived("enc")).into());
    let sealed = cipher.encrypt((&nonce).into(), Payload { msg: padded, aad: HEADER }).unwrap();
    [&nonce[..], &sealed].concat()
}

pub fn seeds() -> Vec<Vec<u8>> {
    let plain = Plaintext {
        document: "care/log-2026-11".into(),
        incarnation: 1,
        changes: vec![vec![1, 2, 3], vec![0; 300]],
    }
    .encode();
    let packed = miniz_oxide::deflate::compress_to_vec(&plain, 6);
    let layers = [(0, pad(&packed)), (1, packed), (2, plain)];
    layers.iter().map(|(layer, content)| [&[*layer], &content[..]].concat()).collect()
}
