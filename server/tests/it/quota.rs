//! Access entries and wraps have a quota of their own, and its last quarter is the coordinators' (ADR 0038).

use kith_protocol::{
    DeviceSecrets, Party, Refusal, Role, Stream, Wrap,
    access::{Action, consent},
    message::{Frame, Subject, SubmitAccess},
    returning::Return,
};
use kith_server::{ApiError, store::Quota};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::{
    store::on_every_store,
    support::{Person, World, stores::Place},
};

on_every_store![
    whoever_fills_it_can_still_be_taken_out,
    founding_counts,
    what_comes_back_may_reach_twice_as_much,
    wraps_that_somebody_lacks_count_once,
];

async fn world_with(place: &impl Place, access_bytes: u64) -> World {
    World::new(place.open(Quota { access_bytes, ..Quota::default() }).await)
}

/// Gives these classes new keys until that is refused.
async fn fill(world: &World, person: &mut Person, stream: Stream) -> Vec<Refusal> {
    for _ in 0..200 {
        let rotate = person.act(world.now(), |author, rng| author.rotate_keys(&[stream], rng));
        let refused = world.sync(person, vec![Frame::SubmitAccess(rotate)]).await;
        if !refused.is_empty() {
            return refused;
        }
        world.sync(person, Vec::new()).await;
    }
    panic!("it does not get full");
}

async fn submit(world: &World, person: &mut Person, submitted: SubmitAccess) -> Vec<Refusal> {
    world.sync(person, Vec::new()).await;
    let refused = world.sync(person, vec![Frame::SubmitAccess(submitted)]).await;
    world.sync(person, Vec::new()).await;
    refused
}

async fn whoever_fills_it_can_still_be_taken_out(place: impl Place) {
    let world = world_with(&place, 16_000).await;
    let mut ann = world.founder(1).await;
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    let mut cat = world.joined(&mut ann, 3, Role::Friend).await;
    let (link, invite) = ann.invite(Role::Friend, 1, true, world.now());
    world.submit(&mut ann, invite).await;
    world.sync(&mut ben, Vec::new()).await;
    let member = ben.log().member_of(ben.device).unwrap();

    assert_eq!(fill(&world, &mut ben, Stream::Private(member)).await, [Refusal::Quota(12_000)]);
    let next = ben.log().head() + 1;
    assert_eq!(ben.refused.last().unwrap().0, Subject::Access(next), "says what was refused");
    let mut dan = Person::guest(4, ann.circle, link);
    world.sync(&mut dan, Vec::new()).await;
    let join = dan.join(world.now());
    let refused = world.sync(&mut dan, vec![Frame::SubmitAccess(join)]).await;
    assert_eq!(refused, [Refusal::Quota(12_000)], "a newcomer is no coordinator");

    // What is sealed has room of its own, and what can be done a few times only is done still.
    let written = ben.seal(Stream::Care, "as ever");
    assert_eq!(world.sync(&mut ben, vec![Frame::Submit(vec![written])]).await, []);
    let phone = DeviceSecrets::generate(&mut ChaCha20Rng::from_seed([9; 32]));
    let agreed = consent(&phone, &ben.circle, member);
    let add = ben.act(world.now(), |author, rng| author.add_device(phone.public(), false, agreed, rng));
    assert_eq!(submit(&world, &mut ben, add).await, []);
    let added = ben.log().device_by_key(&phone.public().sign).unwrap().number;
    let revoke = ben.act(world.now(), |author, rng| author.revoke_device(added, rng));
    assert_eq!(submit(&world, &mut ben, revoke).await, []);
    world.sync(&mut cat, Vec::new()).await;
    let leave = cat.act(world.now(), |author, rng| author.propose(Action::Leave, rng));
    let refused = world.sync(&mut cat, vec![Frame::SubmitAccess(leave)]).await;
    assert!(refused.iter().all(|refusal| *refusal == Refusal::Forbidden), "{refused:?}");

    world.sync(&mut ann, Vec::new()).await;
    let remove = ann.act(world.now(), |author, rng| author.remove(member, rng));
    assert_eq!(submit(&world, &mut ann, remove).await, []);
    assert_eq!(fill(&world, &mut ann, Stream::Commons).await, [Refusal::Quota(16_000)]);
    let written = ann.seal(Stream::Care, "as ever");
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![written])]).await, []);
}

async fn founding_counts<P: Place>(place: P) {
    let (_, submitted) = Person::founder(1);
    let size = size_of(&submitted);
    let world = world_with(&place, size - 1).await;
    let refused = world.post_found(&submitted).await.unwrap_err();
    assert_eq!(refused, ApiError::Found(Refusal::Quota(size - 1)));
    let other = P::make();
    let world = world_with(&other, size).await;
    world.post_found(&submitted).await.unwrap();
}

fn size_of(submitted: &SubmitAccess) -> u64 {
    let wraps: usize = submitted.wraps.iter().map(|wrap| wrap.encode().len()).sum();
    (submitted.signed.bytes.len() + 64 + wraps) as u64
}

/// The size of the access stream that this person holds.
fn held(person: &Person) -> u64 {
    person.records.iter().map(|record| record.signed.bytes.len() as u64 + 64).sum()
}

/// Ann, Ben and what they hold, of a circle at a server that is lost.
async fn lost(place: &impl Place) -> (World, Person, Person) {
    let world = world_with(place, 1 << 20).await;
    let mut ann = world.founder(1).await;
    let ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    (world, ann, ben)
}

async fn give(world: &World, person: &Person, records: usize) -> Result<(), ApiError> {
    let given = Return { circle: person.circle, from: 1, records: person.records[..records].to_vec() };
    world.service().give_back(&given.encode(), world.now(), world.random()).await.map(|_| ())
}

async fn what_comes_back_may_reach_twice_as_much<P: Place>(place: P) {
    let (old, mut ann, _) = lost(&place).await;
    let (all, enough) = (ann.records.len(), held(&ann).div_ceil(2));
    let (narrow, wide) = (P::make(), P::make());
    let (narrow, wide) = (
        old.with(world_with(&narrow, enough - 1).await.store),
        old.with(world_with(&wide, enough).await.store),
    );
    let limit = Refusal::Quota(2 * (enough - 1));
    assert_eq!(give(&narrow, &ann, all).await, Err(ApiError::Returned(limit.clone())));
    assert_eq!(narrow.token(&ann).await.unwrap_err().code(), "unknown_circle", "nothing of it is kept");
    give(&narrow, &ann, 1).await.unwrap();
    let back = ann.hand_back(Stream::Access);
    assert_eq!(narrow.sync(&mut ann, vec![back]).await, [limit]);

    give(&wide, &ann, all).await.unwrap();
    give(&wide, &ann, all).await.unwrap();
    let rotate = ann.act(wide.now(), |author, rng| author.rotate_keys(&[Stream::Care], rng));
    let refused = wide.sync(&mut ann, vec![Frame::SubmitAccess(rotate)]).await;
    assert_eq!(refused, [Refusal::Quota(enough)], "what is new has no more room than ever");
}

async fn wraps_that_somebody_lacks_count_once<P: Place>(place: P) {
    let (old, mut ann, ben) = lost(&place).await;
    let mut wrap = |stream| {
        let log = ann.log.as_ref().unwrap();
        ann.keyring.wrap_for(stream, log, Party::Device(ben.device), &mut ann.rng).unwrap()
    };
    let (commons, care): (Wrap, Wrap) = (wrap(Stream::Commons), wrap(Stream::Care));
    let enough = (held(&ann) + commons.encode().len() as u64).div_ceil(2);
    let new = P::make();
    let new = old.with(world_with(&new, enough).await.store);
    give(&new, &ann, ann.records.len()).await.unwrap();
    for _ in 0..2 {
        let wraps = vec![commons.clone(), commons.clone()];
        assert_eq!(new.sync(&mut ann, vec![Frame::SubmitWraps(wraps)]).await, []);
    }
    let refused = new.sync(&mut ann, vec![Frame::SubmitWraps(vec![commons, care])]).await;
    assert_eq!(refused, [Refusal::Quota(2 * enough)]);
    assert_eq!(ann.refused.last().unwrap().0, Subject::Wraps);
}
