//! Roles, leaving, removing, devices: who may, who is left, which keys change.

use crate::world::{Person, World};
use kith_protocol::access::{AccessRefusal, Action, MAX_DEVICES, Proposal, Standing, consent};
use kith_protocol::{
    DeviceNumber, DeviceSecrets, Keyring, MemberNumber, Party, Role, Signature, Stream, WrapSubject,
};

const ONE: Party = Party::Device(DeviceNumber(1));

/// `owner` adds a device; nothing is submitted yet.
fn new_device(world: &mut World, owner: &Person, recovery: bool) -> (Person, Proposal) {
    let secrets = DeviceSecrets::generate(&mut world.rng);
    let member = world.log.member_of(owner.device).unwrap();
    let agrees = consent(&secrets, &world.log.circle(), member);
    let mut rng = world.rng.clone();
    let proposal = world.author(owner).add_device(secrets.public(), recovery, agrees, &mut rng).unwrap();
    world.rng = rng;
    let device = DeviceNumber(world.log.next_member().0);
    (Person { device, secrets, keyring: Keyring::default(), link: None }, proposal)
}

fn add_device(world: &mut World, owner: &Person, recovery: bool) -> Person {
    let (mut person, proposal) = new_device(world, owner, recovery);
    world.submit(Party::Device(owner.device), &proposal).unwrap();
    world.fetch_keys(&mut person);
    person
}

#[test]
fn a_lower_role_costs_new_keys_of_what_is_lost_and_a_higher_brings_them() {
    let (mut world, mut founder, [mut nurse]) = World::with([Role::Professional]);
    let role = |to| Action::SetRole(MemberNumber(2), to, Vec::new());
    let bare = Proposal { signed: world.raw(&founder, role(Role::Friend)), wraps: vec![], keys: vec![] };
    assert_eq!(world.judge(ONE, &bare), Err(AccessRefusal::Rotations));
    world.act(&founder, role(Role::Friend)).unwrap();
    world.fetch_keys(&mut founder);
    world.fetch_keys(&mut nurse);
    assert_eq!(world.log.epoch(Stream::Commons), 1);
    assert_eq!((world.log.epoch(Stream::Network), world.log.epoch(Stream::Care)), (2, 2));
    assert!(nurse.keyring.key(Stream::Care, 2).is_none());
    assert!(founder.keyring.key(Stream::Care, 2).is_some());
    world.act(&founder, role(Role::Caregiver)).unwrap();
    world.fetch_keys(&mut nurse);
    assert!(nurse.keyring.key(Stream::Care, 2).is_some());
    assert_eq!(world.act(&founder, role(Role::Caregiver)), Err(AccessRefusal::Target), "as it was");
    let nobody = Action::SetRole(MemberNumber(9), Role::Helper, Vec::new());
    assert_eq!(world.act(&founder, nobody), Err(AccessRefusal::Target));
}

#[test]
fn a_rotation_has_the_next_epoch_the_right_class_and_the_old_key() {
    let (mut world, founder, _) = World::with([Role::Helper]);
    let remove = Action::Remove(MemberNumber(2), Vec::new());
    let good = world.propose(&founder, remove);
    let entry = kith_protocol::access::AccessEntry::decode(&good.signed.bytes).unwrap();
    let judge = |change: &dyn Fn(&mut Vec<kith_protocol::access::Rotation>)| {
        let mut entry = entry.clone();
        let Action::Remove(_, rotations) = &mut entry.action else { panic!("a Remove") };
        change(rotations);
        let signed = entry.sign(Some(&world.log.circle()), &founder.secrets);
        world.judge(ONE, &Proposal { signed, ..good.clone() })
    };
    judge(&|_| ()).unwrap();
    assert_eq!(judge(&|r| r[0].epoch = 3), Err(AccessRefusal::Rotations));
    assert_eq!(judge(&|r| r[0].epoch = 1), Err(AccessRefusal::Rotations));
    assert_eq!(judge(&|r| r[0].previous = None), Err(AccessRefusal::Rotations));
    assert_eq!(judge(&|r| r[0].stream = Stream::Care), Err(AccessRefusal::Rotations));
    assert_eq!(judge(&|r| r.swap(0, 1)), Err(AccessRefusal::Rotations));
    assert_eq!(judge(&|r| r.push(r[1])), Err(AccessRefusal::Rotations));
    assert_eq!(judge(&|r| r.clear()), Err(AccessRefusal::Rotations));
}

#[test]
fn wraps_are_for_exactly_those_who_may_read() {
    let (mut world, founder, _) = World::with([Role::Helper, Role::Caregiver]);
    world.invite(&founder, Role::Helper, true).unwrap();
    let good = world.propose(&founder, Action::Remove(MemberNumber(2), Vec::new()));
    world.judge(ONE, &good).unwrap();
    let recipients: Vec<_> = good.wraps.iter().map(|wrap| (wrap.recipient, wrap.subject)).collect();
    assert_eq!(recipients.len(), 2 * 3, "founder, caregiver and the open invitation, for two classes");
    assert!(!recipients.iter().any(|(party, _)| *party == Party::Device(DeviceNumber(2))));
    let judge = |change: &dyn Fn(&mut Proposal)| {
        let mut proposal = good.clone();
        change(&mut proposal);
        world.judge(ONE, &proposal)
    };
    assert_eq!(judge(&|p| p.wraps.truncate(5)), Err(AccessRefusal::Recipients), "one is missing");
    assert_eq!(judge(&|p| p.wraps.push(p.wraps[0].clone())), Err(AccessRefusal::Recipients), "one is double");
    let removed = Party::Device(DeviceNumber(2));
    assert_eq!(judge(&|p| p.wraps[0].recipient = removed), Err(AccessRefusal::Recipients), "one too many");
    let old = WrapSubject::Epoch(Stream::Commons, 1);
    assert_eq!(judge(&|p| p.wraps[0].subject = old), Err(AccessRefusal::Recipients), "the old epoch");
}

#[test]
fn who_is_removed_reads_nothing_new_and_never_comes_back_by_itself() {
    let (mut world, mut founder, [mut helper]) = World::with([Role::Helper]);
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    world.fetch_keys(&mut helper);
    world.fetch_keys(&mut founder);
    assert_eq!(world.log.member(helper.member()).unwrap().standing, Standing::Removed);
    assert!(helper.keyring.key(Stream::Commons, 2).is_none());
    assert!(founder.keyring.key(Stream::Commons, 2).is_some());
    assert!(!world.log.may_read(helper.device, Stream::Access, world.log.head()));
    assert_eq!(world.act(&helper, Action::Leave), Err(AccessRefusal::Author));
    assert_eq!(world.act(&founder, Action::Remove(helper.member(), vec![])), Err(AccessRefusal::Target));
    assert_eq!(world.act(&founder, Action::Remove(founder.member(), vec![])), Err(AccessRefusal::Target));
    assert!(world.log.due_classes(world.now).is_empty());
}

#[test]
fn whoever_loses_a_class_takes_the_links_they_know_with_them() {
    let came_by = |end: fn(MemberNumber) -> Action| {
        let (mut world, founder) = World::found();
        let link = world.invite(&founder, Role::Caregiver, true).unwrap();
        let caregiver = world.join(&link, "Sam").unwrap();
        let settings = kith_protocol::access::Settings { caregivers_invite: true, heir: None };
        world.act(&founder, Action::Settings(settings)).unwrap();
        let made = world.invite(&caregiver, Role::Helper, true).unwrap();
        let other = world.invite(&founder, Role::Friend, true).unwrap();
        let action = end(caregiver.member());
        let author = if action == Action::Leave { &caregiver } else { &founder };
        world.act(author, action).unwrap();
        let open: Vec<_> = world.log.invitations(world.now).map(|open| open.invite.id).collect();
        assert!(world.wraps.iter().all(|wrap| {
            let known = [Party::Invitation(link.id), Party::Invitation(made.id)];
            !known.contains(&wrap.recipient) || matches!(wrap.subject, WrapSubject::Epoch(_, 1))
        }));
        (open, [link.id, made.id, other.id])
    };
    for end in [
        (|member| Action::Remove(member, Vec::new())) as fn(MemberNumber) -> Action,
        |member| Action::SetRole(member, Role::Friend, Vec::new()),
        |member| Action::RevokeDevice(DeviceNumber(member.0), Vec::new()),
        |_| Action::Leave,
    ] {
        let (open, [_, _, other]) = came_by(end);
        assert_eq!(open, [other]);
    }
    let (open, [..]) = came_by(|member| Action::SetRole(member, Role::Professional, Vec::new()));
    assert_eq!(open.len(), 3, "nothing is lost, nothing closes");
}

#[test]
fn who_leaves_makes_the_classes_due_and_somebody_else_rotates() {
    let (mut world, mut founder, [helper, friend]) = World::with([Role::Helper, Role::Friend]);
    world.act(&helper, Action::Leave).unwrap();
    assert_eq!(world.log.due_classes(world.now), [Stream::Commons, Stream::Network]);
    let mut rng = world.rng.clone();
    let network = world.author(&friend).rotate_keys(&[Stream::Network], &mut rng);
    assert!(network.is_err(), "a friend has no key of it");
    let commons = world.author(&friend).rotate_keys(&[Stream::Commons], &mut rng).unwrap();
    world.submit(Party::Device(friend.device), &commons).unwrap();
    assert_eq!(world.log.due_classes(world.now), [Stream::Network]);
    world.fetch_keys(&mut founder);
    let network = world.author(&founder).rotate_keys(&[Stream::Network], &mut rng).unwrap();
    world.submit(ONE, &network).unwrap();
    assert!(world.log.due_classes(world.now).is_empty());
}

#[test]
fn keys_are_rotated_by_who_may_write_the_class() {
    let (mut world, founder, [helper, caregiver]) = World::with([Role::Helper, Role::Caregiver]);
    let mut rng = world.rng.clone();
    let unasked = world.author(&caregiver).rotate_keys(&[Stream::Commons], &mut rng).unwrap();
    let session = Party::Device(caregiver.device);
    assert_eq!(world.judge(session, &unasked), Err(AccessRefusal::NoRight), "nobody waits for it");
    let network = world.author(&helper).rotate_keys(&[Stream::Network], &mut rng).unwrap();
    let session = Party::Device(helper.device);
    assert_eq!(world.judge(session, &network), Err(AccessRefusal::NoRight), "a helper only reads it");
    let none =
        Proposal { signed: world.raw(&founder, Action::RotateKeys(vec![])), wraps: vec![], keys: vec![] };
    assert_eq!(world.judge(ONE, &none), Err(AccessRefusal::Rotations));
    let mut twice = world.author(&founder).rotate_keys(&[Stream::Care], &mut rng).unwrap();
    let entry = kith_protocol::access::AccessEntry::decode(&twice.signed.bytes).unwrap();
    let rotation = entry.action.rotations()[0];
    twice.signed = world.raw(&founder, Action::RotateKeys(vec![rotation, rotation]));
    assert_eq!(world.judge(ONE, &twice), Err(AccessRefusal::Rotations));
    let own = Stream::Private(helper.member());
    assert!(world.author(&founder).rotate_keys(&[own], &mut rng).is_ok(), "it can be made");
    let foreign = world.author(&founder).rotate_keys(&[own], &mut rng).unwrap();
    assert_eq!(world.judge(ONE, &foreign), Err(AccessRefusal::NoRight), "but is not taken");
    let first = world.author(&helper).rotate_keys(&[own], &mut rng).unwrap();
    world.submit(session, &first).unwrap();
    assert_eq!(world.log.epoch(own), 1);
}

#[test]
fn a_circle_never_loses_its_last_coordinator() {
    let (mut world, founder, [caregiver]) = World::with([Role::Caregiver]);
    let down = Action::SetRole(founder.member(), Role::Helper, Vec::new());
    let last = Err(AccessRefusal::LastCoordinator);
    assert_eq!(world.act(&founder, Action::Leave), last);
    assert_eq!(world.act(&founder, down.clone()), last);
    assert_eq!(world.act(&founder, Action::RevokeDevice(founder.device, Vec::new())), last);
    world.act(&founder, Action::SetRole(caregiver.member(), Role::Coordinator, Vec::new())).unwrap();
    world.act(&founder, down).unwrap();
    assert_eq!(
        world.log.due_classes(world.now),
        [Stream::Care],
        "who steps down does not choose the key that shuts them out"
    );
    world.act(&founder, Action::Leave).unwrap();
    assert_eq!(world.act(&caregiver, Action::Leave), last);
}

#[test]
fn a_new_device_gets_the_member_s_keys_and_must_agree_itself() {
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    let (tablet, proposal) = new_device(&mut world, &helper, false);
    let session = Party::Device(helper.device);
    let without = |signature, keys| Proposal {
        signed: world.raw(&helper, Action::AddDevice(keys, false, signature)),
        ..proposal.clone()
    };
    let forged = without(Signature([2; 64]), tablet.secrets.public());
    assert_eq!(world.judge(session, &forged), Err(AccessRefusal::Signature));
    let agreed_to_founder = consent(&tablet.secrets, &world.log.circle(), founder.member());
    let stolen = without(agreed_to_founder, tablet.secrets.public());
    assert_eq!(world.judge(session, &stolen), Err(AccessRefusal::Signature));
    let again = consent(&founder.secrets, &world.log.circle(), helper.member());
    let known = without(again, founder.secrets.public());
    assert_eq!(world.judge(session, &known), Err(AccessRefusal::Keys));

    let tablet = add_device(&mut world, &helper, false);
    assert_eq!(world.log.member_of(tablet.device), Some(helper.member()));
    assert!(tablet.keyring.key(Stream::Network, 1).is_some());
    assert!(tablet.keyring.key(Stream::Care, 1).is_none());
    assert!(world.log.may_write(tablet.device, Stream::Private(helper.member()), world.log.head()));
}

#[test]
fn a_recovery_kit_reads_and_only_adds_and_revokes_devices() {
    let (mut world, founder) = World::found();
    let kit = add_device(&mut world, &founder, true);
    let head = world.log.head();
    assert!(world.log.may_read(kit.device, Stream::Care, head));
    assert!(!world.log.may_write(kit.device, Stream::Care, head));
    assert!(kit.keyring.key(Stream::Care, 1).is_some());
    assert_eq!(world.act(&kit, Action::Leave), Err(AccessRefusal::NoRight));
    assert_eq!(world.act(&kit, Action::Close), Err(AccessRefusal::NoRight));
    let phone = add_device(&mut world, &kit, false);
    world.act(&kit, Action::RevokeDevice(founder.device, Vec::new())).unwrap();
    assert_eq!(world.log.epoch(Stream::Care), 2, "the lost phone had the old key");
    assert!(world.log.device_active(phone.device, world.log.head()));
    assert!(!world.log.device_active(founder.device, world.log.head()));

    let seed = [9; 16];
    let circle = world.log.circle();
    assert_eq!(
        DeviceSecrets::of_recovery(&seed, &circle).public(),
        DeviceSecrets::of_recovery(&seed, &circle).public()
    );
    let elsewhere = kith_protocol::CircleId([0; 32]);
    assert_ne!(
        DeviceSecrets::of_recovery(&seed, &circle).public(),
        DeviceSecrets::of_recovery(&seed, &elsewhere).public()
    );
}

#[test]
fn a_revoked_device_costs_the_keys_that_the_author_reads_and_makes_the_rest_due() {
    let (mut world, mut founder, [helper]) = World::with([Role::Helper]);
    let tablet = add_device(&mut world, &helper, false);
    let own = Stream::Private(helper.member());
    let mut rng = world.rng.clone();
    let first = world.author(&helper).rotate_keys(&[own], &mut rng).unwrap();
    world.submit(Party::Device(helper.device), &first).unwrap();
    let mut helper = helper;
    world.fetch_keys(&mut helper);

    world.act(&founder, Action::RevokeDevice(tablet.device, Vec::new())).unwrap();
    assert_eq!((world.log.epoch(Stream::Commons), world.log.epoch(Stream::Network)), (2, 2));
    assert_eq!(world.log.epoch(Stream::Care), 1);
    assert_eq!(world.log.due_classes(world.now), [own]);
    let again = Action::RevokeDevice(tablet.device, Vec::new());
    assert_eq!(world.act(&founder, again), Err(AccessRefusal::Target));
    let foreign = Action::RevokeDevice(founder.device, Vec::new());
    world.fetch_keys(&mut helper);
    assert_eq!(world.act(&helper, foreign), Err(AccessRefusal::NoRight));
    // One's own last device: the leaver chooses no key.
    world.act(&helper, Action::RevokeDevice(helper.device, Vec::new())).unwrap();
    assert_eq!(world.log.due_classes(world.now), [Stream::Commons, Stream::Network, own]);
    world.fetch_keys(&mut founder);
}

#[test]
fn a_circle_numbers_so_many_devices_and_no_more() {
    let (mut world, founder) = World::found();
    let circle = world.log.circle();
    let add = |world: &mut World| {
        let secrets = DeviceSecrets::generate(&mut world.rng);
        let agrees = consent(&secrets, &circle, founder.member());
        let signed = world.raw(&founder, Action::AddDevice(secrets.public(), false, agrees));
        let checked = world.log.check(&signed, world.now)?;
        world.log.push(checked)
    };
    for _ in 1..MAX_DEVICES {
        add(&mut world).unwrap();
    }
    assert_eq!(add(&mut world), Err(AccessRefusal::Full));
    let link = world.invite(&founder, Role::Friend, false).unwrap();
    assert_eq!(world.join(&link, "one more").err(), Some(AccessRefusal::Full));
}
