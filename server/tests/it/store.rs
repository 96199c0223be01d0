//! One suite on every store: what is taken, what is refused, what is read back.

use std::sync::Arc;

use kith_protocol::{Refusal, Role, Stream, message::Frame};
use kith_server::{
    ApiError, Store,
    store::{Quota, Work},
    sync::PageLimits,
};

use rand_core::Rng;

use super::support::{
    Person, World, hex_of,
    stores::{InPostgres, InSqlite, Place},
};

/// Runs each of these on each kind of store.
macro_rules! on_every_store {
    ($($test:ident),* $(,)?) => {
        mod memory { $( #[tokio::test] async fn $test() { super::$test(crate::support::stores::fresh::<crate::support::stores::InMemory>()).await; } )* }
        mod sqlite { $( #[tokio::test] async fn $test() { super::$test(crate::support::stores::fresh::<crate::support::stores::InSqlite>()).await; } )* }
        mod postgres { $( #[tokio::test] async fn $test() { super::$test(crate::support::stores::fresh::<crate::support::stores::InPostgres>()).await; } )* }
    };
}
pub(crate) use on_every_store;

on_every_store![
    founding_again_gives_the_same_answer,
    what_one_writes_the_other_reads,
    the_same_bytes_get_the_same_acknowledgement,
    a_batch_stops_at_its_first_refusal,
    refusals_are_typed,
    quota_and_size_are_kept,
    pages_continue_where_they_ended,
    writers_at_the_same_time_leave_no_gap,
    a_challenge_gives_one_token,
    erased_bodies_are_gone_and_the_chain_holds,
];

pub async fn world(place: &impl Place) -> World {
    World::new(place.open(Quota::default()).await)
}

async fn founding_again_gives_the_same_answer(place: impl Place) {
    let world = world(&place).await;
    let (_, submitted) = Person::founder(1);
    let first = world.post_found(&submitted).await.unwrap();
    world.pass(60_000);
    assert_eq!(world.post_found(&submitted).await.unwrap(), first);
    let mut broken = submitted.clone();
    broken.signed.signature.0[0] ^= 1;
    assert_eq!(world.post_found(&broken).await.unwrap(), first, "known by its bytes, and nothing changes");
    let (_, mut other) = Person::founder(2);
    other.wraps.pop();
    assert_eq!(
        world.post_found(&other).await.unwrap_err().code(),
        "access_recipients",
        "keys for exactly those who may have them"
    );
}

async fn what_one_writes_the_other_reads(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    for text in ["ate well", "slept", "walked"] {
        let envelope = ann.seal(Stream::Care, text);
        assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![envelope])]).await, []);
        world.pass(1000);
    }
    assert_eq!((ann.acks.len(), ann.stubs), (3, 3), "its own entries come back without their bodies");
    assert_eq!(world.sync(&mut ben, Vec::new()).await, []);
    assert!(ben.caught_up);
    let texts: Vec<_> = ben.read.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["ate well", "slept", "walked"]);
    assert_eq!(ben.cursor(Stream::Care), ann.cursor(Stream::Care));
    let mut friend = world.joined(&mut ann, 3, Role::Friend).await;
    let hello = ann.seal(Stream::Commons, "hello");
    world.sync(&mut ann, vec![Frame::Submit(vec![hello])]).await;
    world.sync(&mut friend, Vec::new()).await;
    assert_eq!(friend.read, [(Stream::Commons, "hello".into())], "a friend reads commons only");
}

async fn the_same_bytes_get_the_same_acknowledgement(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let envelope = ann.seal(Stream::Care, "once");
    world.sync(&mut ann, vec![Frame::Submit(vec![envelope.clone()])]).await;
    world.pass(5000);
    world.sync(&mut ann, vec![Frame::Submit(vec![envelope.clone(), envelope.clone()])]).await;
    assert_eq!(ann.acks.len(), 3);
    assert!(ann.acks.iter().all(|ack| *ack == ann.acks[0]));
    let mut header = envelope.read_header().unwrap();
    header.access_hash = ann.log().head_hash().prefix();
    let other = ann.seal_as(&header, "twice");
    let refused = world.sync(&mut ann, vec![Frame::Submit(vec![other])]).await;
    assert_eq!(refused, [Refusal::Different(envelope.hash(), 1)]);
}

async fn a_batch_stops_at_its_first_refusal(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let first = ann.seal(Stream::Care, "1");
    let _lost = ann.seal(Stream::Care, "2");
    let third = ann.seal(Stream::Care, "3");
    let fourth = ann.seal(Stream::Care, "4");
    let elsewhere = ann.seal(Stream::Commons, "5");
    let refused = world.sync(&mut ann, vec![Frame::Submit(vec![first, third, fourth, elsewhere])]).await;
    assert_eq!(
        refused,
        [Refusal::Gap(1)],
        "the other stream is not held up, the rest of this one is not looked at"
    );
    let streams: Vec<_> = ann.acks.iter().map(|ack| (ack.stream, ack.k)).collect();
    assert_eq!(streams, [(Stream::Care, 1), (Stream::Commons, 1)]);
}

async fn refusals_are_typed(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let mut helper = world.joined(&mut ann, 2, Role::Helper).await;
    world.sync(&mut ann, Vec::new()).await;
    let good = ann.header(Stream::Care);

    let mut wrong = vec![];
    let mut header = good;
    header.epoch += 1;
    wrong.push((ann.seal_as(&header, "x"), Refusal::Stale(1)));
    let mut header = good;
    header.access_hash.0[0] ^= 1;
    wrong.push((ann.seal_as(&header, "x"), Refusal::Fork(true)));
    let mut header = good;
    header.seen_k = 7;
    wrong.push((ann.seal_as(&header, "x"), Refusal::Fork(false)));
    let mut header = good;
    header.device_seq = 3;
    wrong.push((ann.seal_as(&header, "x"), Refusal::Gap(0)));
    let mut header = good;
    header.device.0 = 2;
    wrong.push((ann.seal_as(&header, "x"), Refusal::WrongDevice));
    let mut envelope = ann.seal_as(&good, "x");
    envelope.body[30] ^= 1;
    wrong.push((envelope, Refusal::Signature));
    let mut envelope = ann.seal_as(&good, "x");
    envelope.header.push(0);
    wrong.push((envelope, Refusal::Malformed));
    for (envelope, refusal) in wrong {
        assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![envelope])]).await, [refusal]);
    }

    let mut header = helper.header(Stream::Commons);
    header.stream = Stream::Care;
    let key = ann.keyring.clone();
    helper.keyring = key;
    let envelope = helper.seal_as(&header, "not mine to write");
    let head = helper.log().head();
    let refused = world.sync(&mut helper, vec![Frame::Submit(vec![envelope])]).await;
    assert_eq!(refused, [Refusal::NoRight(head)]);
    assert_eq!(world.sync(&mut ann, Vec::new()).await, []);
    assert_eq!(ann.cursor(Stream::Care).k, 0, "nothing of all this was kept");
}

async fn quota_and_size_are_kept(place: impl Place) {
    let store = place.open(Quota { entry_bytes: 700, circle_bytes: 3000, ..Quota::default() }).await;
    let world = World::new(store);
    let mut ann = world.founder(1).await;
    let mut noise = [0; 2000];
    ann.rng.fill_bytes(&mut noise);
    let noise = hex_of(&noise);
    let header = ann.header(Stream::Care);
    let large = ann.seal_as(&header, &noise);
    assert!(large.size() > 700);
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![large])]).await, [Refusal::TooLarge]);
    let mut taken = 0;
    let refused = loop {
        let header = ann.header(Stream::Care);
        let envelope = ann.seal(Stream::Care, "small");
        let refused = world.sync(&mut ann, vec![Frame::Submit(vec![envelope])]).await;
        if !refused.is_empty() {
            break refused;
        }
        taken += 1;
        assert!(header.device_seq < 20);
    };
    assert_eq!(refused, [Refusal::Quota(3000)]);
    assert!(taken > 3, "{taken}");
}

async fn pages_continue_where_they_ended(place: impl Place) {
    let world = world(&place).await;
    let small = world.with_pages(PageLimits::new(10, 512_000));
    let mut ann = world.founder(1).await;
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    let envelopes = (0..35).map(|n| ann.seal(Stream::Care, &format!("{n}"))).collect();
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(envelopes)]).await, []);
    let mut rounds = 1;
    small.sync(&mut ben, Vec::new()).await;
    while !ben.caught_up {
        assert_eq!(ben.more.len(), 1);
        rounds += 1;
        small.sync(&mut ben, Vec::new()).await;
    }
    assert_eq!((ben.read.len(), rounds), (35, 4));
    let tiny = world.with_pages(PageLimits::new(512, 1));
    let mut cat = tiny.joined(&mut ann, 3, Role::Caregiver).await;
    assert_eq!(cat.read.len(), 1, "at least one entry a page");
    while !cat.caught_up {
        tiny.sync(&mut cat, Vec::new()).await;
    }
    assert_eq!(cat.read.len(), 35);
}

async fn writers_at_the_same_time_leave_no_gap(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let mut people = Vec::new();
    for seed in 2..6 {
        people.push(world.joined(&mut ann, seed, Role::Caregiver).await);
    }
    let mut writing = Vec::new();
    for person in &mut people {
        world.sync(person, Vec::new()).await;
        for n in 0..15 {
            let envelope = person.seal(Stream::Care, &format!("{} {n}", person.device.0));
            let (store, now_ms) = (Arc::clone(&world.store), world.now());
            let (circle, device) = (person.circle, person.device);
            writing.push((device, store, now_ms, circle, envelope));
        }
    }
    // All devices write at once; each device's own envelopes go in their order, as over one connection.
    let mut tasks = Vec::new();
    for person in &people {
        let mine: Vec<_> = writing.iter().filter(|(device, ..)| *device == person.device).cloned().collect();
        tasks.push(tokio::spawn(async move {
            for (device, store, now_ms, circle, envelope) in mine {
                let host = "kith.test".to_owned();
                let work = Work::Envelopes { circle, device, host, envelopes: vec![envelope] };
                let done = store.perform(work, now_ms).await.unwrap();
                assert_eq!(done.refusal(), None);
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    world.sync(&mut ann, Vec::new()).await;
    assert_eq!(ann.read.len(), 60);
    assert_eq!(ann.cursor(Stream::Care).k, 60);
}

async fn a_challenge_gives_one_token(place: impl Place) {
    let world = world(&place).await;
    let ann = world.founder(1).await;
    let nonce = world.challenge(&ann).await.unwrap();
    let proof = World::prove(&ann, &nonce);
    let token = world.redeem(&proof).await.unwrap();
    assert_eq!(token.expires, world.now() + 15 * 60_000);
    assert_eq!(world.redeem(&proof).await, Err(ApiError::ChallengeExpired), "used");

    let nonce = world.challenge(&ann).await.unwrap();
    let stranger = Person::founder(9).0;
    let forged = kith_protocol::session::Proof::sign(
        nonce.circle,
        ann.party(),
        nonce.nonce,
        super::support::world::HOST,
        &stranger.secrets,
    );
    assert_eq!(world.redeem(&forged).await, Err(ApiError::BadProof));
    let elsewhere = kith_protocol::session::Proof::sign(
        nonce.circle,
        ann.party(),
        nonce.nonce,
        "evil.test",
        &ann.secrets,
    );
    assert_eq!(world.redeem(&elsewhere).await, Err(ApiError::BadProof), "signed for another host");
    let mut made_up = World::prove(&ann, &nonce);
    made_up.nonce[9] ^= 1;
    assert_eq!(world.redeem(&made_up).await, Err(ApiError::ChallengeExpired), "not this server's");
    world.pass(kith_server::CHALLENGE_MS);
    assert_eq!(world.redeem(&World::prove(&ann, &nonce)).await, Err(ApiError::ChallengeExpired), "too late");

    let hello = ann.hello(&token.token, false);
    assert!(matches!(world.post(vec![hello.clone()]).await[0], Frame::Welcome(_)));
    world.pass(15 * 60_000);
    let answer = world.post(vec![hello]).await;
    assert!(matches!(answer[..], [Frame::Refused(_, Refusal::Token)]), "{answer:?}");
    assert_eq!(world.challenge(&stranger).await.unwrap_err(), ApiError::UnknownCircle);
    let mut unknown = world.founder(1).await;
    unknown.device.0 = 7;
    assert_eq!(world.challenge(&unknown).await.unwrap_err(), ApiError::UnknownParty);
}

async fn erased_bodies_are_gone_and_the_chain_holds(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let before = ann.seal(Stream::Care, "to be forgotten");
    world.sync(&mut ann, vec![Frame::Submit(vec![before])]).await;
    let erase = ann.act(world.now(), |author, rng| {
        author.propose(kith_protocol::access::Action::EraseStream(Stream::Care), rng)
    });
    world.submit(&mut ann, erase).await;
    let after = ann.seal(Stream::Care, "kept");
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![after])]).await, []);
    let ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    assert_eq!((ben.erased, ben.read), (1, vec![(Stream::Care, "kept".to_owned())]));
}

/// What was acknowledged is there when the store is opened again.
async fn reopened(place: impl Place) {
    let first = world(&place).await;
    let mut ann = first.founder(1).await;
    let mut ben = first.joined(&mut ann, 2, Role::Caregiver).await;
    let envelope = ann.seal(Stream::Care, "durable");
    first.sync(&mut ann, vec![Frame::Submit(vec![envelope.clone()])]).await;
    first.store.close().await;
    let store: Arc<dyn Store> = place.open(Quota::default()).await;
    let second = first.with(store);
    second.sync(&mut ben, Vec::new()).await;
    assert_eq!(ben.read, [(Stream::Care, "durable".to_owned())]);
    second.sync(&mut ann, vec![Frame::Submit(vec![envelope])]).await;
    assert_eq!(ann.acks[0], ann.acks[1]);
    let next = ann.seal(Stream::Care, "goes on");
    assert_eq!(second.sync(&mut ann, vec![Frame::Submit(vec![next])]).await, []);
}

#[tokio::test]
async fn sqlite_keeps_what_it_acknowledged() {
    reopened(InSqlite::make()).await;
}

#[tokio::test]
async fn postgres_keeps_what_it_acknowledged() {
    reopened(InPostgres::make()).await;
}

#[tokio::test]
async fn a_sqlite_file_has_one_server() {
    let place = InSqlite::make();
    let open = place.open(Quota::default()).await;
    let second = kith_server::SqliteStore::open(&place.path(), Quota::default()).await;
    assert!(matches!(second, Err(kith_server::store::StoreError::InUse)));
    open.close().await;
    place.open(Quota::default()).await;
}
