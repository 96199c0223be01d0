//! Storage as earlier versions wrote it still opens. A fixture is never made again once it was released.

use kith_protocol::Role;
use kith_replica::{Input, Notice, Phase, SharingStatus, Transport, Wished};

use crate::world::{LOG, TASKS, World, add, note};

const VERSION_1: &[u8] = include_bytes!("../fixtures/storage-1.cbor");
const VERSION_2: &[u8] = include_bytes!("../fixtures/storage-2.cbor");

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

fn opened(fixture: &[u8]) -> World {
    let pairs: Pairs = minicbor::decode(fixture).unwrap();
    let mut world = World::new(1);
    world.phones[0].kv = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    world.restart(0);
    world.run();
    world
}

fn goes_on(mut world: World, waiting: usize) {
    let phone = &world.phones[0];
    assert_eq!(phone.replica.phase(), Phase::Member);
    assert_eq!(phone.replica.waiting(), waiting);
    assert_eq!(phone.items(), ["one", "two"]);
    assert_eq!(phone.versions("one", "note"), [("waiting".to_owned(), 1)]);
    let edit = world.edit(0, note(LOG, "one", "with this version"));
    assert!(world.phones[0].kept(edit));
    assert_eq!(world.phones[0].versions("one", "note"), [("with this version".to_owned(), 1)]);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::Offline { waiting: waiting + 1 });
}

#[test]
fn storage_of_version_1_opens_and_goes_on() {
    goes_on(opened(VERSION_1), 1);
}

#[test]
fn storage_of_version_2_opens_and_goes_on() {
    let world = opened(VERSION_2);
    let phone = &world.phones[0];
    assert!(phone.notices.iter().any(|notice| matches!(notice, Notice::PairingReady { request: 3, .. })));
    assert_eq!(phone.replica.wishes(), [(2, Wished::MakeKit)]);
    goes_on(world, 2);
}

/// What an older version of the app would not understand is never put into a replica that it would open.
#[test]
fn a_replica_of_version_1_is_of_the_present_version_once_it_was_opened() {
    let world = opened(VERSION_1);
    let version = |kv: &std::collections::BTreeMap<Vec<u8>, Vec<u8>>| {
        let state = &kv[&world.phones[0].keys().state()];
        let mut decoder = minicbor::Decoder::new(state);
        decoder.array().and_then(|_| decoder.u32()).unwrap()
    };
    let before: Pairs = minicbor::decode(VERSION_1).unwrap();
    let before = before.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    assert_eq!((version(&before), version(&world.phones[0].kv)), (1, 2));
}

/// `cargo test -p kith-replica --test replica -- --ignored` writes the fixture of the present version.
#[test]
#[ignore = "writes a fixture"]
fn write_the_fixture_of_the_present_version() {
    let world = story();
    let pairs = world.phones[0].kv.iter();
    let pairs: Pairs = pairs.map(|(key, value)| (key.clone().into(), value.clone().into())).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/storage-2.cbor");
    std::fs::write(path, minicbor::to_vec(pairs).unwrap()).unwrap();
}
