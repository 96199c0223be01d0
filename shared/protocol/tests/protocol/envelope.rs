//! Sealing and opening, and everything that makes a content void.

use crate::world::{World, plaintext};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use hmac::Mac;
use kith_protocol::envelope::{
    Header, MAX_CHANGES, MAX_ENVELOPE_BYTES, MAX_INFLATED, OpenError, Plaintext, SealError, open, padme, seal,
};
use kith_protocol::{DecodeError, EpochKey, Stream};
use miniz_oxide::deflate::compress_to_vec;
use sha2::Sha256;

fn derived(key: &EpochKey, label: &str) -> [u8; 32] {
    // ["label"], as docs/protocol.md has it.
    let info = [&[0x81, 0x60 + u8::try_from(label.len()).unwrap()], label.as_bytes()].concat();
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(None, &key.0).expand(&info, &mut out).unwrap();
    out
}

fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    match bytes.len() {
        length @ 0..24 => out.push(0x40 + u8::try_from(length).unwrap()),
        length @ 24..256 => out.extend([0x58, u8::try_from(length).unwrap()]),
        length @ 256..65_536 => {
            out.push(0x59);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            out.push(0x5a);
            out.extend(u32::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend_from_slice(bytes);
}

/// A body made by hand of what is inside the encryption, so that each layer can be broken alone.
fn body(key: &EpochKey, header: &[u8], padded: &[u8]) -> Vec<u8> {
    let mut message = vec![0x83, 0x65];
    message.extend_from_slice(b"nonce");
    bytes(&mut message, header);
    bytes(&mut message, padded);
    let mut mac = <hmac::Hmac<Sha256> as KeyInit>::new_from_slice(&derived(key, "nonce")).unwrap();
    mac.update(&message);
    with_nonce(key, header, padded, mac.finalize().into_bytes()[..24].try_into().unwrap())
}

fn with_nonce(key: &EpochKey, header: &[u8], padded: &[u8], nonce: &[u8; 24]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new((&derived(key, "enc")).into());
    let sealed = cipher.encrypt(nonce.into(), Payload { msg: padded, aad: header }).unwrap();
    [&nonce[..], &sealed].concat()
}

fn padded(content: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(content.len()).unwrap().to_le_bytes().to_vec();
    out.extend_from_slice(content);
    out.resize(padme(out.len()), 0);
    out
}

const KEY: EpochKey = EpochKey([3; 32]);
const HEADER: &[u8] = b"any header";

fn open_packed(packed: &[u8]) -> Result<Plaintext, OpenError> {
    open(HEADER, &body(&KEY, HEADER, &padded(packed)), &KEY)
}

#[test]
fn what_is_sealed_opens_with_the_key_of_its_epoch_only() {
    let (mut world, founder) = World::found();
    let envelope = world.seal(&founder, Stream::Care);
    let key = founder.keyring.key(Stream::Care, 1).unwrap();
    assert_eq!(open(&envelope.header, &envelope.body, key).unwrap(), plaintext());
    let other = founder.keyring.key(Stream::Commons, 1).unwrap();
    assert_eq!(open(&envelope.header, &envelope.body, other), Err(OpenError::Ciphertext));
    let mut header = envelope.header.clone();
    header[3] ^= 1;
    assert_eq!(open(&header, &envelope.body, key), Err(OpenError::Ciphertext));
    for at in [0, 23, 24, envelope.body.len() - 1] {
        let mut bent = envelope.body.clone();
        bent[at] ^= 1;
        assert_eq!(open(&envelope.header, &bent, key), Err(OpenError::Ciphertext), "byte {at}");
    }
    assert_eq!(open(&envelope.header, &envelope.body[..10], key), Err(OpenError::Ciphertext));
    assert_eq!(world.seal(&founder, Stream::Care), envelope, "sealing again gives the same bytes");
    world.write(&founder, Stream::Care);
    assert_ne!(
        world.seal(&founder, Stream::Care).body[..24],
        envelope.body[..24],
        "another header, another nonce"
    );
}

#[test]
fn each_layer_that_is_wrong_is_void_for_its_own_reason() {
    let plain = plaintext().encode();
    assert_eq!(open_packed(&compress_to_vec(&plain, 6)).unwrap(), plaintext(), "the hand-made body is right");

    let right = padded(&compress_to_vec(&plain, 6));
    let other_nonce = with_nonce(&KEY, HEADER, &right, &[9; 24]);
    assert_eq!(open(HEADER, &other_nonce, &KEY), Err(OpenError::Nonce));

    let padding = |padded: &[u8]| open(HEADER, &body(&KEY, HEADER, padded), &KEY);
    let mut longer = right.clone();
    longer.push(0);
    assert_eq!(padding(&longer), Err(OpenError::Padding));
    assert_eq!(padding(&[]), Err(OpenError::Padding));
    assert_eq!(padding(&[255, 255, 255, 255, 0]), Err(OpenError::Padding));
    let mut dirty = padded(&[7; 97]);
    assert!(dirty.len() > 101);
    *dirty.last_mut().unwrap() = 1;
    assert_eq!(padding(&dirty), Err(OpenError::Padding));

    assert_eq!(open_packed(&[0xff; 40]), Err(OpenError::Inflate));
    let whole = compress_to_vec(&plain, 6);
    assert_eq!(open_packed(&whole[..whole.len() - 1]), Err(OpenError::Inflate), "cut off");
    assert_eq!(open_packed(&[&whole[..], &[0]].concat()), Err(OpenError::Inflate), "bytes left over");
    assert_eq!(open_packed(&compress_to_vec(b"junk", 6)), Err(OpenError::Content));
    let no_changes = Plaintext { changes: Vec::new(), ..plaintext() }.encode();
    assert_eq!(open_packed(&compress_to_vec(&no_changes, 6)), Err(OpenError::Content));
    let many = Plaintext { changes: vec![vec![]; MAX_CHANGES + 1], ..plaintext() }.encode();
    assert_eq!(open_packed(&compress_to_vec(&many, 6)), Err(OpenError::Content));
    let unnamed = Plaintext { document: String::new(), ..plaintext() }.encode();
    assert_eq!(open_packed(&compress_to_vec(&unnamed, 6)), Err(OpenError::Content));
}

#[test]
fn a_bomb_stops_at_one_mebibyte_while_it_inflates() {
    let bomb = compress_to_vec(&vec![0; 64 * MAX_INFLATED], 9);
    assert!(bomb.len() < MAX_ENVELOPE_BYTES + 4096, "{}", bomb.len());
    assert_eq!(open_packed(&bomb), Err(OpenError::TooLarge));
    let just_over = compress_to_vec(&vec![0; MAX_INFLATED + 1], 9);
    assert_eq!(open_packed(&just_over), Err(OpenError::TooLarge));
    let just_fits = compress_to_vec(&vec![0; MAX_INFLATED], 9);
    assert_eq!(open_packed(&just_fits), Err(OpenError::Content), "it inflates and is junk");
}

#[test]
fn too_much_is_refused_before_it_is_sealed() {
    let (world, founder) = World::found();
    let header = world.header(&founder, Stream::Care);
    let key = founder.keyring.key(Stream::Care, 1).unwrap();
    let attempt = |plaintext: &Plaintext| {
        seal(&header, plaintext, &world.log.circle(), key, &founder.secrets).map(|envelope| envelope.size())
    };
    let with = |changes| Plaintext { changes, ..plaintext() };
    assert_eq!(attempt(&with(vec![])), Err(SealError::Empty));
    assert_eq!(attempt(&with(vec![vec![]; MAX_CHANGES + 1])), Err(SealError::TooLarge));
    assert!(attempt(&with(vec![vec![]; MAX_CHANGES])).is_ok());
    assert_eq!(attempt(&with(vec![vec![0; MAX_INFLATED]])), Err(SealError::TooLarge));
    let mut state = 1u32;
    let noise: Vec<u8> = (0..MAX_ENVELOPE_BYTES)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    assert_eq!(attempt(&with(vec![noise.clone()])), Err(SealError::TooLarge));
    assert!(attempt(&with(vec![noise[..60_000].to_vec()])).unwrap() <= MAX_ENVELOPE_BYTES);
    assert_eq!(attempt(&Plaintext { document: "x".repeat(65), ..plaintext() }), Err(SealError::Empty));
}

#[test]
fn the_size_is_that_of_the_encoding() {
    let (world, founder) = World::found();
    for stream in [Stream::Commons, Stream::Care] {
        let envelope = world.seal(&founder, stream);
        assert_eq!(envelope.size(), envelope.encode().len());
    }
    let mut envelope = world.seal(&founder, Stream::Care);
    for length in [0, 23, 24, 255, 256, 60_000] {
        envelope.body = vec![0; length];
        assert_eq!(envelope.size(), envelope.encode().len(), "{length}");
    }
}

#[test]
fn headers_of_other_versions_are_told_from_junk() {
    let (world, founder) = World::found();
    let header = world.header(&founder, Stream::Care);
    let bytes = header.encode();
    assert_eq!(Header::decode(&bytes).unwrap(), header);
    let mut newer = bytes.clone();
    newer[1] = 2;
    assert_eq!(Header::decode(&newer), Err(DecodeError::Newer));
    let mut older = bytes.clone();
    older[1] = 0;
    assert_eq!(Header::decode(&older), Err(DecodeError::Older));
    let mut longer = bytes.clone();
    longer[0] += 1;
    longer.push(0);
    assert_eq!(Header::decode(&longer), Err(DecodeError::Newer));
    assert_eq!(Header::decode(&bytes[..bytes.len() - 1]), Err(DecodeError::Malformed));
    assert_eq!(Header::decode(&[&bytes[..], &[0]].concat()), Err(DecodeError::NotCanonical));
    assert_eq!(Header::decode(&[0; 200]), Err(DecodeError::TooLarge { limit: 160 }));
    let mut long_integer = vec![0x89, 0x18, 0x01];
    long_integer.extend_from_slice(&bytes[2..]);
    assert_eq!(Header::decode(&long_integer), Err(DecodeError::NotCanonical));
}

#[test]
fn padme_adds_at_most_an_eighth_and_never_shrinks() {
    assert_eq!([0, 1, 8, 9, 100, 1000].map(padme), [0, 1, 8, 10, 104, 1024]);
    for length in 1..70_000 {
        let padded = padme(length);
        assert!(
            padded >= length && (padded - length) * 8 <= length.max(8) && padme(padded) == padded,
            "{length}"
        );
    }
}
