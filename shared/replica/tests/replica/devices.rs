//! A lost device: what it may read afterwards, what it keeps, and how it learns of its end.

use kith_protocol::pairing::PairingLink;
use kith_protocol::{DeviceNumber, MemberNumber, Role, Stream};
use kith_replica::{Input, Notice, Phase, SharingStatus, Transport};

use crate::world::{LOG, World, add};

const MINUTES: u64 = 60_000;

/// Anna (coordinator, phones 0 and 1) and Ben (caregiver, phone 2, and 3 his second).
fn two_each(transport: Transport, seed: u64) -> World {
    let mut world = World::real(4, transport, seed);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(2, link, "Ben");
    world.pass(MINUTES);
    for (old, new) in [(0, 1), (2, 3)] {
        world.tell(old, Input::OfferDevice { request: 1 });
        world.pass(5_000);
        let link = world.phones[old].notices.iter().rev().find_map(|notice| match notice {
            Notice::PairingReady { link, .. } => PairingLink::parse(link).ok(),
            _ => None,
        });
        world.tell(new, Input::OpenPairing(link.expect("a pairing")));
        world.connect(new);
        world.pass(10_000);
        world.tell(old, Input::ConfirmDevice);
        world.pass(MINUTES);
    }
    world.edit(0, add(LOG, "one", "before"));
    world.edit(2, add("private/2/self", "bens", "mine alone"));
    world.pass(MINUTES);
    for phone in &world.phones {
        assert_eq!(phone.replica.status(), SharingStatus::AllShared);
    }
    world
}

fn number(world: &World, phone: usize) -> DeviceNumber {
    world.phones[phone].replica.me().expect("a device").1
}

fn is_out(world: &World, phone: usize) {
    let out = &world.phones[phone];
    assert_eq!(out.replica.phase(), Phase::Ended);
    assert!(out.notices.contains(&Notice::Removed));
    assert_eq!(out.items(), Vec::<String>::new());
    let class = |key: &&Vec<u8>| key.windows(5).any(|part| part == b"/raw/" || part == b"/chg/");
    assert_eq!(out.kv.keys().filter(class).count(), 0, "nothing of any class is left");
}

#[test]
fn a_revoked_device_reads_nothing_that_is_written_afterwards() {
    for transport in [Transport::Socket, Transport::Post] {
        for by in [3, 0] {
            let mut world = two_each(transport, 71);
            let lost = number(&world, 2);
            let before = world.phones[0].replica.access().unwrap();
            world.tell(by, Input::RevokeDevice { device: lost });
            world.pass(3 * MINUTES);
            is_out(&world, 2);
            let log = world.phones[0].replica.access().unwrap();
            for stream in [Stream::Commons, Stream::Network, Stream::Care] {
                assert_eq!(log.epoch(stream), before.epoch(stream) + 1, "{stream} by {by}");
            }
            let own = Stream::Private(MemberNumber(2));
            assert_eq!(log.epoch(own), before.epoch(own) + 1, "Ben's own class has a new key, by {by}");
            world.keep(0, add(LOG, "two", "after"));
            world.keep(3, add("private/2/self", "more", "still mine alone"));
            world.pass(2 * MINUTES);
            assert_eq!(world.phones[3].items(), ["one", "two", "bens", "more"]);
            assert_eq!(world.phones[2].items(), Vec::<String>::new());
            let held = |key: &&Vec<u8>| key.ends_with(b"/keyring");
            let keyring =
                world.phones[2].kv.iter().find(|(key, _)| held(key)).map(|(_, value)| value.clone());
            assert_eq!(keyring, Some(vec![0x80]), "and no key is left on it");
        }
    }
}

#[test]
fn what_was_not_sent_when_the_device_was_revoked_is_in_its_drawer() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = two_each(transport, 72);
        world.set_online(2, false);
        world.keep(2, add(LOG, "unsent", "written on the train"));
        world.keep(2, add("private/2/self", "thought", "too"));
        let lost = number(&world, 2);
        world.tell(3, Input::RevokeDevice { device: lost });
        world.pass(MINUTES);
        world.set_online(2, true);
        world.pass(5 * MINUTES);
        is_out(&world, 2);
        assert_eq!(world.phones[2].drawer().len(), 2);
        assert_eq!(world.phones[2].replica.status(), SharingStatus::NotShared { n: 2 });
        assert_eq!(world.phones[3].items(), ["one", "bens"]);
        world.restart(2);
        world.run();
        assert_eq!(world.phones[2].replica.phase(), Phase::Ended);
        assert_eq!(world.phones[2].drawer().len(), 2);
    }
}

#[test]
fn a_device_that_takes_itself_out_leaves_the_new_keys_to_others() {
    let mut world = two_each(Transport::Socket, 73);
    let own = number(&world, 2);
    let before = world.phones[0].replica.access().unwrap();
    world.tell(2, Input::RevokeDevice { device: own });
    is_out(&world, 2);
    world.pass(2 * MINUTES);
    let log = world.phones[0].replica.access().unwrap();
    for stream in [Stream::Commons, Stream::Care, Stream::Private(MemberNumber(2))] {
        assert_eq!(
            log.epoch(stream),
            before.epoch(stream) + 1,
            "{stream}: due, and done by one of the others"
        );
    }
    assert_eq!(log.due_classes(world.now), []);
}

#[test]
fn nobody_takes_out_what_is_not_theirs_nor_the_last_coordinators_last_device() {
    let mut world = two_each(Transport::Socket, 74);
    let (first, second) = (number(&world, 0), number(&world, 1));
    world.tell(2, Input::RevokeDevice { device: first });
    world.pass(MINUTES);
    let refused = |world: &World, phone: usize| {
        let action = |n: &&Notice| matches!(n, Notice::ActionRefused { action: "revoke_device", .. });
        world.phones[phone].notices.iter().filter(action).count()
    };
    assert_eq!(refused(&world, 2), 1);
    world.tell(0, Input::RevokeDevice { device: second });
    world.pass(MINUTES);
    is_out(&world, 1);
    world.tell(0, Input::RevokeDevice { device: first });
    world.pass(MINUTES);
    assert_eq!(refused(&world, 0), 1);
    assert_eq!(world.phones[0].replica.phase(), Phase::Member);
}
