//! A circle is given to a server that does not know it: by whoever has its access stream; then it waits for a
//! coordinator's device, is handed everything back, and goes on with the same numbers.

use kith_protocol::{
    Refusal, Role, Stream,
    access::AccessRefusal,
    message::{AccessAck, Frame},
    returning::Return,
};
use kith_server::{
    ApiError,
    store::{Quota, Work},
};

use super::{
    store::on_every_store,
    support::{Person, World, stores::Place, world::HOST},
};

on_every_store![
    a_server_that_knows_nothing_is_given_the_whole_circle,
    what_was_given_waits_for_a_coordinator,
    a_stream_that_was_cut_off_is_continued,
    nothing_is_changed_where_the_circle_is_known,
    what_was_erased_does_not_come_back,
    another_history_is_not_taken
];

const DAY: u64 = 86_400_000;

/// A circle of Ann, its coordinator, and Ben, who both have everything; and a server that knows nothing.
async fn lost<P: Place>(place: &P) -> (World, Person, Person, P) {
    let world = World::new(place.open(Quota::default()).await);
    let blank = P::make();
    let new = world.with(blank.open(Quota::default()).await);
    let mut ann = world.founder(1).await;
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    for text in ["one", "two"] {
        world.pass(1000);
        // By no session of theirs, so that both are sent it whole.
        let (circle, device) = (ben.circle, ben.device);
        let envelopes = vec![ben.seal(Stream::Care, text)];
        let work = Work::Envelopes { circle, device, host: HOST.into(), envelopes };
        assert_eq!(world.store.perform(work, world.now()).await.unwrap().refusal(), None);
        world.sync(&mut ben, Vec::new()).await;
    }
    world.sync(&mut ann, Vec::new()).await;
    world.sync(&mut ben, Vec::new()).await;
    (new, ann, ben, blank)
}

async fn give(world: &World, person: &Person, from: usize, to: usize) -> Result<AccessAck, ApiError> {
    let records = person.records[from - 1..to].to_vec();
    let given = Return { circle: person.circle, from: from as u64, records };
    let given = world.service().give_back(&given.encode(), world.now(), world.random()).await?;
    Ok(AccessAck::decode(&given.body).unwrap())
}

async fn a_server_that_knows_nothing_is_given_the_whole_circle(place: impl Place) {
    let (new, mut ann, mut ben, _blank) = lost(&place).await;
    assert_eq!(new.token(&ann).await.unwrap_err().code(), "unknown_circle");
    let ack = give(&new, &ann, 1, ann.records.len()).await.unwrap();
    assert_eq!((ack.seq, ack.hash), (ann.log().head(), ann.log().head_hash()));

    // Ann is coordinator: what she has more than the server is all that it waits for.
    let new_entry = ann.seal(Stream::Care, "three");
    let refused = new.sync(&mut ann, vec![Frame::Submit(vec![new_entry.clone()])]).await;
    assert_eq!(refused, [Refusal::Waiting]);
    let frames = vec![ann.hand_back(Stream::Care), Frame::Submit(vec![new_entry])];
    assert_eq!(new.sync(&mut ann, frames).await, []);
    assert!(!ann.waiting);
    assert_eq!(new.sync(&mut ben, Vec::new()).await, []);
    assert_eq!(ben.cursor(Stream::Care).k, 3);
    let cat = new.joined(&mut ann, 5, Role::Caregiver).await;
    assert_eq!(cat.cursor(Stream::Care), ben.cursor(Stream::Care), "who comes now is sent all of it");
}

async fn what_was_given_waits_for_a_coordinator(place: impl Place) {
    let (new, mut ann, mut ben, _blank) = lost(&place).await;
    give(&new, &ben, 1, ben.records.len()).await.unwrap();
    let entry = ben.seal(Stream::Care, "three");
    let back = ben.hand_back(Stream::Care);
    let refused = new.sync(&mut ben, vec![back, Frame::Submit(vec![entry.clone()])]).await;
    assert_eq!(refused, [Refusal::Waiting], "nobody knows what the coordinator has");
    assert_eq!(new.sync(&mut ann, Vec::new()).await, []);
    assert!(!ann.waiting, "she has nothing that is missing");
    assert_eq!(new.sync(&mut ben, vec![Frame::Submit(vec![entry])]).await, []);

    // Without one it goes on after three days.
    let other = same_kind(&place);
    let (new, _, mut ben, _blank) = lost(&other).await;
    give(&new, &ben, 1, ben.records.len()).await.unwrap();
    let back = ben.hand_back(Stream::Care);
    assert_eq!(new.sync(&mut ben, vec![back]).await, []);
    assert!(ben.waiting);
    new.pass(3 * DAY);
    let entry = ben.seal(Stream::Care, "three");
    assert_eq!(new.sync(&mut ben, vec![Frame::Submit(vec![entry])]).await, []);
}

async fn a_stream_that_was_cut_off_is_continued(place: impl Place) {
    let (new, mut ann, mut ben, _blank) = lost(&place).await;
    let all = ann.records.len();
    // By somebody who has seen no more, or does not want more to be seen.
    assert_eq!(give(&new, &ann, 1, 1).await.unwrap().seq, 1);
    assert_eq!(new.token(&ben).await.unwrap_err().code(), "unknown_party");
    assert_eq!(give(&new, &ben, 2, all).await.unwrap().seq, all as u64, "whoever has more goes on");
    assert_eq!(new.sync(&mut ben, Vec::new()).await, []);
    let back = ann.hand_back(Stream::Care);
    assert_eq!(new.sync(&mut ann, vec![back]).await, []);
    assert!(!ann.waiting);

    // A coordinator's session goes on with it as after a restore.
    let other = same_kind(&place);
    let (new, mut ann, mut ben, _blank) = lost(&other).await;
    give(&new, &ann, 1, 1).await.unwrap();
    let frames = vec![ann.hand_back(Stream::Access), ann.hand_back(Stream::Care)];
    assert_eq!(new.sync(&mut ann, frames).await, []);
    assert!(!ann.waiting);
    let entry = ben.seal(Stream::Care, "three");
    assert_eq!(new.sync(&mut ben, vec![Frame::Submit(vec![entry])]).await, []);
}

async fn nothing_is_changed_where_the_circle_is_known(place: impl Place) {
    let world = World::new(place.open(Quota::default()).await);
    let mut ann = world.founder(1).await;
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    // An entry of Ann's own making, with a stamp of her own: she would like it to be an older one.
    let submitted = ann.act(world.now(), |author, rng| author.rotate_keys(&[Stream::Care], rng));
    let stamp = world.now();
    let record = kith_protocol::access::AccessRecord { signed: submitted.signed, stamp };
    let head = ann.log().head();
    ann.records.push(record);
    let ack = give(&world, &ann, 1, ann.records.len()).await.unwrap();
    assert_eq!(ack.seq, head, "the server takes new entries from its sessions only");
    assert_eq!(world.sync(&mut ben, Vec::new()).await, []);
    assert_eq!(ben.log().head(), head);
    assert!(!ben.waiting);
}

async fn what_was_erased_does_not_come_back(place: impl Place) {
    let world = World::new(place.open(Quota::default()).await);
    let blank = same_kind(&place);
    let mut ann = world.founder(1).await;
    let envelope = ann.seal(Stream::Care, "to be forgotten");
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![envelope])]).await, []);
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    let erase = ann.act(world.now(), |author, rng| author.erase(Stream::Care, rng));
    world.submit(&mut ann, erase).await;
    world.sync(&mut ben, Vec::new()).await;
    let new = world.with(blank.open(Quota::default()).await);
    give(&new, &ann, 1, ann.records.len()).await.unwrap();
    let back = ben.hand_back(Stream::Care);
    assert_eq!(new.sync(&mut ben, vec![back]).await, []);
    assert_eq!(new.sync(&mut ann, Vec::new()).await, []);
    let cat = new.joined(&mut ann, 5, Role::Caregiver).await;
    assert_eq!((cat.erased, cat.read.len()), (1, 0), "Ben had its body still; the server keeps none");
    assert_eq!(cat.cursor(Stream::Care), ben.cursor(Stream::Care));
}

/// Another place of the same kind.
fn same_kind<P: Place>(_: &P) -> P {
    P::make()
}

async fn another_history_is_not_taken(place: impl Place) {
    let (new, ann, ben, _blank) = lost(&place).await;
    give(&new, &ann, 1, ann.records.len()).await.unwrap();
    let mut other = ben;
    other.records.last_mut().unwrap().stamp += 1;
    let refused = give(&new, &other, 1, other.records.len()).await.unwrap_err();
    assert_eq!(refused, ApiError::Returned(Refusal::Fork(true)));
    let mut forged = ann;
    forged.records[1].signed.signature.0[7] ^= 1;
    // It lives as long as the store on it: a file that is gone cannot be opened once more.
    let blank = same_kind(&place);
    let elsewhere = new.with(blank.open(Quota::default()).await);
    let refused = give(&elsewhere, &forged, 1, forged.records.len()).await.unwrap_err();
    assert_eq!(refused, ApiError::Returned(AccessRefusal::Signature.into()));
    assert_eq!(elsewhere.token(&forged).await.unwrap_err().code(), "unknown_circle");
}
