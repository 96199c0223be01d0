//! Epochs, commitments, the chain of older keys, wraps.

use crate::world::World;
use kith_protocol::accept::accept_wraps;
use kith_protocol::access::Action;
use kith_protocol::keyring::KeyError;
use kith_protocol::{
    DeviceNumber, DeviceSecrets, EpochKey, Keyring, MemberNumber, Party, Refusal, Role, Stream, Wrap,
    WrapSubject,
};

const ONE: Party = Party::Device(DeviceNumber(1));

/// A circle whose care key was changed twice.
fn rotated() -> (World, crate::world::Person) {
    let (mut world, mut founder) = World::found();
    for _ in 0..2 {
        let mut rng = world.rng.clone();
        let proposal = world.author(&founder).rotate_keys(&[Stream::Care], &mut rng).unwrap();
        world.rng = rng;
        world.submit(ONE, &proposal).unwrap();
        for (stream, epoch, key) in proposal.keys {
            founder.keyring.insert(&world.log, stream, epoch, key).unwrap();
        }
    }
    (world, founder)
}

#[test]
fn one_key_opens_the_whole_history() {
    let (world, founder) = rotated();
    let newest = founder.keyring.key(Stream::Care, 3).unwrap().clone();
    let mut fresh = Keyring::default();
    fresh.insert(&world.log, Stream::Care, 3, newest).unwrap();
    for epoch in 1..=3 {
        assert_eq!(fresh.key(Stream::Care, epoch), founder.keyring.key(Stream::Care, epoch), "{epoch}");
    }
    assert!(fresh.key(Stream::Care, 4).is_none());
}

#[test]
fn a_key_counts_only_if_it_matches_its_commitment() {
    let (world, founder) = rotated();
    let mut ring = Keyring::default();
    let wrong = EpochKey([1; 32]);
    assert_eq!(ring.insert(&world.log, Stream::Care, 3, wrong.clone()), Err(KeyError::Commit));
    let older = founder.keyring.key(Stream::Care, 2).unwrap().clone();
    assert_eq!(ring.insert(&world.log, Stream::Care, 3, older), Err(KeyError::Commit));
    assert_eq!(ring.insert(&world.log, Stream::Care, 4, wrong.clone()), Err(KeyError::UnknownEpoch));
    assert_eq!(ring.insert(&world.log, Stream::Care, 0, wrong), Err(KeyError::UnknownEpoch));
    assert_eq!(ring, Keyring::default());
}

#[test]
fn a_wrap_opens_only_for_its_recipient_subject_and_circle() {
    let (mut world, founder) = World::found();
    let mut rng = world.rng.clone();
    let wrap = founder.keyring.wrap_for(Stream::Care, &world.log, ONE, &mut rng).unwrap();
    world.rng = rng;
    let circle = world.log.circle();
    let key = founder.keyring.key(Stream::Care, 1).unwrap();
    assert_eq!(*wrap.open(&circle, &founder.secrets).unwrap(), key.0);
    let stranger = DeviceSecrets::generate(&mut world.rng);
    assert!(wrap.open(&circle, &stranger).is_err());
    assert!(wrap.open(&kith_protocol::CircleId([0; 32]), &founder.secrets).is_err());
    for subject in [WrapSubject::Epoch(Stream::Care, 2), WrapSubject::Name(MemberNumber(1))] {
        assert!(Wrap { subject, ..wrap.clone() }.open(&circle, &founder.secrets).is_err());
    }
    let mut bent = wrap.clone();
    bent.ct[0] ^= 1;
    assert!(bent.open(&circle, &founder.secrets).is_err());
    let mut small = wrap.clone();
    small.enc = [0; 32];
    assert!(small.open(&circle, &founder.secrets).is_err());

    let mut held = Keyring::default();
    let other = Party::Device(DeviceNumber(2));
    assert_eq!(held.take_wrap(&world.log, &wrap, other, &founder.secrets), Err(KeyError::Recipient));
    held.take_wrap(&world.log, &wrap, ONE, &founder.secrets).unwrap();
    assert_eq!(held.missing(&world.log, founder.device), [Stream::Commons, Stream::Network]);
    held.forget(Stream::Care);
    assert_eq!(held, Keyring::default());
}

#[test]
fn a_reader_may_upload_a_missing_wrap_and_nothing_else() {
    let (mut world, founder, [helper, friend]) = World::with([Role::Helper, Role::Friend]);
    let mut rng = world.rng.clone();
    let to = Party::Device(helper.device);
    let wrap = founder.keyring.wrap_for(Stream::Network, &world.log, to, &mut rng).unwrap();
    let judge = |device, wrap: &Wrap| accept_wraps(&world.log, device, std::slice::from_ref(wrap), world.now);
    judge(founder.device, &wrap).unwrap();
    judge(helper.device, &wrap).unwrap();
    assert_eq!(judge(friend.device, &wrap), Err(Refusal::Forbidden), "does not read it");
    let refused = [
        Wrap { recipient: Party::Device(friend.device), ..wrap.clone() },
        Wrap { subject: WrapSubject::Epoch(Stream::Network, 2), ..wrap.clone() },
        Wrap { subject: WrapSubject::Epoch(Stream::Network, 0), ..wrap.clone() },
        Wrap { subject: WrapSubject::Epoch(Stream::Private(helper.member()), 1), ..wrap.clone() },
        Wrap { subject: WrapSubject::Name(helper.member()), ..wrap.clone() },
    ];
    for wrap in refused {
        assert_eq!(judge(founder.device, &wrap), Err(Refusal::Forbidden), "{:?}", wrap.subject);
    }
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    let late = accept_wraps(&world.log, founder.device, &[wrap], world.now);
    assert_eq!(late, Err(Refusal::Forbidden));
}

#[test]
fn the_ring_is_stored_and_never_printed() {
    let (_, founder) = rotated();
    let stored = Keyring::from_bytes(&founder.keyring.to_bytes()).unwrap();
    assert_eq!(stored, founder.keyring);
    assert!(Keyring::from_bytes(&[0x82, 1]).is_err());
    let printed = format!("{:?} {:?}", founder.keyring, founder.secrets);
    assert!(printed.contains("redacted") && !printed.contains('['), "{printed}");
    let bytes = founder.secrets.to_bytes();
    assert_eq!(DeviceSecrets::from_bytes(&bytes).public(), founder.secrets.public());
}
