//! A server that was restored from an old backup: it notices, waits, takes back, goes on; no acknowledged entry is lost.

use kith_protocol::{Refusal, Role, Stream, message::Frame};
use kith_server::store::{Quota, Work};

use super::{
    store::on_every_store,
    support::{Person, World, stores::Place, world::HOST},
};

on_every_store![
    what_is_missing_is_taken_back,
    a_lie_about_what_is_missing_ends_after_three_days,
    junk_is_not_taken_back
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

async fn a_lie_about_what_is_missing_ends_after_three_days(place: impl Place) {
    let world = World::new(place.open(Quota::default()).await);
    let mut ann = world.founder(1).await;
    let token = world.token(&ann).await.unwrap();
    let lie = |k| {
        let Frame::Hello(mut hello) = ann.hello(&token, false) else { unreachable!() };
        let mut cursor = ann.cursor(Stream::Care);
        cursor.k = k;
        hello.cursors.push(cursor);
        Frame::Hello(hello)
    };
    let answer = world.post(vec![lie(1_000_000)]).await;
    assert!(matches!(&answer[0], Frame::Welcome(welcome) if welcome.waiting), "{answer:?}");
    let envelope = ann.seal(Stream::Care, "held up");
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![envelope.clone()])]).await, [Refusal::Waiting]);
    world.pass(72 * 3_600_000);
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![envelope])]).await, []);
    assert!(!ann.waiting);
}

async fn junk_is_not_taken_back(place: impl Place) {
    let (old, mut ann, _ben, _backup) = restored(&place).await;
    old.sync(&mut ann, Vec::new()).await;
    let Frame::HandBack(kith_protocol::message::HandBack::Entries(stream, from, mut entries)) =
        ann.hand_back(Stream::Care)
    else {
        unreachable!()
    };
    entries[1].signature.0[3] ^= 1;
    let forged = Frame::HandBack(kith_protocol::message::HandBack::Entries(stream, from, entries));
    let frames = vec![ann.hand_back(Stream::Access), forged];
    let refused = old.sync(&mut ann, frames).await;
    assert_eq!(refused, [Refusal::Signature]);
    assert!(ann.waiting, "what is missing is missing still");
    let nothing = World::new(place.open(Quota::default()).await);
    let mut cat = nothing.founder(5).await;
    let handed = cat.hand_back(Stream::Access);
    assert_eq!(nothing.sync(&mut cat, vec![handed]).await, [Refusal::Forbidden], "nothing is missing here");
}
