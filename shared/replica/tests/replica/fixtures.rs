//! Storage as earlier versions wrote it still opens. A fixture is never made again once it was released.

use std::collections::BTreeMap;

use kith_protocol::Role;
use kith_replica::{CannotOpen, Input, Notice, Phase, SharingStatus, Transport, Wished};

use crate::world::{LOG, TASKS, World, add, note};

const VERSION_3: &[u8] = include_bytes!("../fixtures/storage-3.cbor");

type Pairs = Vec<(minicbor::bytes::ByteVec, minicbor::bytes::ByteVec)>;

/// A member with committed, waiting and drawer-less content, an open pairing and a kit that waits, offline.
fn story() -> World {
    let mut world = World::real(2, Transport::Socket, 99);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(1, link, "Ben");
    world.edit(0, add(LOG, "one", "committed"));
    world.edit(1, add(TASKS, "two", "by Ben"));
    world.tell(0, Input::OfferDevice { request: 3 });
    world.set_online(0, false);
    world.edit(0, note(LOG, "one", "waiting"));
    world.tell(0, Input::MakeKit { request: 4 });
    world
}

fn stored(fixture: &[u8]) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let pairs: Pairs = minicbor::decode(fixture).unwrap();
    pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
}

fn opened(fixture: &[u8]) -> World {
    let mut world = World::new(1);
    world.phones[0].kv = stored(fixture);
    world.restart(0);
    world.run();
    world
}

#[test]
fn storage_of_version_3_opens_and_goes_on() {
    let mut world = opened(VERSION_3);
    let phone = &world.phones[0];
    assert!(phone.notices.iter().any(|notice| matches!(notice, Notice::PairingReady { request: 3, .. })));
    assert_eq!(phone.replica.wishes(), [(2, Wished::MakeKit)]);
    assert_eq!(phone.replica.phase(), Phase::Member);
    assert_eq!(phone.replica.waiting(), 2);
    assert_eq!(phone.items(), ["one", "two"]);
    assert_eq!(phone.versions("one", "note"), [("waiting".to_owned(), 1)]);
    let edit = world.edit(0, note(LOG, "one", "with this version"));
    assert!(world.phones[0].kept(edit));
    assert_eq!(world.phones[0].versions("one", "note"), [("with this version".to_owned(), 1)]);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::Offline { waiting: 3 });
}

/// Versions 1 and 2 lay under wire version 0, in which the guard was not complete; a later one is the next app's.
#[test]
fn storage_of_another_version_is_not_opened_and_not_changed() {
    for (version, why) in [
        (1, CannotOpen::Older),
        (2, CannotOpen::Older),
        (4, CannotOpen::Newer),
        (u32::MAX, CannotOpen::Newer),
    ] {
        let mut world = World::new(1);
        world.phones[0].kv = stored(VERSION_3);
        let key = world.phones[0].keys().state();
        let state = world.phones[0].kv.get_mut(&key).unwrap();
        let rest = state.split_off(2);
        assert_eq!(*state, [0x83, 3], "an array of three, with the version in front");
        *state = [vec![0x83], minicbor::to_vec(version).unwrap(), rest].concat();
        let before = world.phones[0].kv.clone();
        world.restart(0);
        world.run();
        assert!(world.phones[0].notices.contains(&Notice::CannotOpen(why)), "{version}");
        assert_eq!(world.phones[0].kv, before, "{version}");
    }
}

/// `cargo test -p kith-replica --test replica -- --ignored` writes the fixture of the present version.
#[test]
#[ignore = "writes a fixture"]
fn write_the_fixture_of_the_present_version() {
    let world = story();
    let pairs = world.phones[0].kv.iter();
    let pairs: Pairs = pairs.map(|(key, value)| (key.clone().into(), value.clone().into())).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/storage-3.cbor");
    std::fs::write(path, minicbor::to_vec(pairs).unwrap()).unwrap();
}
