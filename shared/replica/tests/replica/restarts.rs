//! The app is killed between any two steps: what was kept is kept, and everybody ends with the same.

use kith_protocol::{MemberNumber, Role};
use kith_replica::{Input, Notice, Phase, SharingStatus, Transport};
use proptest::prelude::*;

use crate::world::{LOG, TASKS, World, add, note};

/// A story with every kind of step; the phones are killed at random before this many of 256 inputs.
fn story(world: World, restarts: u8) -> World {
    let mut world = world;
    world.found(0);
    world.phones[0].restarts = restarts;
    world.keep(0, add(LOG, "one", "offline"));
    world.connect(0);
    world.pass(60_000);
    let link = patient_invite(&mut world, Role::Caregiver, false);
    world.open_link(1, link);
    world.phones[1].restarts = restarts;
    patient_join(&mut world, 1, "Ben");
    patient_admit(&mut world);
    let link = patient_invite(&mut world, Role::Helper, true);
    world.open_link(2, link);
    world.phones[2].restarts = restarts;
    patient_join(&mut world, 2, "Hugo");
    for n in 0..6 {
        world.keep(n % 2, add(LOG, &format!("log-{n}"), "note"));
        world.keep(n % 3, add(TASKS, &format!("task-{n}"), "note"));
    }
    world.set_online(1, false);
    world.keep(1, note(LOG, "one", "Ben's"));
    world.keep(0, note(LOG, "one", "Anna's"));
    world.tell(0, Input::RotateKeys { streams: vec![kith_protocol::Stream::Commons] });
    world.keep(1, add("private/2/self", "mine", "tired"));
    world.set_online(1, true);
    world.pass(600_000);
    for phone in &mut world.phones {
        phone.restarts = 0;
    }
    world.pass(600_000);
    world
}

/// An answer may be lost with the app; a person asks again.
fn patient_invite(world: &mut World, role: Role, direct: bool) -> kith_protocol::invite::InviteLink {
    let restarts = std::mem::take(&mut world.phones[0].restarts);
    world.pass(60_000);
    let link = world.invite(0, role, direct);
    world.phones[0].restarts = restarts;
    link
}

fn patient_admit(world: &mut World) {
    let ben = world.phones[1].me();
    for _ in 0..20 {
        if world.phones[1].replica.phase() == Phase::Member {
            return;
        }
        world.tell(0, Input::Admit { member: ben });
        world.pass(300_000);
    }
    panic!("Ben was never admitted");
}

fn patient_join(world: &mut World, phone: usize, name: &str) {
    for _ in 0..20 {
        if world.phones[phone].replica.me().is_some() {
            return;
        }
        world.tell(phone, Input::Join { name: name.into() });
        world.pass(300_000);
    }
    panic!("{name} never joined");
}

fn agree(world: &World) {
    let [anna, ben, hugo] = &world.phones[..] else { panic!("three phones") };
    for phone in &world.phones {
        assert_eq!(phone.replica.status(), SharingStatus::AllShared);
        assert_eq!(phone.replica.waiting(), 0);
        // Keys come beside what changes them: whatever happened on the way, nobody was told that one is missing.
        assert!(!phone.notices.contains(&Notice::Status(SharingStatus::KeyMissing)));
    }
    let shared = |world: &World, phone: usize| {
        let rows = world.phones[phone].rows("all").into_iter();
        rows.filter(|row| row.document.class() != "private").collect::<Vec<_>>()
    };
    assert_eq!(shared(world, 0), shared(world, 1));
    assert_eq!(anna.versions("one", "note").len(), 2);
    assert_eq!(anna.history(LOG, "one"), ben.history(LOG, "one"));
    assert_eq!(hugo.items().len(), 6);
    assert_eq!(ben.items().len(), 14);
    assert_eq!(hugo.replica.access().unwrap().role_of(MemberNumber(3), u64::MAX), Some(Role::Helper));
}

#[test]
fn the_story_without_a_restart() {
    for transport in [Transport::Socket, Transport::Post] {
        agree(&story(World::with(3, transport, 41), 0));
        agree(&story(World::real(3, transport, 41), 0));
    }
}

#[test]
fn the_same_inputs_give_the_same_storage() {
    let (one, two) = (World::with(3, Transport::Socket, 43), World::with(3, Transport::Socket, 43));
    let (one, two) = (story(one, 20), story(two, 20));
    for (a, b) in one.phones.iter().zip(&two.phones) {
        assert_eq!(a.kv, b.kv);
        assert_eq!(a.notices, b.notices);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_story_ends_the_same_wherever_the_app_is_killed(seed: u64, restarts in 1_u8..90, post: bool) {
        let transport = if post { Transport::Post } else { Transport::Socket };
        agree(&story(World::with(3, transport, seed), restarts));
        agree(&story(World::real(3, transport, seed), restarts));
    }
}
