//! A circle is given to a host that does not know it: verified from Found on, and never against what it has already.

use crate::world::{DAY, World};
use kith_protocol::access::{AccessLog, AccessRefusal, Action};
use kith_protocol::message::MAX_PAGE_ENTRIES;
use kith_protocol::returning::{Return, STAMP_AHEAD_MS};
use kith_protocol::{CircleId, Refusal, Role};

/// Everything of a circle of two, from `from` on.
fn given(world: &World, from: usize, to: usize) -> Return {
    let records = world.records[from - 1..to].to_vec();
    Return { circle: world.log.circle(), from: from as u64, records }
}

#[test]
fn a_host_that_knows_nothing_takes_the_whole_stream_with_its_stamps() {
    let (world, _, _) = World::with([Role::Caregiver]);
    let all = world.records.len();
    assert_eq!(given(&world, 1, all).begin(world.now).unwrap(), world.log);

    let first = given(&world, 1, 1).begin(world.now).unwrap();
    let rest = given(&world, 2, all);
    assert_eq!(rest.go_on(&first, world.now).unwrap(), world.log, "in parts too");
    assert_eq!(given(&world, 1, all).go_on(&first, world.now).unwrap(), world.log, "overlapping ones");
    assert_eq!(given(&world, 1, 1).go_on(&world.log, world.now).unwrap(), world.log, "and older ones");
}

#[test]
fn what_is_not_the_circle_s_own_stream_is_refused() {
    let (world, _, _) = World::with([Role::Caregiver]);
    let all = world.records.len();
    let whole = given(&world, 1, all);
    let now = world.now;
    assert_eq!(given(&world, 2, all).begin(now), Err(Refusal::UnknownCircle), "not from Found on");
    let other = Return { circle: CircleId([3; 32]), ..whole.clone() };
    assert_eq!(other.begin(now), Err(Refusal::Malformed));
    assert_eq!(Return { records: Vec::new(), ..whole.clone() }.begin(now), Err(Refusal::Malformed));
    let many = vec![whole.records[0].clone(); MAX_PAGE_ENTRIES + 1];
    assert_eq!(Return { records: many, ..whole.clone() }.begin(now), Err(Refusal::TooLarge));

    let mut forged = whole.clone();
    forged.records[1].signed.signature.0[5] ^= 1;
    assert_eq!(forged.begin(now), Err(AccessRefusal::Signature.into()));
    let mut restamped = whole.clone();
    restamped.records[0].stamp += 1;
    let refused = restamped.begin(now).unwrap_err();
    assert!(
        matches!(refused, Refusal::Access(AccessRefusal::Head(..))),
        "{refused:?}: the chain holds the stamps"
    );
    assert_eq!(restamped.agrees(&world.log), Err(Refusal::Fork(true)));
    let known = AccessLog::verify_all(&world.records[..1]).unwrap();
    let gap = given(&world, 3, all).go_on(&known, now);
    assert!(matches!(gap, Err(Refusal::Access(AccessRefusal::Head(1, _)))), "{gap:?}");
}

#[test]
fn no_stamp_is_taken_from_far_in_the_future_and_no_closed_circle() {
    let (mut world, ann, _) = World::with([Role::Caregiver]);
    let whole = given(&world, 1, world.records.len());
    let last = world.log.head_stamp();
    assert!(whole.begin(last - STAMP_AHEAD_MS).is_ok());
    assert_eq!(whole.begin(last - STAMP_AHEAD_MS - 1), Err(AccessRefusal::Stamp.into()));
    world.act(&ann, Action::Closing(Some(world.now + 8 * DAY))).unwrap();
    world.now += 9 * DAY;
    world.act(&ann, Action::Close).unwrap();
    let closed = given(&world, 1, world.records.len());
    assert_eq!(closed.begin(world.now), Err(AccessRefusal::Closed.into()));
}

#[test]
fn a_move_says_who_moved_it_and_where_to() {
    let (mut world, ann, [ben]) = World::with([Role::Caregiver]);
    assert_eq!(world.log.moved(), None);
    assert_eq!(world.act(&ben, Action::Move("new.example".into())), Err(AccessRefusal::NoRight));
    world.act(&ann, Action::Move("new.example".into())).unwrap();
    let moved = world.log.moved().unwrap();
    assert_eq!((moved.by, moved.since), (ann.member(), world.log.head()));
    assert_eq!(world.log.moved_to(), Some("new.example"));
    assert_eq!(AccessLog::from_bytes(&world.log.to_bytes()).unwrap(), world.log);
}
