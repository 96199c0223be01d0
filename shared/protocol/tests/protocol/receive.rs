//! The client's three outcomes: server fault, park, void; and what a restored server takes back.

use crate::world::{Person, World, plaintext};
use kith_protocol::access::{AccessLog, AccessRecord, AccessRefusal, Action};
use kith_protocol::envelope::{Body, Header, OpenError, SealedEnvelope, StreamEntry};
use kith_protocol::identity::SignatureKind;
use kith_protocol::receive::{
    Park, ServerFault, StreamState, Verdict, receive_access, receive_handback, seen_places,
};
use kith_protocol::{Cursor, DeviceNumber, Hash, HashPrefix, Keyring, Refusal, Role, Signature, Stream};
use std::collections::BTreeMap;

/// A care stream with two entries, and a reader who has taken the first.
fn two_entries() -> (World, Person, Person, StreamState, StreamEntry) {
    let (mut world, founder, [reader]) = World::with([Role::Professional]);
    world.write(&founder, Stream::Care);
    world.write(&founder, Stream::Care);
    let entries = world.stored(Stream::Care).entries;
    let mut state = StreamState::new(Stream::Care);
    world.receive(&reader, &mut state, &entries[0]).unwrap();
    (world, founder, reader, state, entries[1].clone())
}

/// Signs a changed header anew, as a server together with the author could.
fn resigned(world: &World, author: &Person, entry: &StreamEntry, header: &Header) -> StreamEntry {
    let mut entry = StreamEntry { header: header.encode(), ..entry.clone() };
    let message = entry.signed_message();
    entry.signature = author.secrets.sign(SignatureKind::Envelope, &world.log.circle(), &message);
    entry
}

#[test]
fn a_stream_is_read_in_order_to_the_server_s_own_chain() {
    let (world, _, reader, mut state, second) = two_entries();
    let verdict = world.receive(&reader, &mut state, &second).unwrap();
    let Verdict::Committed(header, read) = verdict else { panic!("{verdict:?}") };
    assert_eq!((header.device_seq, read), (2, plaintext()));
    assert_eq!(state.cursor(), world.head(Stream::Care));
    state.agrees(&world.head(Stream::Care)).unwrap();
    assert_eq!(StreamState::from_bytes(&state.to_bytes()).unwrap(), state);
    let other = Cursor { chain: Hash([1; 32]), ..state.cursor() };
    assert_eq!(state.agrees(&other), Err(ServerFault::Chain));
    state.agrees(&Cursor { k: 9, ..other }).unwrap();
}

#[test]
fn every_deviation_of_the_server_is_a_fault_and_moves_nothing() {
    let (mut world, founder, reader, state, entry) = two_entries();
    world.act(&founder, Action::Settings(kith_protocol::access::Settings::default())).unwrap();
    let header = entry.read_header().unwrap();
    let fault = |entry: &StreamEntry| {
        let mut moved = state.clone();
        let result = world.receive(&reader, &mut moved, entry);
        assert_eq!(moved, state);
        result.expect_err("a fault")
    };
    let with = |header: Header| fault(&resigned(&world, &founder, &entry, &header));
    assert_eq!(fault(&StreamEntry { k: 3, ..entry.clone() }), ServerFault::Order { expected: 2, got: 3 });
    assert_eq!(fault(&StreamEntry { k: 1, ..entry.clone() }), ServerFault::Order { expected: 2, got: 1 });
    assert_eq!(fault(&StreamEntry { a: entry.a - 1, ..entry.clone() }), ServerFault::Backwards);
    assert_eq!(fault(&StreamEntry { stamp: entry.stamp - 1, ..entry.clone() }), ServerFault::Backwards);
    assert_eq!(fault(&StreamEntry { header: vec![0], ..entry.clone() }), ServerFault::Malformed);
    assert_eq!(
        fault(&StreamEntry { signature: Signature([1; 64]), ..entry.clone() }),
        ServerFault::Signature
    );
    assert_eq!(
        with(Header { stream: Stream::Commons, ..header }),
        ServerFault::Order { expected: 2, got: 2 },
        "another stream's entry"
    );
    assert_eq!(with(Header { device: DeviceNumber(9), ..header }), ServerFault::NoRight);
    assert_eq!(with(Header { access_hash: HashPrefix([1; 16]), ..header }), ServerFault::Fork(true));
    assert_eq!(with(Header { access_seq: 4, ..header }), ServerFault::Fork(true), "later than its own a");
    assert_eq!(with(Header { epoch: 2, ..header }), ServerFault::Epoch);
    assert_eq!(with(Header { device_seq: 3, ..header }), ServerFault::DeviceSeq);
    assert_eq!(with(Header { device_seq: 1, ..header }), ServerFault::DeviceSeq);
    assert_eq!(with(Header { seen_chain: HashPrefix([1; 16]), ..header }), ServerFault::Fork(false));
    assert_eq!(with(Header { seen_k: 2, ..header }), ServerFault::Fork(false));
    assert_eq!(fault(&entry.stub()), ServerFault::NoBody);
}

#[test]
fn an_author_without_the_right_at_that_point_is_the_server_s_fault() {
    let (mut world, founder, [helper, reader]) = World::with([Role::Helper, Role::Friend]);
    let envelope = world.seal(&helper, Stream::Commons);
    let before = world.log.head();
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    let place = |a| StreamEntry {
        k: 1,
        a,
        stamp: world.now,
        header: envelope.header.clone(),
        signature: envelope.signature,
        body: Body::Whole(envelope.body.clone()),
    };
    let mut state = StreamState::new(Stream::Commons);
    let late = world.receive(&reader, &mut state, &place(before + 1));
    assert_eq!(late, Err(ServerFault::NoRight));
    // The client's own access stream is further on; the entry is judged at its own a.
    let verdict = world.receive(&reader, &mut state, &place(before)).unwrap();
    assert!(matches!(verdict, Verdict::Committed(..)));
}

#[test]
fn what_cannot_be_read_yet_is_parked_and_taken_later() {
    let (world, founder, reader, mut state, entry) = two_entries();
    let before = state.clone();
    let ahead = StreamEntry { a: 99, ..entry.clone() };
    assert_eq!(world.receive(&reader, &mut state, &ahead), Ok(Verdict::Park(Park::Access(99))));
    let mut keyless = reader.clone();
    keyless.keyring = Keyring::default();
    let no_key = Verdict::Park(Park::NoKey(Stream::Care, 1));
    assert_eq!(world.receive(&keyless, &mut state, &entry), Ok(no_key));
    let newer = Header { version: 2, ..entry.read_header().unwrap() };
    let newer = resigned(&world, &founder, &entry, &newer);
    assert_eq!(world.receive(&reader, &mut state, &newer), Ok(Verdict::Park(Park::Newer)));
    assert_eq!(state, before);
    assert!(matches!(world.receive(&reader, &mut state, &entry), Ok(Verdict::Committed(..))));
}

#[test]
fn what_does_not_open_is_void_counts_and_adds_nothing() {
    let (mut world, founder, reader, mut state, entry) = two_entries();
    world.receive(&reader, &mut state, &entry).unwrap();
    let mut bad = world.seal(&founder, Stream::Care);
    bad.body[40] ^= 1;
    bad.signature = founder.secrets.sign(SignatureKind::Envelope, &world.log.circle(), &bad.signed_message());
    world.send(&bad).unwrap();
    world.write(&founder, Stream::Care);
    let entries = world.stored(Stream::Care).entries;
    let verdict = world.receive(&reader, &mut state, &entries[2]).unwrap();
    assert!(matches!(verdict, Verdict::Void(_, OpenError::Ciphertext)), "{verdict:?}");
    assert_eq!(state.k, 3);
    assert!(matches!(world.receive(&reader, &mut state, &entries[3]), Ok(Verdict::Committed(..))));
    assert_eq!(state.cursor(), world.head(Stream::Care));
}

#[test]
fn own_entries_and_erased_ones_come_without_their_bodies() {
    let (mut world, founder, reader, mut state, entry) = two_entries();
    let mut own = StreamState::new(Stream::Care);
    let entries = world.stored(Stream::Care).entries;
    assert!(matches!(world.receive(&founder, &mut own, &entries[0].stub()), Ok(Verdict::Own(_))));

    world.act(&founder, Action::EraseStream(Stream::Care)).unwrap();
    world.write(&founder, Stream::Care);
    let after = world.stored(Stream::Care).entries[2].clone();
    assert!(matches!(world.receive(&reader, &mut state, &entry.stub()), Ok(Verdict::Erased(_))));
    assert_eq!(world.receive(&reader, &mut state, &after.stub()), Err(ServerFault::NoBody), "written since");
    assert!(matches!(world.receive(&reader, &mut state, &after), Ok(Verdict::Committed(..))));
    assert_eq!(state.cursor(), world.head(Stream::Care), "the chain is the same without bodies");
}

#[test]
fn the_places_that_authors_saw_are_known_before_a_batch() {
    let (mut world, founder, [writer]) = World::with([Role::Professional]);
    let early = world.header(&writer, Stream::Care);
    for _ in 0..3 {
        world.write(&founder, Stream::Care);
    }
    let seen = world.stored(Stream::Care).chains[&2].prefix();
    world.send(&world.seal_as(&writer, &Header { seen_k: 2, seen_chain: seen, ..early })).unwrap();
    let entries = world.stored(Stream::Care).entries;
    assert_eq!(seen_places(&entries[3..], 4), [2]);
    assert_eq!(seen_places(&entries, 1), [0; 0]);
}

#[test]
fn the_access_stream_is_verified_or_the_server_is_at_fault() {
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    let mut log = AccessLog::verify_all(&world.records).unwrap();
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    let record = world.records.last().unwrap().clone();
    let bad = AccessRecord { stamp: 0, ..record.clone() };
    assert_eq!(receive_access(&mut log, &bad), Err(ServerFault::Access(AccessRefusal::Stamp)));
    let mut newer = record.clone();
    newer.signed.bytes[1] = 2;
    assert_eq!(receive_access(&mut log, &newer), Ok(Some(Park::Newer)));
    let mut older = record.clone();
    older.signed.bytes[1] = 0;
    assert_eq!(receive_access(&mut log, &older), Err(ServerFault::Access(AccessRefusal::Older)));
    assert_eq!(receive_access(&mut log, &record), Ok(None));
    assert_eq!(log, world.log);
    let again = receive_access(&mut log, &record);
    assert!(matches!(again, Err(ServerFault::Access(AccessRefusal::Head(..)))));
}

#[test]
fn a_restored_server_takes_back_what_it_lost_and_nothing_else() {
    let (world, founder, _, reader_state, second) = two_entries();
    let none = BTreeMap::new();
    let restored = reader_state.clone();
    let back = |entry: &StreamEntry| {
        let mut state = restored.clone();
        let result = receive_handback(&mut state, &world.log, &none, entry);
        assert_eq!(result.is_ok(), state != restored);
        result
    };
    let ack = back(&second).unwrap();
    let original = world.stored(Stream::Care).known[&(founder.device, 2)];
    assert_eq!(ack, original.ack, "the same place, stamp and chain as before");
    assert_eq!(back(&StreamEntry { k: 5, ..second.clone() }), Err(Refusal::Malformed));
    assert_eq!(back(&second.stub()), Err(Refusal::Malformed));
    assert_eq!(back(&StreamEntry { a: 99, ..second.clone() }), Err(Refusal::Waiting));
    let unsigned = StreamEntry { signature: Signature([0; 64]), ..second.clone() };
    assert_eq!(back(&unsigned), Err(Refusal::Signature));
    let header = Header { seen_chain: HashPrefix([1; 16]), ..second.read_header().unwrap() };
    assert_eq!(back(&resigned(&world, &founder, &second, &header)), Err(Refusal::Fork(false)));
    let header = Header { version: 7, ..second.read_header().unwrap() };
    assert_eq!(back(&resigned(&world, &founder, &second, &header)), Err(Refusal::Newer));
    let Body::Whole(body) = second.body.clone() else { panic!("whole") };
    let envelope = SealedEnvelope { header: second.header.clone(), signature: second.signature, body };
    assert_eq!(envelope.hash(), second.hash());
}
