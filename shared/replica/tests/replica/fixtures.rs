//! Storage as earlier versions wrote it still opens. A fixture is never made again once it was released.

use kith_protocol::Role;
use kith_replica::{Phase, SharingStatus, Transport};

use crate::world::{LOG, TASKS, World, add, note};

const VERSION_1: &[u8] = include_bytes!("../fixtures/storage-1.cbor");

/// A member with committed, waiting and drawer-less content, offline.
fn story() -> World {
    let mut world = World::with(2, Transport::Socket, 99);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(1, link, "Ben");
    world.edit(0, add(LOG, "one", "committed"));
    world.edit(1, add(TASKS, "two", "by Ben"));
    world.set_online(0, false);
    world.edit(0, note(LOG, "one", "waiting"));
    world
}

#[test]
fn storage_of_version_1_opens_and_goes_on() {
    let pairs: Vec<(minicbor::bytes::ByteVec, minicbor::bytes::ByteVec)> =
        minicbor::decode(VERSION_1).unwrap();
    let mut world = World::new(1);
    world.phones[0].kv = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    world.restart(0);
    world.run();
    let phone = &world.phones[0];
    assert_eq!(phone.replica.phase(), Phase::Member);
    assert_eq!(phone.replica.waiting(), 1);
    assert_eq!(phone.items(), ["one", "two"]);
    assert_eq!(phone.versions("one", "note"), [("waiting".to_owned(), 1)]);
    let edit = world.edit(0, note(LOG, "one", "with this version"));
    assert!(world.phones[0].kept(edit));
    assert_eq!(world.phones[0].versions("one", "note"), [("with this version".to_owned(), 1)]);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::Offline { waiting: 2 });
}

/// `cargo test -p kith-replica --test replica -- --ignored` writes the fixture of the present version.
#[test]
#[ignore = "writes a fixture"]
fn write_the_fixture_of_the_present_version() {
    let world = story();
    let pairs = world.phones[0].kv.iter();
    let pairs: Vec<(minicbor::bytes::ByteVec, minicbor::bytes::ByteVec)> =
        pairs.map(|(key, value)| (key.clone().into(), value.clone().into())).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/storage-1.cbor");
    std::fs::write(path, minicbor::to_vec(pairs).unwrap()).unwrap();
}
