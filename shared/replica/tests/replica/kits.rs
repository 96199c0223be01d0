//! The recovery kit: made, kept by nobody, and the way back when every device is lost.

use kith_protocol::kit::Kit;
use kith_protocol::{CircleStart, DeviceNumber, Language, MemberNumber, Stream};
use kith_replica::{Input, LinkProblem, Notice, Phase, SharingStatus, Transport};
use proptest::prelude::*;

use crate::host;
use crate::world::{LOG, World, add};

const MINUTES: u64 = 60_000;

fn ready(world: &World, phone: usize) -> Option<(String, Kit)> {
    world.phones[phone].notices.iter().rev().find_map(|notice| match notice {
        Notice::KitReady { request: 9, words, link, .. } => {
            Some((words.join(" "), Kit::parse(link, "").expect("a kit's link")))
        }
        _ => None,
    })
}

/// The words are on paper, and three of them were typed back.
fn kept(world: &mut World, phone: usize) {
    let device = world.phones[phone].notices.iter().rev().find_map(|notice| match notice {
        Notice::KitReady { device, .. } => Some(*device),
        _ => None,
    });
    world.tell(phone, Input::KitKept { device: device.expect("a kit") });
}

fn problem(world: &World, phone: usize) -> Option<LinkProblem> {
    world.phones[phone].notices.iter().rev().find_map(|notice| match notice {
        Notice::LinkUnusable(problem) => Some(*problem),
        _ => None,
    })
}

pub fn make(world: &mut World, phone: usize) -> (String, Kit) {
    world.tell(phone, Input::MakeKit { request: 9 });
    world.pass(MINUTES);
    ready(world, phone).expect("a kit")
}

#[test]
fn all_devices_are_lost_and_the_words_bring_everything_back() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = World::cared_for(2, transport, 61);
        let (words, kit) = make(&mut world, 0);
        kept(&mut world, 0);
        let held =
            world.phones[0].kv.iter().find(|(_, value)| value.windows(16).any(|window| window == kit.seed.0));
        assert_eq!(
            held.map(|(key, _)| String::from_utf8_lossy(key).into_owned()),
            None,
            "the seed is on paper only"
        );
        let log = world.phones[0].replica.access().unwrap();
        assert!(log.devices().iter().any(|device| device.recovery && device.member == MemberNumber(1)));
        world.keep(0, add(LOG, "two", "after the kit was made"));
        world.tell(0, Input::RotateKeys { streams: vec![Stream::Care, Stream::Private(MemberNumber(1))] });
        world.pass(MINUTES);
        world.keep(0, add(LOG, "three", "under a newer key"));
        world.set_online(0, false);
        world.keep(0, add(LOG, "unsent", "on the lost phone"));

        let typed = Kit::parse(&words, host::NAME).expect("words");
        assert_eq!(typed.seed, kit.seed);
        world.tell(1, Input::RestoreFromKit { kit: typed });
        world.connect(1);
        world.pass(MINUTES);
        let restored = &world.phones[1];
        assert_eq!(restored.replica.phase(), Phase::Member);
        assert_eq!(restored.replica.me(), Some((MemberNumber(1), DeviceNumber(3))));
        assert_eq!(restored.notices.iter().filter(|notice| **notice == Notice::Admitted).count(), 1);
        assert_eq!(restored.items(), ["one", "three", "two", "mine"]);
        assert_eq!(restored.replica.status(), SharingStatus::AllShared);
        assert!(!restored.kv.keys().any(|key| key.ends_with(b"/way")), "nor is it on the new device");

        let epoch = restored.replica.access().unwrap().epoch(Stream::Care);
        world.tell(1, Input::RevokeDevice { device: DeviceNumber(1) });
        world.pass(2 * MINUTES);
        world.keep(1, add(LOG, "four", "for whoever finds the phone to not read"));
        world.pass(MINUTES);
        let log = world.phones[1].replica.access().unwrap();
        assert_eq!(log.epoch(Stream::Care), epoch + 1);
        assert_eq!(log.epoch(Stream::Private(MemberNumber(1))), 3);
        world.set_online(0, true);
        world.pass(5 * MINUTES);
        let lost = &world.phones[0];
        assert_eq!(lost.replica.phase(), Phase::Ended);
        assert!(lost.notices.contains(&Notice::Removed));
        assert_eq!(lost.items(), Vec::<String>::new());
        assert_eq!(lost.drawer().len(), 1, "what was written there and not sent is still there to read");
        let (words, _) = make(&mut world, 1);
        assert!(Kit::parse(&words, host::NAME).is_ok(), "and a new kit can be made");
    }
}

#[test]
fn a_kit_counts_only_once_the_host_has_taken_it() {
    let mut world = World::cared_for(2, Transport::Socket, 62);
    world.set_online(0, false);
    world.tell(0, Input::MakeKit { request: 9 });
    world.pass(MINUTES);
    assert!(ready(&world, 0).is_none());
    assert_eq!(world.phones[0].replica.waiting(), 1);
    world.restart(0);
    world.set_online(0, true);
    world.pass(5 * MINUTES);
    let (_, kit) = ready(&world, 0).expect("told though the app was closed meanwhile");
    let told = |world: &World| {
        world.phones[0].notices.iter().filter(|n| matches!(n, Notice::KitReady { .. })).count()
    };
    world.restart(0);
    world.run();
    assert_eq!(told(&world), 2, "and told again until its words were checked");
    assert!(world.phones[0].kv.keys().any(|key| key.windows(5).any(|part| part == b"/kit/")));
    kept(&mut world, 0);
    world.restart(0);
    world.run();
    assert_eq!(told(&world), 2, "from then on it is on paper only");
    assert!(!world.phones[0].kv.keys().any(|key| key.windows(5).any(|part| part == b"/kit/")));
    world.tell(1, Input::RestoreFromKit { kit });
    world.connect(1);
    world.pass(MINUTES);
    assert_eq!(world.phones[1].replica.phase(), Phase::Member);
}

#[test]
fn a_kit_that_waits_can_be_taken_back() {
    let mut world = World::cared_for(1, Transport::Socket, 63);
    world.set_online(0, false);
    world.tell(0, Input::MakeKit { request: 9 });
    let (wish, _) = world.phones[0].replica.wishes()[0];
    world.tell(0, Input::TakeBack { wish });
    assert!(!world.phones[0].kv.keys().any(|key| key.windows(5).any(|part| part == b"/kit/")));
    world.set_online(0, true);
    world.pass(5 * MINUTES);
    assert!(ready(&world, 0).is_none());
    assert_eq!(world.phones[0].replica.access().unwrap().devices().len(), 1);
}

#[test]
fn a_kit_that_does_not_count_says_so() {
    let mut world = World::cared_for(4, Transport::Socket, 64);
    let (_, kit) = make(&mut world, 0);
    let other = Kit { seed: kith_protocol::kit::KitSeed([1; 16]), ..kit.clone() };
    world.tell(1, Input::RestoreFromKit { kit: other });
    world.connect(1);
    world.pass(MINUTES);
    assert_eq!(problem(&world, 1), Some(LinkProblem::Unknown), "the circle has no such device");
    let elsewhere = Kit { circle: CircleStart::new(&[7; 8]).unwrap(), ..kit.clone() };
    world.tell(2, Input::RestoreFromKit { kit: elsewhere });
    world.connect(2);
    world.pass(MINUTES);
    assert_eq!(problem(&world, 2), Some(LinkProblem::Unknown), "the host has no such circle");
    world.tell(0, Input::RevokeDevice { device: DeviceNumber(2) });
    world.pass(MINUTES);
    world.tell(3, Input::RestoreFromKit { kit });
    world.connect(3);
    world.pass(MINUTES);
    assert_eq!(
        problem(&world, 3),
        Some(LinkProblem::Cancelled),
        "it was taken out, and the stream proves it"
    );
    assert_eq!(world.phones[0].replica.access().unwrap().devices().len(), 2);
}

#[test]
fn the_words_of_a_french_circle_are_french() {
    let mut world = World::real(1, Transport::Socket, 65);
    let language = Language::French;
    let founding = kith_replica::Founding { host: host::NAME.into(), language, caregivers_invite: false };
    world.tell(0, Input::Found(founding));
    world.connect(0);
    let (words, kit) = make(&mut world, 0);
    assert_eq!(kit.words(Language::French).join(" "), words);
    assert_eq!(Kit::parse(&words, host::NAME).unwrap().seed, kit.seed);
}

fn story(transport: Transport, seed: u64, restarts: u8) {
    let mut world = World::cared_for(2, transport, seed);
    world.phones[0].restarts = restarts;
    for _ in 0..20 {
        if ready(&world, 0).is_some() {
            break;
        }
        if world.phones[0].replica.wishes().is_empty() {
            world.tell(0, Input::MakeKit { request: 9 });
        }
        world.pass(MINUTES);
    }
    let (_, kit) = ready(&world, 0).expect("a kit");
    world.phones[0].restarts = 0;
    for _ in 0..30 {
        if world.phones[1].replica.phase() == Phase::Member {
            break;
        }
        world.tell(1, Input::RestoreFromKit { kit: kit.clone() });
        world.connect(1);
        world.phones[1].restarts = restarts;
        world.pass(MINUTES);
    }
    world.phones[1].restarts = 0;
    world.pass(10 * MINUTES);
    assert_eq!(world.phones[1].replica.phase(), Phase::Member);
    assert_eq!(world.phones[1].rows("all"), world.phones[0].rows("all"));
    let log = world.phones[1].replica.access().unwrap();
    let fresh = log.devices().iter().filter(|device| !device.recovery).count();
    assert_eq!(fresh, 2, "added once, however often the app was closed");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wherever_the_app_is_killed_the_kit_brings_everything_back(seed: u64, restarts in 1_u8..50, post: bool) {
        story(if post { Transport::Post } else { Transport::Socket }, seed, restarts);
    }
}
