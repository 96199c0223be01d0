//! Hosts that are at fault, restored or gone, and devices that were restored or cloned.

use kith_protocol::envelope::{Header, Plaintext, SealedEnvelope, seal};
use kith_protocol::{DeviceNumber, DeviceSecrets, Keyring, Refusal, Role, Stream};
use kith_replica::{Keys, Notice, SharingStatus, Transport};

use crate::world::{LOG, World, add, note};

fn two(transport: Transport) -> World {
    let mut world = World::with(2, transport, 31);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(1, link, "Ben");
    world.pass(60_000);
    world
}

#[test]
fn a_host_that_changes_an_entry_is_found_out_and_nothing_more_is_sent() {
    let mut world = two(Transport::Socket);
    world.set_online(1, false);
    world.edit(0, add(LOG, "one", "as written"));
    let circle = world.host.circles.values_mut().next().unwrap();
    circle.streams.get_mut(&Stream::Care).unwrap()[0].0.stamp += 1;
    world.set_online(1, true);
    world.pass(300_000);
    let ben = &world.phones[1];
    let SharingStatus::Stopped(fault) = ben.replica.status() else { panic!("{:?}", ben.replica.status()) };
    assert_eq!((fault.stream, fault.k), (Stream::Care, 1));
    let before = world.phones[1].requests.len();
    let edit = world.edit(1, add(LOG, "two", "kept here"));
    world.pass(300_000);
    world.restart(1);
    world.pass(300_000);
    let ben = &world.phones[1];
    assert!(ben.kept(edit));
    assert_eq!(ben.requests.len(), before, "it stays stopped, also after a restart");
    assert!(matches!(ben.replica.status(), SharingStatus::Stopped(_)));
}

#[test]
fn no_part_of_a_page_is_believed_that_does_not_lead_to_its_end() {
    let mut world = two(Transport::Post);
    world.set_online(1, false);
    world.edit(0, add(LOG, "one", "another time is told of it"));
    world.edit(0, add(LOG, "two", "and this one is forged"));
    let circle = world.host.circles.values_mut().next().unwrap();
    let entries = circle.streams.get_mut(&Stream::Care).unwrap();
    entries[0].0.stamp += 1;
    entries[1].0.stamp += 1;
    entries[1].0.signature.0[7] ^= 1;
    world.set_online(1, true);
    world.pass(300_000);
    let ben = &world.phones[1];
    let SharingStatus::Stopped(fault) = ben.replica.status() else { panic!("{:?}", ben.replica.status()) };
    assert_eq!((fault.stream, fault.k), (Stream::Care, 2), "what was found wrong first");
    assert_eq!(ben.items(), Vec::<String>::new());
    assert_eq!(ben.replica.waiting(), 0);
}

#[test]
fn a_refusal_for_want_of_right_is_not_believed_against_the_own_access_stream() {
    let mut world = two(Transport::Socket);
    let head = world.phones[1].replica.access().unwrap().head();
    world.host.refuse_next = Some(Refusal::NoRight(head));
    world.edit(1, add(LOG, "one", "mine"));
    assert!(world.phones[1].drawer().is_empty());
    world.pass(120_000);
    assert_eq!(world.phones[0].items(), ["one"]);
}

#[test]
fn a_restored_host_is_given_back_what_it_lost() {
    let mut world = two(Transport::Socket);
    for n in 0..8 {
        world.edit(n % 2, add(LOG, &format!("item-{n}"), "note"));
    }
    let whole = world.host.circles.values().next().unwrap().streams[&Stream::Care].clone();
    world.set_online(0, false);
    world.set_online(1, false);
    world.host.circles.values_mut().next().unwrap().cut(Stream::Care, 3);
    world.set_online(1, true);
    world.pass(60_000);
    let back = &world.host.circles.values().next().unwrap().streams[&Stream::Care];
    assert_eq!(*back, whole);
    world.set_online(0, true);
    world.pass(60_000);
    world.edit(0, add(LOG, "later", "note"));
    assert_eq!(world.phones[1].items().len(), 9);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::AllShared);
}

#[test]
fn a_device_restored_from_a_backup_takes_in_what_it_had_written_and_goes_on() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = two(transport);
        world.edit(0, add(LOG, "one", "in the backup"));
        let backup = world.phones[0].kv.clone();
        world.edit(0, note(LOG, "one", "after the backup"));
        world.edit(0, add(LOG, "two", "after it too"));
        world.phones[0].kv = backup;
        world.phones[0].online = false;
        world.restart(0);
        world.run();
        // Written before anything is downloaded: it would take numbers that are taken.
        world.edit(0, add(LOG, "three", "on the restored phone"));
        world.set_online(0, true);
        world.pass(300_000);
        for phone in &world.phones {
            assert_eq!(phone.items(), ["one", "three", "two"], "{transport:?}");
            assert_eq!(phone.versions("one", "note"), [("after the backup".to_owned(), 1)]);
            assert_eq!(phone.replica.status(), SharingStatus::AllShared);
        }
    }
}

#[test]
fn a_cloned_device_and_its_twin_lose_nothing() {
    let mut world = World::with(3, Transport::Post, 37);
    world.found(0);
    world.connect(0);
    world.edit(0, add(LOG, "one", "before"));
    let link = world.invite(0, Role::Caregiver, true);
    world.join(2, link, "Ben");
    world.clone_phone(0, 1);
    world.set_online(0, false);
    world.edit(0, add(LOG, "left", "by the original"));
    world.edit(1, add(LOG, "right", "by the twin"));
    world.connect(1);
    world.set_online(0, true);
    world.pass(600_000);
    for phone in &world.phones {
        assert_eq!(phone.items(), ["left", "one", "right"]);
        assert_eq!(phone.replica.status(), SharingStatus::AllShared);
    }
}

#[test]
fn a_host_that_forgot_the_circle_is_said_to_be_gone() {
    let mut world = two(Transport::Post);
    world.host.circles.clear();
    world.host.forget_tokens();
    world.edit(1, add(LOG, "one", "kept"));
    world.pass(120_000);
    assert_eq!(world.phones[1].replica.status(), SharingStatus::ServerGone);
    assert_eq!(world.phones[1].items(), ["one"]);
}

/// An envelope as Ben's device could make it with another app: anything may be inside.
fn forged(world: &World, changes: Vec<Vec<u8>>) -> SealedEnvelope {
    let ben = &world.phones[1];
    let keys: Keys = ben.keys();
    let secrets = DeviceSecrets::from_bytes(ben.kv[&keys.device()].as_slice().try_into().unwrap());
    let keyring = Keyring::from_bytes(&ben.kv[&keys.keyring()]).unwrap();
    let log = ben.replica.access().unwrap();
    let header = Header {
        version: kith_protocol::VERSION,
        stream: Stream::Care,
        device: DeviceNumber(2),
        device_seq: 1,
        access_seq: log.head(),
        access_hash: log.head_hash().prefix(),
        epoch: log.epoch(Stream::Care),
        seen_k: 0,
        seen_chain: kith_protocol::Hash::ZERO.prefix(),
    };
    let plaintext = Plaintext { document: LOG.into(), incarnation: 1, changes };
    let key = keyring.key(Stream::Care, header.epoch).unwrap();
    seal(&header, &plaintext, &log.circle(), key, &secrets).unwrap()
}

#[test]
fn what_the_guard_does_not_pass_counts_and_adds_nothing_for_everybody() {
    for (n, changes) in [vec![vec![0; 40]], vec![b"no change at all".to_vec()]].into_iter().enumerate() {
        let mut world = two(Transport::Socket);
        let envelope = forged(&world, changes);
        world.host.inject(DeviceNumber(2), &envelope);
        world.run();
        world.edit(1, add(LOG, "after", "the next number"));
        world.edit(0, add(LOG, "other", "by Anna"));
        for phone in &world.phones {
            assert_eq!(phone.items(), ["after", "other"], "{n}");
            assert_eq!(phone.replica.status(), SharingStatus::AllShared);
        }
    }
}

#[test]
fn an_entry_that_brings_the_app_down_twice_is_set_aside_and_said_so() {
    let mut world = two(Transport::Socket);
    world.set_online(1, false);
    world.edit(0, add(LOG, "one", "note"));
    world.edit(0, add(LOG, "two", "note"));
    // In another document: what builds on an entry that was left out is void on this device.
    world.edit(0, add("care/plan", "three", "note"));
    // The app goes down while it applies what came: it is killed at the write that would end it.
    world.phones[1].die_applying = Some(2);
    world.set_online(1, true);
    assert!(world.phones[1].items().is_empty());
    for _ in 0..2 {
        world.restart(1);
        world.run();
    }
    let ben = &world.phones[1];
    assert_eq!(ben.items(), ["one", "three"]);
    assert!(ben.notices.contains(&Notice::SetAside { stream: Stream::Care, k: 2 }));
}

#[test]
fn a_full_device_does_not_fetch_in_circles() {
    let mut world = two(Transport::Socket);
    world.set_online(1, false);
    world.edit(0, add(LOG, "one", "note"));
    world.phones[1].full = true;
    world.phones[1].requests.clear();
    world.set_online(1, true);
    world.pass(300_000);
    assert_eq!(world.phones[1].replica.status(), SharingStatus::StorageFull);
    assert!(world.phones[1].requests.len() < 60, "{}", world.phones[1].requests.len());
    world.phones[1].full = false;
    world.pass(300_000);
    assert_eq!(world.phones[1].items(), ["one"]);
    assert_eq!(world.phones[1].replica.status(), SharingStatus::AllShared);
}

#[test]
fn a_device_with_room_again_says_so_though_nothing_new_is_written() {
    let mut world = two(Transport::Socket);
    world.phones[1].full = true;
    let edit = world.edit(1, add(LOG, "one", "does not fit"));
    assert!(!world.phones[1].kept(edit));
    assert_eq!(world.phones[1].replica.status(), SharingStatus::StorageFull);
    world.phones[1].full = false;
    world.pass(300_000);
    assert_eq!(world.phones[1].replica.status(), SharingStatus::AllShared);
}
