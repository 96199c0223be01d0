//! A circle that is announced to be closed, kept open, closed; and what stays on every phone.

use kith_protocol::invite::Greeting;
use kith_protocol::{MemberNumber, Role};
use kith_replica::{
    DrawerReason, Input, Invitation, LinkProblem, Notice, Phase, SharingStatus, Transport, Wished,
};

use crate::world::{LOG, World, add};

const DAY: u64 = 86_400_000;
const MINUTE: u64 = 60_000;

const ANNA: usize = 0;
const BEN: usize = 1;

/// Anna and Ben coordinate, others care; everybody is connected.
fn circle(phones: usize, transport: Transport, seed: u64) -> World {
    circle_of(phones, phones, transport, seed)
}

/// The same with so many members on the first phones.
fn circle_of(members: usize, phones: usize, transport: Transport, seed: u64) -> World {
    let mut world = World::real(phones, transport, seed);
    world.found(ANNA);
    world.connect(ANNA);
    world.edit(ANNA, add(LOG, "one", "slept well"));
    for phone in 1..members {
        let link = world.invite(ANNA, Role::Caregiver, true);
        world.join(phone, link, &format!("number {phone}"));
        world.pass(MINUTE);
    }
    let member = world.phones[BEN].me();
    world.tell(ANNA, Input::SetRole { member, role: Role::Coordinator });
    world.pass(MINUTE);
    world
}

/// Much time, with every phone asleep.
fn pass_asleep(world: &mut World, ms: u64) {
    let awake: Vec<usize> = (0..world.phones.len()).filter(|phone| world.phones[*phone].wants).collect();
    for phone in &awake {
        world.phones[*phone].wants = false;
        world.tell(*phone, Input::Disconnect);
    }
    world.pass(ms);
    for phone in awake {
        world.phones[phone].wants = true;
        world.tell(phone, Input::Connect);
    }
    world.pass(MINUTE);
}

fn closing(world: &World, phone: usize) -> Option<(u64, MemberNumber)> {
    let closing = world.phones[phone].replica.access()?.closing()?;
    Some((closing.at, closing.by))
}

fn is_closed(world: &World, phone: usize) -> bool {
    world.phones[phone].replica.access().is_some_and(|access| access.closed_at().is_some())
}

/// Announced, waited for, closed by Anna.
fn close(world: &mut World) {
    world.tell(ANNA, Input::AnnounceClosing { wait_ms: 7 * DAY });
    world.pass(MINUTE);
    pass_asleep(world, 8 * DAY);
    world.tell(ANNA, Input::CloseCircle);
    world.pass(MINUTE);
    assert!(is_closed(world, ANNA), "{:?}", world.phones[ANNA].notices);
}

#[test]
fn everybody_sees_the_announcement_and_another_coordinator_keeps_the_circle_open() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = circle(3, transport, 61);
        world.tell(ANNA, Input::AnnounceClosing { wait_ms: 14 * DAY });
        world.pass(MINUTE);
        let (at, by) = closing(&world, 2).expect("the announcement");
        assert!((14 * DAY - MINUTE..15 * DAY).contains(&(at - world.now)), "{}", at - world.now);
        assert_eq!((by, closing(&world, BEN)), (world.phones[ANNA].me(), Some((at, by))));
        assert!(world.phones[ANNA].replica.wishes().is_empty());

        world.tell(2, Input::KeepOpen);
        world.pass(MINUTE);
        assert!(closing(&world, 2).is_some(), "a caregiver decides nothing");
        world.tell(BEN, Input::KeepOpen);
        world.pass(MINUTE);
        assert!((0..3).all(|phone| closing(&world, phone).is_none()));
        pass_asleep(&mut world, 20 * DAY);
        world.tell(ANNA, Input::CloseCircle);
        assert!(!is_closed(&world, ANNA));
        let edit = world.edit(2, add(LOG, "two", "all goes on"));
        world.pass(MINUTE);
        assert!(world.phones[2].kept(edit));
        assert_eq!(world.phones[ANNA].items(), ["one", "two"]);
    }
}

#[test]
fn a_closed_circle_stays_on_every_phone_and_its_host_is_left_alone() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = circle(3, transport, 62);
        world.set_online(2, false);
        world.edit(2, add(LOG, "late", "written in the cellar"));
        close(&mut world);
        for phone in [ANNA, BEN] {
            let it = &world.phones[phone];
            assert_eq!((it.replica.phase(), it.replica.status()), (Phase::Closed, SharingStatus::Closed));
            assert_eq!((it.items(), it.replica.waiting()), (vec!["one".to_owned()], 0));
            assert!(it.notices.contains(&Notice::Closed));
            assert_eq!(it.replica.access().unwrap().closed_by(), Some(world.phones[ANNA].me()));
        }
        let edit = world.edit(BEN, add(LOG, "after", "too late"));
        assert!(!world.phones[BEN].kept(edit));
        world.tell(ANNA, Input::KeepOpen);
        let refused = |notice: &Notice| matches!(notice, Notice::ActionRefused { action: "keep_open", .. });
        assert!(world.phones[ANNA].notices.iter().any(refused));

        // What one phone alone has, it keeps: shown as it was written, and nobody else ever gets it.
        world.set_online(2, true);
        world.pass(MINUTE);
        let late = &world.phones[2];
        assert_eq!(late.drawer().iter().map(|one| one.why).collect::<Vec<_>>(), [DrawerReason::Closed]);
        assert_eq!((late.items(), late.replica.waiting()), (vec!["one".to_owned()], 0));
        assert_eq!(late.replica.status(), SharingStatus::NotShared { n: 1 });

        // Nobody asks the host again while the app stays open, whatever the network does.
        for phone in 0..3 {
            world.set_online(phone, false);
            world.set_online(phone, true);
        }
        let asked = |world: &World| world.phones.iter().map(|phone| phone.requests.len()).sum::<usize>();
        let before = asked(&world);
        world.pass(2 * DAY);
        assert_eq!(asked(&world), before);
        // The next time it is opened, it looks once, as long as the host may know more.
        world.restart(BEN);
        world.run();
        assert!(asked(&world) > before);
        world.pass(31 * DAY);
        world.real.as_ref().unwrap().forget(world.now);
        let before = asked(&world);
        for phone in 0..3 {
            world.restart(phone);
            world.run();
            world.pass(DAY);
        }
        assert_eq!(asked(&world), before, "the host has forgotten it, and nobody asks in vain");
        assert_eq!(world.phones[2].replica.status(), SharingStatus::NotShared { n: 1 });
        assert_eq!(world.phones[ANNA].items(), ["one"]);
    }
}

#[test]
fn an_edit_that_the_host_took_in_the_last_moment_is_no_draft() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = circle(3, transport, 63);
        // The host has it, but its answer never came, and the phone sees the Close first.
        world.set_online(2, false);
        world.edit(2, add(LOG, "last", "in the last minute"));
        world.set_online(2, true);
        world.pass(MINUTE);
        world.set_online(2, false);
        let edit = world.edit(2, add(LOG, "waits", "never sent"));
        assert!(world.phones[2].kept(edit));
        close(&mut world);
        world.restart(2);
        world.set_online(2, true);
        world.pass(MINUTE);
        let it = &world.phones[2];
        assert_eq!(it.items(), ["last", "one"]);
        assert_eq!(it.drawer().len(), 1);
        assert_eq!(world.phones[BEN].items(), ["last", "one"]);
    }
}

#[test]
fn a_lost_answer_and_a_close_right_behind_it_lose_nothing() {
    let mut world = circle(2, Transport::Post, 64);
    world.tell(ANNA, Input::AnnounceClosing { wait_ms: 7 * DAY });
    world.pass(MINUTE);
    pass_asleep(&mut world, 8 * DAY);
    // The answer to the request that carries Ben's edit is lost; then Anna closes.
    world.phones[BEN].lose_answers = 1;
    world.edit(BEN, add(LOG, "last", "in the last minute"));
    world.tell(ANNA, Input::CloseCircle);
    world.pass(5 * MINUTE);
    let ben = &world.phones[BEN];
    assert_eq!(ben.replica.status(), SharingStatus::Closed, "{:?}", ben.drawer());
    assert_eq!((ben.items(), ben.drawer().len()), (vec!["last".to_owned(), "one".to_owned()], 0));
}

#[test]
fn the_days_count_from_when_the_host_was_told() {
    let mut world = circle(2, Transport::Socket, 65);
    world.set_online(ANNA, false);
    world.tell(ANNA, Input::AnnounceClosing { wait_ms: 7 * DAY });
    assert_eq!(
        world.phones[ANNA].replica.wishes(),
        [(world.phones[ANNA].replica.wishes()[0].0, Wished::AnnounceClosing { wait_ms: 7 * DAY })]
    );
    world.pass(5 * DAY);
    assert_eq!(closing(&world, BEN), None);
    world.set_online(ANNA, true);
    world.pass(MINUTE);
    let (at, _) = closing(&world, BEN).expect("the announcement");
    assert!(at >= world.now + 7 * DAY - MINUTE);
    // And one that waits can be taken back like any other wish.
    world.tell(BEN, Input::KeepOpen);
    world.set_online(ANNA, false);
    world.tell(ANNA, Input::AnnounceClosing { wait_ms: 7 * DAY });
    let wish = world.phones[ANNA].replica.wishes()[0].0;
    world.tell(ANNA, Input::TakeBack { wish });
    world.set_online(ANNA, true);
    world.pass(MINUTE);
    assert_eq!(closing(&world, ANNA), None);
}

#[test]
fn a_clock_that_jumped_back_makes_the_host_refuse_once_and_the_announcement_stands_all_the_same() {
    let mut world = circle(2, Transport::Socket, 66);
    world.phones[ANNA].clock_off = -i64::try_from(2 * DAY).unwrap();
    world.tell(ANNA, Input::AnnounceClosing { wait_ms: 7 * DAY });
    assert_eq!(closing(&world, BEN), None);
    // Its alarms ring by its own clock, which is not the world's, so it is woken by hand.
    world.phones[ANNA].wake = None;
    world.tell(ANNA, Input::Foreground);
    let (at, _) = closing(&world, BEN).expect("the announcement");
    assert!(at >= world.now + 7 * DAY - 30 * MINUTE);
}

#[test]
fn closing_is_confirmed_for_one_announcement_and_for_no_other() {
    let mut world = circle(2, Transport::Socket, 67);
    world.tell(ANNA, Input::CloseCircle);
    assert!(world.phones[ANNA].replica.wishes().is_empty(), "nobody was told");
    world.tell(ANNA, Input::AnnounceClosing { wait_ms: 0 });
    world.pass(MINUTE);
    let (at, _) = closing(&world, BEN).expect("the announcement");
    assert!(at >= world.now + 7 * DAY - MINUTE, "seven days are the least");
    world.tell(ANNA, Input::CloseCircle);
    world.pass(MINUTE);
    assert!(!is_closed(&world, ANNA), "its time has not come");
    let early = |notice: &Notice| matches!(notice, Notice::ActionRefused { action: "close", .. });
    assert!(world.phones[ANNA].notices.iter().any(early));

    // Anna confirms without reception; Ben keeps it open, and it is announced anew.
    world.set_online(ANNA, false);
    pass_asleep(&mut world, 8 * DAY);
    world.tell(ANNA, Input::CloseCircle);
    assert_eq!(world.phones[ANNA].replica.wishes().len(), 1);
    world.tell(BEN, Input::KeepOpen);
    world.pass(MINUTE);
    world.tell(BEN, Input::AnnounceClosing { wait_ms: 7 * DAY });
    world.pass(MINUTE);
    world.set_online(ANNA, true);
    pass_asleep(&mut world, 10 * DAY);
    assert!(!is_closed(&world, ANNA) && !is_closed(&world, BEN));
    assert!(world.phones[ANNA].replica.wishes().is_empty());
    assert_eq!(closing(&world, ANNA).map(|(_, by)| by), Some(world.phones[BEN].me()));
}

#[test]
fn who_was_away_until_the_host_had_forgotten_it_loses_nothing_and_knows_that_it_was_announced() {
    let mut world = circle(3, Transport::Socket, 68);
    world.tell(ANNA, Input::AnnounceClosing { wait_ms: 7 * DAY });
    world.pass(MINUTE);
    world.set_online(2, false);
    world.edit(2, add(LOG, "far", "from far away"));
    pass_asleep(&mut world, 8 * DAY);
    world.tell(ANNA, Input::CloseCircle);
    world.pass(31 * DAY);
    world.real.as_ref().unwrap().forget(world.now);
    world.set_online(2, true);
    world.pass(MINUTE);
    let it = &world.phones[2];
    assert_eq!(it.replica.status(), SharingStatus::ServerGone, "nothing proves more");
    assert_eq!((it.items(), it.replica.waiting()), (vec!["far".to_owned(), "one".to_owned()], 1));
    assert!(closing(&world, 2).is_some_and(|(at, _)| at < world.now));
}

#[test]
fn a_link_to_a_closed_circle_says_so_and_so_does_a_phone_that_waited() {
    let mut world = circle_of(2, 4, Transport::Socket, 69);
    let link = world.invite(ANNA, Role::Caregiver, false);
    world.join(2, link, "Cleo");
    world.pass(MINUTE);
    assert_eq!(world.phones[2].replica.phase(), Phase::Joining);
    let (person, inviter, language) = ("Rose".into(), "Anna".into(), "en-GB".into());
    let greeting = Greeting { person, inviter, language, to: None };
    let invitation = Invitation { role: Role::Helper, uses: 2, lasts_ms: 60 * DAY, direct: true, greeting };
    world.tell(ANNA, Input::Invite { request: 2, invitation });
    let link = world.last_link(ANNA).unwrap();
    close(&mut world);
    world.pass(5 * MINUTE);
    assert_eq!(world.phones[2].replica.phase(), Phase::Closed);
    assert_eq!(world.phones[2].replica.status(), SharingStatus::Closed);
    world.open_link(3, link);
    world.pass(MINUTE);
    let unusable = Notice::LinkUnusable(LinkProblem::Closed);
    assert!(world.phones[3].notices.contains(&unusable), "{:?}", world.phones[3].notices);
}
