//! A server that was restored from an old backup: it notices, waits, takes back, goes on; no acknowledged entry is lost.

use kith_protocol::{
    Cursor, Refusal, Role, Stream,
    message::{Frame, HandBack},
};
use kith_server::store::{Quota, Work};

use super::{
    store::on_every_store,
    support::{Person, World, stores::Place, world::HOST},
};

on_every_store![
    what_is_missing_is_taken_back,
    a_marked_backup_waits_for_every_device_that_it_knows,
    a_marked_backup_waits_for_a_day_at_most,
    a_false_claim_ends_after_ten_minutes_and_counts_no_more,
    what_began_to_come_back_is_waited_for,
    who_comes_late_may_hand_back_still,
    junk_is_not_taken_back,
    where_a_record_belongs_is_not_the_client_s_word
];

/// A circle of two on a server, and the same server as it was before the last entries.
async fn restored<P: Place>(place: &P) -> (World, Person, Person, P) {
    let world = World::new(place.open(Quota::default()).await);
    let backup = P::make();
    let old = world.with(backup.open(Quota::default()).await);
    let (mut ann, submitted) = Person::founder(1);
    // Both take the founding at the same moment: from here on the old one is a backup of the new one.
    world.post_found(&submitted).await.unwrap();
    old.post_found(&submitted).await.unwrap();
    world.sync(&mut ann, Vec::new()).await;
    let first = ann.seal(Stream::Care, "in the backup");
    let (circle, device) = (ann.circle, ann.device);
    let work = Work::Envelopes { circle, device, host: HOST.into(), envelopes: vec![first.clone()] };
    assert_eq!(old.store.perform(work, old.now()).await.unwrap().refusal(), None);
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![first])]).await, []);
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    for text in ["not in it", "nor this"] {
        world.pass(1000);
        let envelope = ben.seal(Stream::Care, text);
        assert_eq!(world.sync(&mut ben, vec![Frame::Submit(vec![envelope])]).await, []);
    }
    world.sync(&mut ann, Vec::new()).await;
    (old, ann, ben, backup)
}

async fn what_is_missing_is_taken_back(place: impl Place) {
    let (old, mut ann, mut ben, _backup) = restored(&place).await;
    assert_eq!(old.token(&ben).await.unwrap_err().code(), "unknown_party", "joined after the backup");
    let new = ann.seal(Stream::Care, "written meanwhile");
    let refused = old.sync(&mut ann, vec![Frame::Submit(vec![new.clone()])]).await;
    assert_eq!(refused, [Refusal::Waiting]);
    assert!(ann.waiting);

    // Ann wrote the first entry and has its body only because it was kept; what came as a stub is in the backup.
    let frames = vec![ann.hand_back(Stream::Access), ann.hand_back(Stream::Care), Frame::Submit(vec![new])];
    assert_eq!(old.sync(&mut ann, frames).await, []);
    assert!(!ann.waiting);
    let sent = old.sync(&mut ben, Vec::new()).await;
    assert_eq!(sent, []);
    assert_eq!(ben.read.last().unwrap().1, "written meanwhile");
    assert_eq!(ben.cursor(Stream::Care), ann.cursor(Stream::Care));
}

/// A circle of Ann and Ben, all of it in the backup, that the operator marked as restored.
async fn marked(place: &impl Place) -> (World, Person, Person) {
    let world = World::new(place.open(Quota::default()).await);
    let mut ann = world.founder(1).await;
    let ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    world.pass(MINUTE);
    let since = world.now();
    world.store.perform(Work::Restored { since }, since).await.unwrap();
    world.pass(MINUTE);
    (world, ann, ben)
}

async fn a_marked_backup_waits_for_every_device_that_it_knows(place: impl Place) {
    let (world, mut ann, mut ben) = marked(&place).await;
    let new = ann.seal(Stream::Care, "first after the restore");
    let submit = vec![Frame::Submit(vec![new])];
    for _ in 0..2 {
        assert_eq!(world.sync(&mut ann, submit.clone()).await, [Refusal::Waiting], "Ben may have more");
        assert!(ann.waiting);
    }
    assert_eq!(world.sync(&mut ben, Vec::new()).await, []);
    assert!(!ben.waiting, "both have been here");
    assert_eq!(world.sync(&mut ann, submit).await, []);
    // Who comes in afterwards holds nobody up.
    let _cleo = world.joined(&mut ann, 3, Role::Caregiver).await;
    let more = ann.seal(Stream::Care, "and on we go");
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![more])]).await, []);
}

async fn a_marked_backup_waits_for_a_day_at_most(place: impl Place) {
    let (world, mut ann, _ben) = marked(&place).await;
    let new = ann.seal(Stream::Care, "Ben's phone is in the sea");
    let submit = vec![Frame::Submit(vec![new])];
    world.pass(24 * 60 * MINUTE - MINUTE - 1);
    assert_eq!(world.sync(&mut ann, submit.clone()).await, [Refusal::Waiting]);
    world.pass(1);
    assert_eq!(world.sync(&mut ann, submit).await, []);
}

const MINUTE: u64 = 60_000;

/// Says Hello and that so much of the care log is there.
async fn claim(world: &World, person: &Person, k: u64) -> bool {
    let token = world.token(person).await.unwrap();
    let Frame::Hello(mut hello) = person.hello(&token, false) else { unreachable!() };
    hello.cursors.retain(|cursor| cursor.stream != Stream::Care);
    hello.cursors.push(Cursor { k, ..person.cursor(Stream::Care) });
    let answer = world.post(vec![Frame::Hello(hello)]).await;
    let welcome = answer.iter().find_map(|frame| match frame {
        Frame::Welcome(welcome) => Some(welcome.waiting),
        _ => None,
    });
    welcome.unwrap()
}

async fn a_false_claim_ends_after_ten_minutes_and_counts_no_more(place: impl Place) {
    let world = World::new(place.open(Quota::default()).await);
    let mut ann = world.founder(1).await;
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    assert!(claim(&world, &ben, 1_000_000).await);
    let envelope = ann.seal(Stream::Care, "held up");
    let submit = || vec![Frame::Submit(vec![envelope.clone()])];
    world.pass(10 * MINUTE - 1);
    assert_eq!(world.sync(&mut ann, submit()).await, [Refusal::Waiting]);
    world.pass(1);
    assert!(!claim(&world, &ben, 1_000_000).await, "the same again counts no more");
    assert!(!claim(&world, &ben, u64::MAX).await, "nor does a greater one");
    assert_eq!(world.sync(&mut ann, submit()).await, []);
    assert!(!ann.waiting);

    // Somebody else's word has its own ten minutes, and neither takes anything of the other's.
    assert!(claim(&world, &ann, 7).await);
    assert_eq!(world.sync(&mut ben, Vec::new()).await, []);
    assert!(ben.waiting);
    world.pass(10 * MINUTE);
    let envelope = ben.seal(Stream::Care, "on we go");
    assert_eq!(world.sync(&mut ben, vec![Frame::Submit(vec![envelope])]).await, []);
}

async fn what_began_to_come_back_is_waited_for(place: impl Place) {
    let (old, mut ann, mut ben, _backup) = restored(&place).await;
    old.sync(&mut ann, Vec::new()).await;
    assert!(ann.waiting);
    // One entry comes back, then the phone is off for two days.
    let Frame::HandBack(HandBack::Entries(stream, from, mut entries)) = ann.hand_back(Stream::Care) else {
        unreachable!()
    };
    entries.truncate(2);
    let part = Frame::HandBack(HandBack::Entries(stream, from, entries));
    let access = ann.hand_back(Stream::Access);
    assert_eq!(old.sync(&mut ann, vec![access, part]).await, []);
    old.pass(48 * 60 * MINUTE);
    assert_eq!(old.sync(&mut ben, Vec::new()).await, []);
    assert!(ben.waiting, "what it says it has, it has");
    let rest = ann.hand_back(Stream::Care);
    assert_eq!(old.sync(&mut ann, vec![rest]).await, []);
    assert!(!ann.waiting);
    assert_eq!(old.sync(&mut ben, Vec::new()).await, []);
}

async fn who_comes_late_may_hand_back_still(place: impl Place) {
    let (old, mut ann, _, _backup) = restored(&place).await;
    old.sync(&mut ann, Vec::new()).await;
    old.pass(11 * MINUTE);
    assert_eq!(old.sync(&mut ann, Vec::new()).await, []);
    assert!(!ann.waiting, "nothing came in the first minutes");
    let frames = vec![ann.hand_back(Stream::Access), ann.hand_back(Stream::Care)];
    assert_eq!(old.sync(&mut ann, frames).await, []);
    let new = ann.seal(Stream::Care, "and on");
    assert_eq!(old.sync(&mut ann, vec![Frame::Submit(vec![new])]).await, [], "nobody had written meanwhile");
}

async fn junk_is_not_taken_back(place: impl Place) {
    let (old, mut ann, _ben, _backup) = restored(&place).await;
    old.sync(&mut ann, Vec::new()).await;
    let Frame::HandBack(HandBack::Entries(stream, from, mut entries)) = ann.hand_back(Stream::Care) else {
        unreachable!()
    };
    entries[1].signature.0[3] ^= 1;
    let forged = Frame::HandBack(HandBack::Entries(stream, from, entries));
    let frames = vec![ann.hand_back(Stream::Access), forged];
    let refused = old.sync(&mut ann, frames).await;
    assert_eq!(refused, [Refusal::Signature]);
    assert!(ann.waiting, "what is missing is missing still");
    let nothing = World::new(place.open(Quota::default()).await);
    let mut cat = nothing.founder(5).await;
    let handed = cat.hand_back(Stream::Access);
    assert_eq!(nothing.sync(&mut cat, vec![handed]).await, [Refusal::Forbidden], "nothing is missing here");
}

/// Kept under another number, the whole circle could not be read any more.
async fn where_a_record_belongs_is_not_the_client_s_word(place: impl Place) {
    let (old, mut ann, _ben, _backup) = restored(&place).await;
    old.sync(&mut ann, Vec::new()).await;
    let missing = ann.records[1..].to_vec();
    let handed = |from, records: &[_]| vec![Frame::HandBack(HandBack::Access(from, records.to_vec()))];
    assert_eq!(old.sync(&mut ann, handed(3, &missing)).await, [Refusal::Malformed]);
    assert_eq!(old.sync(&mut ann, handed(u64::MAX, &missing)).await, [Refusal::Malformed]);
    let shifted = handed(0, &ann.records);
    assert_eq!(old.sync(&mut ann, shifted).await.len(), 1, "they do not continue the head");
    assert_eq!(old.sync(&mut ann, handed(2, &missing)).await, []);
    let care = ann.hand_back(Stream::Care);
    assert_eq!(old.sync(&mut ann, vec![care]).await, []);
    assert!(!ann.waiting);
}
