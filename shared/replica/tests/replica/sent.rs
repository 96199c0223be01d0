//! A wish that was sent may stand in the access stream already, also when the app is closed before the answer comes.

use kith_protocol::access::Standing;
use kith_protocol::{MemberNumber, Role};
use kith_replica::{Input, SharingStatus, Transport, Wished};

use crate::host;
use crate::world::World;

/// Anna, online by requests, and Hugo, a helper.
fn two() -> (World, MemberNumber) {
    let mut world = World::with(2, Transport::Post, 61);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Helper, true);
    world.join(1, link, "Hugo");
    world.pass(120_000);
    let hugo = world.phones[1].me();
    (world, hugo)
}

fn standing(world: &World, member: MemberNumber) -> Standing {
    let circle = world.host.circles.values().next().expect("a circle");
    circle.log.member(member).expect("a member").standing
}

fn marks(world: &World) -> usize {
    let prefix = world.phones[0].keys().sents();
    world.phones[0].kv.keys().filter(|key| key.starts_with(&prefix)).count()
}

fn only_wish(world: &World) -> (u64, Wished) {
    let [wish] = &world.phones[0].replica.wishes()[..] else { panic!("one wish") };
    wish.clone()
}

#[test]
fn what_the_host_took_is_not_taken_back_though_the_app_was_closed_before_it_heard_so() {
    let (mut world, hugo) = two();
    world.phones[0].lose_answers = 1;
    world.tell(0, Input::Remove { member: hugo });
    assert_eq!(standing(&world, hugo), Standing::Removed, "the host has taken it");
    world.phones[0].online = false;
    world.restart(0);
    world.run();
    let (wish, wished) = only_wish(&world);
    assert_eq!(wished, Wished::Remove(hugo));
    assert!(world.phones[0].replica.wish_sent(wish));
    world.tell(0, Input::TakeBack { wish });
    assert_eq!(only_wish(&world).0, wish, "nobody says that it was taken back: it stands");

    world.set_online(0, true);
    world.pass(300_000);
    let anna = &world.phones[0].replica;
    assert_eq!((anna.wishes().len(), anna.status()), (0, SharingStatus::AllShared));
    assert_eq!(anna.access().unwrap().member(hugo).unwrap().standing, Standing::Removed);
    assert_eq!(marks(&world), 0);
}

#[test]
fn what_never_reached_the_host_is_sent_again() {
    let (mut world, hugo) = two();
    world.phones[0].down = vec![host::NAME.into()];
    world.tell(0, Input::Remove { member: hugo });
    assert_eq!(standing(&world, hugo), Standing::Active);
    world.restart(0);
    world.run();
    // For all that this phone knows it may stand.
    let (wish, _) = only_wish(&world);
    world.tell(0, Input::TakeBack { wish });
    assert_eq!(only_wish(&world).0, wish);
    world.phones[0].down.clear();
    world.pass(300_000);
    assert_eq!(standing(&world, hugo), Standing::Removed);
    assert_eq!((world.phones[0].replica.wishes().len(), marks(&world)), (0, 0));
}

#[test]
fn what_was_not_sent_is_taken_back_after_a_restart_too() {
    let (mut world, hugo) = two();
    world.set_online(0, false);
    world.pass(120_000);
    world.tell(0, Input::Remove { member: hugo });
    world.restart(0);
    world.run();
    let (wish, _) = only_wish(&world);
    assert!(!world.phones[0].replica.wish_sent(wish));
    world.tell(0, Input::TakeBack { wish });
    assert!(world.phones[0].replica.wishes().is_empty());
    world.set_online(0, true);
    world.pass(300_000);
    assert_eq!(standing(&world, hugo), Standing::Active);
}
