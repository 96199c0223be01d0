//! Every decoder: round trips, and what it refuses. No bytes panic, and no two byte strings mean the same.

use crate::examples::{actions, all, header};
use kith_protocol::access::AccessEntry;
use kith_protocol::envelope::{Header, Plaintext, SealedEnvelope, StreamEntry};
use kith_protocol::message::{Frame, Frames};
use kith_protocol::{DecodeError, DeviceNumber, Hash, HashPrefix, MemberNumber, Signature, Stream};
use proptest::collection::vec;
use proptest::prelude::*;

fn streams() -> impl Strategy<Value = Stream> {
    prop_oneof![
        Just(Stream::Access),
        Just(Stream::Commons),
        Just(Stream::Network),
        Just(Stream::Care),
        any::<u32>().prop_map(|member| Stream::Private(MemberNumber(member))),
    ]
}

fn headers() -> impl Strategy<Value = Header> {
    let numbers = (any::<u32>(), any::<u64>(), any::<u64>(), any::<u32>(), any::<u64>());
    (streams(), numbers, any::<[u8; 16]>(), any::<[u8; 16]>()).prop_map(
        |(stream, (device, device_seq, access_seq, epoch, seen_k), access, seen)| Header {
            version: kith_protocol::VERSION,
            stream,
            device: DeviceNumber(device),
            device_seq,
            access_seq,
            access_hash: HashPrefix(access),
            epoch,
            seen_k,
            seen_chain: HashPrefix(seen),
        },
    )
}

fn envelopes() -> impl Strategy<Value = SealedEnvelope> {
    let parts = (vec(any::<u8>(), 0..200), any::<[u8; 32]>(), vec(any::<u8>(), 0..2000));
    parts.prop_map(|(header, half, body)| {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&half);
        SealedEnvelope { header, signature: Signature(signature), body }
    })
}

proptest! {
    #[test]
    fn headers_round_trip(header in headers()) {
        prop_assert_eq!(Header::decode(&header.encode()), Ok(header));
    }

    #[test]
    fn plaintexts_round_trip(
        document in "[a-z/0-9-]{1,64}",
        incarnation: u64,
        changes in vec(vec(any::<u8>(), 0..300), 1..20),
    ) {
        let plaintext = Plaintext { document, incarnation, changes };
        prop_assert_eq!(Plaintext::decode(&plaintext.encode()), Ok(plaintext));
    }

    #[test]
    fn envelopes_and_frames_round_trip(envelopes in vec(envelopes(), 0..4)) {
        for envelope in &envelopes {
            prop_assert_eq!(&SealedEnvelope::decode(&envelope.encode()).unwrap(), envelope);
            prop_assert_eq!(envelope.size(), envelope.encode().len());
        }
        let frame = Frame::Submit(envelopes);
        prop_assert_eq!(&Frame::decode(&frame.encode()).unwrap(), &frame);
        let frames = Frames(vec![frame, Frame::CaughtUp]);
        prop_assert_eq!(Frames::decode(&frames.encode()), Ok(frames));
    }

    #[test]
    fn access_entries_round_trip(index in 0..18usize, seq: u64, author: u32, previous: [u8; 32]) {
        let action = actions()[index].clone();
        let entry =
            AccessEntry { version: kith_protocol::VERSION, seq, previous: Hash(previous), author: DeviceNumber(author), action };
        prop_assert_eq!(AccessEntry::decode(&entry.encode()), Ok(entry));
    }

    /// Whatever is read writes the same bytes again.
    #[test]
    fn changed_bytes_are_refused_or_mean_something_else(index: prop::sample::Index, at: prop::sample::Index, to: u8) {
        let examples = all();
        let example = index.get(&examples);
        let mut bytes = example.bytes.clone();
        *at.get_mut(&mut bytes) = to;
        if let Ok(again) = (example.read)(&bytes) {
            prop_assert_eq!(again, bytes, "{}", example.name);
        }
    }

    #[test]
    fn junk_is_refused(junk in vec(any::<u8>(), 0..400)) {
        for example in all() {
            if let Ok(again) = (example.read)(&junk) {
                prop_assert_eq!(&again, &junk, "{}", example.name);
            }
        }
    }
}

#[test]
fn every_example_is_read_and_every_part_of_it_alone_is_not() {
    for example in all() {
        assert_eq!((example.read)(&example.bytes), Ok(example.bytes.clone()), "{}", example.name);
        for end in 0..example.bytes.len() {
            let cut = (example.read)(&example.bytes[..end]);
            assert_eq!(cut, Err(DecodeError::Malformed), "{} cut at {end}", example.name);
        }
        let longer = [&example.bytes[..], &[0]].concat();
        let expected = if longer.len() > example.limit {
            DecodeError::TooLarge { limit: example.limit }
        } else {
            DecodeError::NotCanonical
        };
        assert_eq!((example.read)(&longer), Err(expected), "{} with more behind", example.name);
    }
}

#[test]
fn limits_come_before_everything_else() {
    for example in all() {
        let long = vec![0xff; example.limit + 1];
        assert_eq!(
            (example.read)(&long),
            Err(DecodeError::TooLarge { limit: example.limit }),
            "{}",
            example.name
        );
    }
}

#[test]
fn a_trailing_element_is_newer_and_another_form_is_refused() {
    for example in all().into_iter().filter(|example| (0x80..0x97).contains(&example.bytes[0])) {
        let list = example.name == "Frames";
        let mut longer = example.bytes.clone();
        longer[0] += 1;
        longer.push(0x07);
        let expected = if list { DecodeError::Malformed } else { DecodeError::Newer };
        assert_eq!((example.read)(&longer), Err(expected), "{}", example.name);

        let mut indefinite = example.bytes.clone();
        indefinite[0] = 0x9f;
        indefinite.push(0xff);
        let refused = (example.read)(&indefinite).unwrap_err();
        let forms = [DecodeError::NotCanonical, DecodeError::Malformed, DecodeError::Newer];
        assert!(forms.contains(&refused), "{}: {refused}", example.name);
        let length = example.bytes[0] - 0x80;
        let long_head = [&[0x98, length], &example.bytes[1..]].concat();
        let refused = (example.read)(&long_head).unwrap_err();
        assert!(forms.contains(&refused), "{}: {refused}", example.name);
    }
}

#[test]
fn a_length_that_is_promised_and_not_there_costs_nothing() {
    // Arrays and strings that claim 2^32 - 1 and 2^64 - 1 elements, and nesting without an end.
    let claims: [&[u8]; 5] = [
        &[0x9a, 0xff, 0xff, 0xff, 0xff],
        &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x5a, 0xff, 0xff, 0xff, 0xff],
        &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x81; 300],
    ];
    for claim in claims {
        assert_eq!(Frame::decode(claim), Err(DecodeError::Malformed));
        assert_eq!(StreamEntry::decode(claim), Err(DecodeError::Malformed));
    }
    let tagged = [&[0xc1], &header().encode()[..]].concat();
    assert!(Header::decode(&tagged).is_err());
    assert_eq!(Frame::decode(&[0xa0]), Err(DecodeError::NotCanonical), "maps are not used");
    assert_eq!(Frame::decode(&[0xf9, 0, 0]), Err(DecodeError::NotCanonical), "nor floats");
}
