//! A circle goes to another host with all that it has: at once, after weeks, without the old host; and a host that forgot
//! the circle is given it back when a person says so.

use kith_protocol::Role;
use kith_protocol::access::Standing;
use kith_replica::{Input, Notice, SharingStatus, Transport};

use crate::host;
use crate::real::RealHost;
use crate::world::{LOG, TASKS, World, add, note};

const NEW: &str = "new.example";
const MINUTE: u64 = 60_000;

/// Anna, coordinator, and Ben, carer, who both have everything; and a second host that knows nothing.
fn circle(transport: Transport, seed: u64) -> World {
    let mut world = World::real(4, transport, seed);
    world.others.insert(NEW.into(), RealHost::named(NEW));
    world.found(0);
    world.connect(0);
    for n in 0..20 {
        world.edit(0, add(LOG, &format!("entry-{n}"), "slept well"));
    }
    world.edit(0, add("private/1/self", "mine", "tired"));
    let link = world.invite(0, Role::Caregiver, true);
    world.join(1, link, "Ben");
    world.pass(2 * MINUTE);
    world.edit(1, add("private/2/self", "his", "tired too"));
    world.pass(2 * MINUTE);
    shared(&world, &[0, 1]);
    world
}

fn shared(world: &World, phones: &[usize]) {
    for phone in phones {
        let replica = &world.phones[*phone].replica;
        assert_eq!(replica.status(), SharingStatus::AllShared, "phone {phone} at {}", replica.host());
    }
}

fn at(world: &World, phone: usize) -> String {
    world.phones[phone].replica.host()
}

/// Two phones that hold the same of what both read.
fn alike(world: &World, one: usize, other: usize) {
    let rows = |phone: usize| -> Vec<_> {
        let rows = world.phones[phone].rows("all").into_iter();
        rows.filter(|row| !row.document.as_str().starts_with("private")).collect()
    };
    assert_eq!(rows(one), rows(other));
    let access = |phone: usize| world.phones[phone].replica.access().unwrap().cursor();
    assert_eq!(access(one), access(other));
}

fn moved(transport: Transport, away_ms: u64, seed: u64) {
    let mut world = circle(transport, seed);
    // Ben is away for weeks, and writes meanwhile.
    world.set_online(1, false);
    world.edit(1, add(LOG, "away", "written without reception"));
    world.edit(1, note(LOG, "entry-3", "seen differently"));
    world.edit(0, add(LOG, "before", "just before the move"));
    world.tell(0, Input::Move { host: NEW.into() });
    world.pass(5 * MINUTE);
    assert_eq!(at(&world, 0), NEW);
    shared(&world, &[0]);
    world.edit(0, add(LOG, "after", "at the new host"));
    world.pass(away_ms);
    assert_eq!(at(&world, 1), host::NAME);

    world.set_online(1, true);
    world.pass(5 * MINUTE);
    assert_eq!(at(&world, 1), NEW, "he found the move at the old host");
    shared(&world, &[0, 1]);
    alike(&world, 0, 1);
    for item in ["away", "before", "after"] {
        assert!(world.phones[0].items().contains(&item.to_owned()), "{item}");
    }
    assert_eq!(world.phones[0].versions("entry-3", "note")[0].0, "seen differently");
    assert!(world.phones[0].drawer().is_empty() && world.phones[1].drawer().is_empty());

    // Who comes now is sent everything by the new host, and one's own entries are there for one's other phone.
    let link = world.invite(0, Role::Caregiver, true);
    assert_eq!(link.host, NEW);
    world.join(2, link, "Cat");
    world.pass(5 * MINUTE);
    shared(&world, &[0, 1, 2]);
    alike(&world, 0, 2);
    world.edit(1, add("private/2/self", "more", "of his own"));
    world.pass(MINUTE);
    shared(&world, &[1]);
}

#[test]
fn a_circle_moves_with_everything_and_who_was_away_follows() {
    moved(Transport::Socket, 20 * 24 * 60 * MINUTE, 301);
}

#[test]
fn it_moves_by_single_requests_too() {
    moved(Transport::Post, 120 * MINUTE, 302);
}

#[test]
fn an_app_that_is_closed_at_any_step_of_the_move_goes_on() {
    for seed in 0..6 {
        let mut world = circle(Transport::Socket, 310 + seed);
        world.phones[0].restarts = 40;
        world.phones[1].restarts = 40;
        world.tell(0, Input::Move { host: NEW.into() });
        world.keep(1, add(LOG, "meanwhile", "kept on the way"));
        world.pass(10 * MINUTE);
        world.phones[0].restarts = 0;
        world.phones[1].restarts = 0;
        if world.phones[0].replica.access().unwrap().moved().is_none() {
            world.tell(0, Input::Move { host: NEW.into() });
        }
        world.pass(30 * MINUTE);
        assert_eq!((at(&world, 0), at(&world, 1)), (NEW.into(), NEW.into()));
        shared(&world, &[0, 1]);
        alike(&world, 0, 1);
        assert!(world.phones[0].items().contains(&"meanwhile".to_owned()));
    }
}

#[test]
fn a_link_of_before_leads_on_to_the_new_host() {
    let mut world = circle(Transport::Socket, 320);
    let link = world.invite(0, Role::Helper, true);
    assert_eq!(link.host, host::NAME);
    world.tell(0, Input::Move { host: NEW.into() });
    world.pass(5 * MINUTE);
    world.join(2, link, "Cat");
    world.pass(5 * MINUTE);
    assert_eq!(at(&world, 2), NEW);
    shared(&world, &[2]);
    assert_eq!(
        world.phones[2].replica.access().unwrap().member(world.phones[2].me()).unwrap().standing,
        Standing::Active
    );
    let invite = world.last_link(0).unwrap().id;
    world.tell(0, Input::ShowLink { request: 9, invite });
    assert_eq!(world.last_link(0).unwrap().host, NEW, "shown again, it names the new one");
}

#[test]
fn a_kit_of_before_leads_on_to_the_new_host() {
    let mut world = circle(Transport::Socket, 325);
    let (words, _) = crate::kits::make(&mut world, 0);
    world.tell(0, Input::Move { host: NEW.into() });
    world.pass(5 * MINUTE);
    let kit = kith_protocol::kit::Kit::parse(&words, host::NAME).unwrap();
    world.tell(2, Input::RestoreFromKit { kit });
    world.connect(2);
    world.pass(10 * MINUTE);
    assert_eq!(at(&world, 2), NEW);
    shared(&world, &[0, 2]);
    alike(&world, 0, 2);
    assert!(world.phones[2].items().contains(&"mine".to_owned()), "her own entries too");
}

#[test]
fn the_words_of_a_kit_that_was_made_after_the_move_lead_on_from_the_old_host() {
    let mut world = circle(Transport::Socket, 326);
    world.tell(0, Input::Move { host: NEW.into() });
    world.pass(5 * MINUTE);
    let (words, kit) = crate::kits::make(&mut world, 0);
    assert_eq!(kit.host, NEW);
    // Words name no host: they are typed where the app came from.
    let typed = kith_protocol::kit::Kit::parse(&words, host::NAME).unwrap();
    world.tell(2, Input::RestoreFromKit { kit: typed });
    world.connect(2);
    world.pass(10 * MINUTE);
    assert_eq!(at(&world, 2), NEW);
    shared(&world, &[0, 2]);
    alike(&world, 0, 2);
}

#[test]
fn without_the_old_host_each_person_says_where_it_is_kept() {
    let mut world = circle(Transport::Socket, 330);
    for phone in 0..2 {
        world.phones[phone].down.push(host::NAME.into());
        world.set_online(phone, false);
        world.set_online(phone, true);
    }
    world.edit(1, add(LOG, "waiting", "nobody could be reached"));
    world.pass(MINUTE);
    for phone in 0..2 {
        world.tell(phone, Input::FollowTo { host: NEW.into() });
    }
    world.pass(10 * MINUTE);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::ServerGone);
    assert!(world.phones[0].replica.keeping().forgotten, "nobody gave it the circle unasked");
    world.tell(0, Input::GiveBack);
    world.pass(5 * MINUTE);
    shared(&world, &[0, 1]);
    alike(&world, 0, 1);
    assert!(world.phones[0].items().contains(&"waiting".to_owned()));
    assert_eq!((at(&world, 0), at(&world, 1)), (NEW.into(), NEW.into()));
    world.restart(1);
    world.run();
    assert_eq!(at(&world, 1), NEW, "and it is remembered");
}

#[test]
fn where_another_history_is_kept_sharing_stops_as_ever() {
    let mut world = circle(Transport::Socket, 335);
    // Another host has the circle too, and others have written there.
    world.phones[0].down.push(host::NAME.into());
    world.set_online(0, false);
    world.set_online(0, true);
    world.tell(0, Input::FollowTo { host: NEW.into() });
    world.pass(5 * MINUTE);
    world.tell(0, Input::GiveBack);
    world.edit(0, add(LOG, "there", "at the new host"));
    world.pass(MINUTE);
    world.edit(1, add(LOG, "here", "at the old host"));
    world.pass(MINUTE);
    shared(&world, &[0, 1]);
    world.tell(1, Input::FollowTo { host: NEW.into() });
    world.pass(MINUTE);
    assert!(matches!(world.phones[1].replica.status(), SharingStatus::Stopped(_)));
    assert!(world.phones[1].items().contains(&"here".to_owned()));
}

#[test]
fn a_host_that_forgot_the_circle_is_given_it_back_when_a_person_says_so() {
    let mut world = circle(Transport::Socket, 340);
    world.set_online(0, false);
    world.set_online(1, false);
    world.real = Some(RealHost::new());
    for phone in 0..2 {
        world.set_online(phone, true);
    }
    world.pass(5 * MINUTE);
    for phone in 0..2 {
        assert_eq!(world.phones[phone].replica.status(), SharingStatus::ServerGone);
    }
    world.edit(1, add(TASKS, "task", "kept here"));
    world.tell(0, Input::GiveBack);
    world.pass(10 * MINUTE);
    shared(&world, &[0, 1]);
    alike(&world, 0, 1);
    let keeping = world.phones[0].replica.keeping();
    assert_eq!((keeping.given, keeping.forgotten, keeping.waits), (None, false, false));
}

#[test]
fn a_member_gives_it_back_and_the_circle_waits_for_a_coordinator() {
    let mut world = circle(Transport::Socket, 345);
    world.set_online(0, false);
    world.set_online(1, false);
    world.real = Some(RealHost::new());
    world.set_online(1, true);
    world.pass(MINUTE);
    world.tell(1, Input::GiveBack);
    world.edit(1, add(LOG, "later", "waits for a coordinator"));
    world.pass(10 * MINUTE);
    assert!(world.phones[1].replica.keeping().waits);
    assert_eq!(world.phones[1].replica.waiting(), 1);
    world.set_online(0, true);
    world.pass(5 * MINUTE);
    shared(&world, &[0, 1]);
    alike(&world, 0, 1);
}

#[test]
fn back_to_the_first_host_is_a_move_like_another() {
    let mut world = circle(Transport::Socket, 350);
    world.tell(0, Input::Move { host: NEW.into() });
    world.pass(5 * MINUTE);
    world.set_online(1, false);
    world.edit(0, add(LOG, "there", "written there"));
    world.tell(0, Input::Move { host: host::NAME.into() });
    world.pass(5 * MINUTE);
    assert_eq!(at(&world, 0), host::NAME);
    shared(&world, &[0]);
    world.set_online(1, true);
    world.pass(5 * MINUTE);
    assert_eq!(at(&world, 1), host::NAME);
    shared(&world, &[0, 1]);
    alike(&world, 0, 1);
}

#[test]
fn only_a_coordinator_moves_and_only_to_an_address() {
    let mut world = circle(Transport::Socket, 355);
    world.tell(1, Input::Move { host: NEW.into() });
    world.tell(0, Input::Move { host: "Not an address/".into() });
    world.pass(MINUTE);
    let refused = |phone: usize| {
        let notices = &world.phones[phone].notices;
        notices.iter().any(|notice| matches!(notice, Notice::ActionRefused { action: "move", .. }))
    };
    assert!(refused(0) && refused(1));
    assert_eq!((at(&world, 0), at(&world, 1)), (host::NAME.into(), host::NAME.into()));
    shared(&world, &[0, 1]);
}

#[test]
fn who_was_removed_gives_it_back_cut_off_and_gains_nothing() {
    let mut world = circle(Transport::Socket, 360);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(2, link, "Cat");
    world.pass(2 * MINUTE);
    shared(&world, &[0, 1, 2]);
    world.set_online(2, false);
    world.tell(0, Input::Remove { member: world.phones[2].me() });
    world.edit(0, add(LOG, "private-talk", "without her"));
    world.pass(2 * MINUTE);
    world.set_online(0, false);
    world.set_online(1, false);

    // The host loses everything, and hers is the first phone that comes; it knows nothing of her removal.
    world.real = Some(RealHost::new());
    world.set_online(2, true);
    world.edit(2, add(LOG, "intruder", "still there?"));
    world.pass(2 * MINUTE);
    world.tell(2, Input::GiveBack);
    world.pass(5 * MINUTE);
    assert!(world.phones[2].replica.keeping().waits, "it waits for a coordinator");
    world.set_online(1, true);
    world.set_online(0, true);
    world.pass(10 * MINUTE);
    shared(&world, &[0, 1]);
    alike(&world, 0, 1);
    assert!(!world.phones[0].items().contains(&"intruder".to_owned()));
    let phone = &world.phones[2];
    assert_eq!(phone.replica.phase(), kith_replica::Phase::Ended);
    assert_eq!(phone.drawer().len(), 1, "what she wrote is hers still");
    assert!(!phone.items().contains(&"private-talk".to_owned()));
}

#[test]
fn answers_that_are_lost_on_the_way_do_no_harm_to_what_is_given_back() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = World::real(2, transport, 365);
        world.found(0);
        world.connect(0);
        for n in 0..300 {
            world.edit(0, add(LOG, &format!("entry-{n}"), "slept well"));
        }
        world.pass(30 * MINUTE);
        shared(&world, &[0]);
        world.set_online(0, false);
        world.real = Some(RealHost::new());
        world.set_online(0, true);
        world.pass(5 * MINUTE);
        for _ in 0..6 {
            world.phones[0].lose_answers = 3;
            world.tell(0, Input::GiveBack);
            world.pass(MINUTE);
        }
        world.tell(0, Input::GiveBack);
        world.pass(10 * MINUTE);
        shared(&world, &[0]);
        assert_eq!(world.phones[0].replica.keeping().given, None);
        let link = world.invite(0, Role::Caregiver, true);
        world.join(1, link, "Ben");
        world.pass(10 * MINUTE);
        alike(&world, 0, 1);
        assert_eq!(world.phones[1].items().len(), 300);
    }
}
