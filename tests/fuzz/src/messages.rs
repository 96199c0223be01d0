//! Everything that travels: what is read is written as the same bytes, and nothing is read in two ways.

use kith_protocol::Wire;
use kith_protocol::access::{AccessEntry, AccessRecord, SignedAccess};
use kith_protocol::envelope::{Header, Plaintext, SealedEnvelope, StreamEntry};
use kith_protocol::invite::{Greeting, InviteState};
use kith_protocol::message::{AccessAck, Frame, Frames, SubmitAccess};
use kith_protocol::session::{Nonce, NonceRequest, Proof, Token};
use kith_protocol::{Refusal, Wrap};

/// The first byte says as what the rest is read.
pub fn run(data: &[u8]) {
    let Some((kind, bytes)) = data.split_first() else { return };
    match kind % 16 {
        0 => same::<Frames>(bytes),
        1 => same::<Frame>(bytes),
        2 => same::<SignedAccess>(bytes),
        3 => same::<AccessRecord>(bytes),
        4 => same::<SealedEnvelope>(bytes),
        5 => same::<StreamEntry>(bytes),
        6 => same::<Wrap>(bytes),
        7 => same::<Refusal>(bytes),
        8 => same::<SubmitAccess>(bytes),
        9 => same::<AccessAck>(bytes),
        10 => same::<Greeting>(bytes),
        11 => same::<InviteState>(bytes),
        12 => {
            same::<NonceRequest>(bytes);
            same::<Nonce>(bytes);
        }
        13 => {
            same::<Proof>(bytes);
            same::<Token>(bytes);
        }
        14 => {
            if let Ok(entry) = AccessEntry::decode(bytes) {
                assert_eq!(entry.encode(), bytes);
            }
        }
        _ => {
            if let Ok(header) = Header::decode(bytes) {
                assert_eq!(header.encode(), bytes);
            }
            drop(Plaintext::decode(bytes));
        }
    }
}

fn same<T: Wire>(bytes: &[u8]) {
    if let Ok(value) = T::decode(bytes) {
        assert!(value.encode() == bytes, "what was read is written otherwise");
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let bytes = crate::vectors::bytes();
    let kinds = (0..16_u8).flat_map(|kind| bytes.iter().map(move |bytes| [&[kind], &bytes[..]].concat()));
    kinds.collect()
}
