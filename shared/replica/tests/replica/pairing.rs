//! A second device of the same person: the link, the words, who may come in and who may not.

use kith_protocol::pairing::PairingLink;
use kith_protocol::{DeviceNumber, MemberNumber, Role};
use kith_replica::{Input, LinkProblem, Notice, PairingEnd, Phase, SharingStatus, Transport};
use proptest::prelude::*;

use crate::world::{TASKS, World, add, note};

pub const MINUTES: u64 = 60_000;

/// Opens a pairing and returns its link.
pub fn offer(world: &mut World, phone: usize) -> PairingLink {
    world.tell(phone, Input::OfferDevice { request: 7 });
    world.pass(3_000);
    let ready = |notice: &Notice| match notice {
        Notice::PairingReady { request: 7, link, .. } => Some(PairingLink::parse(link).expect("a link")),
        _ => None,
    };
    world.phones[phone].notices.iter().rev().find_map(ready).expect("a pairing")
}

pub fn open(world: &mut World, phone: usize, link: &PairingLink) {
    world.tell(phone, Input::OpenPairing(link.clone()));
    world.connect(phone);
    world.pass(5_000);
}

/// The words that the device which opened the pairing shows.
fn answered(world: &World, phone: usize) -> Option<[&'static str; 4]> {
    world.phones[phone].notices.iter().rev().find_map(|notice| match notice {
        Notice::PairingAnswered { words } => Some(*words),
        _ => None,
    })
}

/// The words that the new device shows.
fn shown(world: &World, phone: usize) -> Option<[&'static str; 4]> {
    world.phones[phone].notices.iter().rev().find_map(|notice| match notice {
        Notice::PairingWords { words } => Some(*words),
        _ => None,
    })
}

pub fn problem(world: &World, phone: usize) -> Option<LinkProblem> {
    world.phones[phone].notices.iter().rev().find_map(|notice| match notice {
        Notice::LinkUnusable(problem) => Some(*problem),
        _ => None,
    })
}

fn ended(world: &World, phone: usize) -> Option<PairingEnd> {
    world.phones[phone].notices.iter().rev().find_map(|notice| match notice {
        Notice::PairingEnded(end) => Some(*end),
        _ => None,
    })
}

/// Both devices are Anna's, hold the same, and each reads what the other writes.
fn are_one(world: &mut World, old: usize, new: usize) {
    assert_eq!(world.phones[new].replica.phase(), Phase::Member);
    assert_eq!(world.phones[new].me(), world.phones[old].me());
    world.keep(old, add(TASKS, "by-old", "x"));
    world.keep(new, add(TASKS, "by-new", "x"));
    world.keep(new, note("private/1/self", "mine", "better"));
    world.pass(2 * MINUTES);
    for phone in [old, new] {
        assert_eq!(world.phones[phone].replica.status(), SharingStatus::AllShared);
    }
    assert_eq!(world.phones[old].rows("all"), world.phones[new].rows("all"));
    assert_eq!(world.phones[old].versions("mine", "note"), [("better".to_owned(), 2)]);
    let left = |phone: usize| {
        let secret = |key: &&Vec<u8>| key.ends_with(b"/way") || key.ends_with(b"/offer");
        world.phones[phone].kv.keys().filter(secret).count()
    };
    assert_eq!((left(old), left(new)), (0, 0), "nothing of the pairing is kept");
}

#[test]
fn a_second_device_comes_in_and_holds_all_that_the_first_reads() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = World::cared_for(2, transport, 51);
        let link = offer(&mut world, 0);
        assert_eq!(link.member, MemberNumber(1));
        open(&mut world, 1, &link);
        let words = answered(&world, 0).expect("an answer");
        assert_eq!(shown(&world, 1), Some(words));
        assert_eq!(world.phones[1].replica.phase(), Phase::Pairing);
        assert_eq!(world.phones[1].replica.status(), SharingStatus::WaitingToBeLetIn);
        assert_eq!(
            world.phones[0].replica.access().unwrap().devices().len(),
            1,
            "not without a confirmation"
        );
        world.tell(0, Input::ConfirmDevice);
        world.pass(MINUTES);
        assert_eq!(ended(&world, 0), Some(PairingEnd::Added(DeviceNumber(2))));
        assert_eq!(world.phones[1].notices.iter().filter(|n| **n == Notice::Admitted).count(), 1);
        assert_eq!(world.phones[1].items(), ["one", "mine"]);
        are_one(&mut world, 0, 1);
    }
}

#[test]
fn a_pairing_opens_on_a_connection_whose_token_has_run_out() {
    let mut world = World::cared_for(2, Transport::Socket, 50);
    world.pass(30 * MINUTES);
    let before = world.phones[0].requests.len();
    let link = offer(&mut world, 0);
    assert!(world.phones[0].requests[before..].contains(&"/v1/token".to_owned()));
    assert!(!world.phones[0].requests[before..].contains(&"/v1/socket".to_owned()), "it is still connected");
    open(&mut world, 1, &link);
    world.tell(0, Input::ConfirmDevice);
    world.pass(MINUTES);
    are_one(&mut world, 0, 1);
}

#[test]
fn whichever_side_is_away_meanwhile_it_goes_on_when_it_is_back() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = World::cared_for(2, transport, 52);
        let link = offer(&mut world, 0);
        world.set_online(0, false);
        open(&mut world, 1, &link);
        assert!(answered(&world, 0).is_none());
        let words = shown(&world, 1).expect("the words");
        world.set_online(1, false);
        world.set_online(0, true);
        world.pass(MINUTES);
        assert_eq!(answered(&world, 0), Some(words));
        world.set_online(0, false);
        world.tell(0, Input::ConfirmDevice);
        assert_eq!(world.phones[0].replica.waiting(), 1, "signed when there is a connection");
        world.set_online(0, true);
        world.pass(MINUTES);
        assert_eq!(ended(&world, 0), Some(PairingEnd::Added(DeviceNumber(2))));
        world.set_online(1, true);
        world.pass(MINUTES);
        are_one(&mut world, 0, 1);
    }
}

#[test]
fn somebody_else_who_answers_first_shows_other_words() {
    let mut world = World::cared_for(4, Transport::Socket, 53);
    let link = offer(&mut world, 0);
    open(&mut world, 1, &link);
    open(&mut world, 2, &link);
    assert_eq!(
        problem(&world, 2),
        Some(LinkProblem::Used),
        "the second to answer learns that it was not the first"
    );
    assert_eq!(shown(&world, 2), None);
    assert_eq!(answered(&world, 0), shown(&world, 1));
    world.tell(0, Input::DeclineDevice);
    world.pass(MINUTES);
    assert_eq!(ended(&world, 0), Some(PairingEnd::Declined));
    assert_eq!(problem(&world, 1), Some(LinkProblem::Cancelled));
    assert_eq!(world.phones[0].replica.access().unwrap().devices().len(), 1);

    let link = offer(&mut world, 0);
    open(&mut world, 3, &link);
    assert_ne!(answered(&world, 0), shown(&world, 1), "the words are those of the keys");
    assert_eq!(answered(&world, 0), shown(&world, 3));
    world.tell(0, Input::ConfirmDevice);
    world.pass(MINUTES);
    are_one(&mut world, 0, 3);
}

#[test]
fn an_answer_that_was_not_made_with_the_link_ends_the_pairing() {
    let mut world = World::cared_for(2, Transport::Socket, 54);
    let link = offer(&mut world, 0);
    let path = format!("/v1/pairings/{}/answer", link.id().text());
    let now = world.now;
    let (status, _) = world.real.as_mut().unwrap().http(&path, &[5; 200], now);
    assert_eq!(status, 200, "the host cannot know");
    world.pass(5_000);
    assert_eq!(ended(&world, 0), Some(PairingEnd::NotGenuine));
    assert_eq!(answered(&world, 0), None);
    open(&mut world, 1, &link);
    assert_eq!(problem(&world, 1), Some(LinkProblem::Expired));
    assert_eq!(shown(&world, 1), None);
}

#[test]
fn a_pairing_is_over_after_ten_minutes() {
    for answers in [false, true] {
        let mut world = World::cared_for(2, Transport::Socket, 55);
        let link = offer(&mut world, 0);
        if answers {
            open(&mut world, 1, &link);
            assert!(answered(&world, 0).is_some());
        }
        world.pass(10 * MINUTES);
        assert_eq!(ended(&world, 0), Some(PairingEnd::Expired));
        if !answers {
            open(&mut world, 1, &link);
        }
        world.pass(MINUTES);
        assert_eq!(problem(&world, 1), Some(LinkProblem::Expired));
        world.tell(0, Input::ConfirmDevice);
        world.pass(MINUTES);
        assert!(matches!(
            world.phones[0].notices.last(),
            Some(Notice::ActionRefused { action: "confirm_device", .. })
        ));
        assert_eq!(world.phones[0].replica.access().unwrap().devices().len(), 1);
        let asked = world.phones[1].requests.len();
        world.pass(60 * MINUTES);
        assert_eq!(world.phones[1].requests.len(), asked, "and nobody asks any more");
    }
}

#[test]
fn confirmed_without_a_connection_it_is_not_signed_after_its_time() {
    let mut world = World::cared_for(2, Transport::Socket, 56);
    let link = offer(&mut world, 0);
    open(&mut world, 1, &link);
    world.set_online(0, false);
    world.tell(0, Input::ConfirmDevice);
    world.pass(11 * MINUTES);
    assert_eq!(ended(&world, 0), None, "it was sent, perhaps, so only the stream can tell");
    world.set_online(0, true);
    world.pass(5 * MINUTES);
    assert_eq!(ended(&world, 0), Some(PairingEnd::Expired));
    assert_eq!(world.phones[0].replica.access().unwrap().devices().len(), 1);
    assert_eq!(world.phones[0].replica.waiting(), 0);
    assert_eq!(problem(&world, 1), Some(LinkProblem::Expired));
}

#[test]
fn without_a_connection_it_is_over_after_ten_minutes_too() {
    let mut world = World::cared_for(1, Transport::Socket, 60);
    offer(&mut world, 0);
    world.set_online(0, false);
    world.pass(9 * MINUTES);
    assert_eq!(ended(&world, 0), None);
    world.pass(2 * MINUTES);
    assert_eq!(ended(&world, 0), Some(PairingEnd::Expired));
}

#[test]
fn another_pairing_takes_the_place_of_the_first_and_of_its_confirmation() {
    let mut world = World::cared_for(3, Transport::Socket, 61);
    let link = offer(&mut world, 0);
    open(&mut world, 1, &link);
    world.set_online(0, false);
    world.tell(0, Input::ConfirmDevice);
    assert_eq!(world.phones[0].replica.waiting(), 1);
    world.tell(0, Input::OfferDevice { request: 7 });
    assert_eq!((ended(&world, 0), world.phones[0].replica.waiting()), (Some(PairingEnd::Declined), 0));
    world.set_online(0, true);
    world.pass(MINUTES);
    let second = world.phones[0].notices.iter().rev().find_map(|notice| match notice {
        Notice::PairingReady { link, .. } => PairingLink::parse(link).ok(),
        _ => None,
    });
    let second = second.filter(|second| *second != link).expect("another pairing");
    open(&mut world, 2, &second);
    world.tell(0, Input::ConfirmDevice);
    world.pass(MINUTES);
    are_one(&mut world, 0, 2);
    assert_eq!(world.phones[1].replica.phase(), Phase::Pairing);
    assert_eq!(world.phones[0].replica.access().unwrap().devices().len(), 2);
}

#[test]
fn a_caregivers_second_device_reads_what_a_caregiver_reads() {
    let mut world = World::cared_for(3, Transport::Socket, 57);
    let invitation = world.invite(0, Role::Caregiver, true);
    world.join(1, invitation, "Ben");
    world.edit(1, add("private/2/self", "bens", "mine alone"));
    world.pass(MINUTES);
    let link = offer(&mut world, 1);
    open(&mut world, 2, &link);
    world.tell(1, Input::ConfirmDevice);
    world.pass(MINUTES);
    assert_eq!(world.phones[2].me(), MemberNumber(2));
    assert_eq!(world.phones[2].items(), ["one", "bens"]);
    assert!(!world.phones[0].items().contains(&"bens".to_owned()));
}

/// The whole pairing with both apps killed at random; a person asks again where an answer is missing.
fn story(transport: Transport, seed: u64, restarts: u8) {
    let mut world = World::cared_for(2, transport, seed);
    world.phones[0].restarts = restarts;
    let mut link = None;
    for _ in 0..20 {
        world.tell(0, Input::OfferDevice { request: 7 });
        world.pass(20_000);
        link = world.phones[0].notices.iter().rev().find_map(|notice| match notice {
            Notice::PairingReady { link, .. } => PairingLink::parse(link).ok(),
            _ => None,
        });
        if link.is_some() {
            break;
        }
    }
    let link = link.expect("a pairing");
    for _ in 0..20 {
        world.tell(1, Input::OpenPairing(link.clone()));
        world.connect(1);
        world.phones[1].restarts = restarts;
        world.pass(10_000);
        if shown(&world, 1).is_some() {
            break;
        }
    }
    for _ in 0..20 {
        if answered(&world, 0).is_some() {
            break;
        }
        world.pass(10_000);
    }
    assert_eq!(answered(&world, 0), shown(&world, 1));
    for _ in 0..20 {
        if world.phones[0].replica.access().is_some_and(|log| log.devices().len() == 2) {
            break;
        }
        world.tell(0, Input::ConfirmDevice);
        world.pass(10_000);
    }
    for _ in 0..20 {
        if world.phones[1].replica.phase() == Phase::Member {
            break;
        }
        world.pass(10_000);
    }
    (world.phones[0].restarts, world.phones[1].restarts) = (0, 0);
    world.pass(2 * MINUTES);
    are_one(&mut world, 0, 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wherever_the_apps_are_killed_the_device_comes_in(seed: u64, restarts in 1_u8..50, post: bool) {
        story(if post { Transport::Post } else { Transport::Socket }, seed, restarts);
    }
}
