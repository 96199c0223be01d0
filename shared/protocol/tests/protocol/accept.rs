//! The server's checks 1 to 8: each is broken by exactly one thing, and comes in its place.

use crate::world::{START, World};
use kith_protocol::access::Action;
use kith_protocol::chain::{Place, chain};
use kith_protocol::envelope::{Header, SealedEnvelope};
use kith_protocol::{DeviceNumber, Hash, HashPrefix, Refusal, Role, Signature, Stream};

#[test]
fn what_is_right_is_placed_stamped_and_chained() {
    let (mut world, founder) = World::found();
    world.now = START + 5;
    let envelope = world.seal(&founder, Stream::Care);
    let first = world.send(&envelope).unwrap();
    assert!(first.fresh);
    assert_eq!((first.ack.k, first.ack.a, first.ack.stamp, first.ack.device_seq), (1, 1, START + 5, 1));
    let place = Place { stream: Stream::Care, k: 1, a: 1, stamp: START + 5 };
    assert_eq!(first.ack.chain, chain(&Hash::ZERO, &place, &world.log.head_hash(), &envelope.hash()));
    world.now = START;
    let second = world.write(&founder, Stream::Care);
    assert_eq!((second.ack.k, second.ack.stamp), (2, START + 5), "the stamp does not go back");
    assert_ne!(second.ack.chain, first.ack.chain);
    assert_eq!(world.write(&founder, Stream::Commons).ack.k, 1, "streams are numbered apart");
}

#[test]
fn check_1_size_device_and_signature() {
    let (world, founder, [helper]) = World::with([Role::Helper]);
    let good = world.seal(&founder, Stream::Commons);
    let judge = |envelope: &SealedEnvelope| world.judge_envelope(founder.device, envelope);
    judge(&good).unwrap();
    assert_eq!(judge(&SealedEnvelope { body: vec![0; 65_500], ..good.clone() }), Err(Refusal::TooLarge));
    assert_eq!(world.judge_envelope(helper.device, &good), Err(Refusal::WrongDevice));
    let zero = Signature([0; 64]);
    assert_eq!(judge(&SealedEnvelope { signature: zero, ..good.clone() }), Err(Refusal::Signature));
    let mut bent = good.clone();
    bent.body[30] ^= 1;
    assert_eq!(judge(&bent), Err(Refusal::Signature));
    let mut forged = world.header(&founder, Stream::Commons);
    forged.access_seq += 1;
    assert_eq!(judge(&SealedEnvelope { header: forged.encode(), ..good.clone() }), Err(Refusal::Signature));
    assert_eq!(judge(&SealedEnvelope { header: vec![1], ..good.clone() }), Err(Refusal::Malformed));
    let mut newer = good.header.clone();
    newer[1] = 2;
    assert_eq!(judge(&SealedEnvelope { header: newer, ..good.clone() }), Err(Refusal::Newer));
    let mut older = good.header.clone();
    older[1] = 0;
    assert_eq!(judge(&SealedEnvelope { header: older, ..good }), Err(Refusal::Malformed));
    // Signed by a key that is not the device's.
    let mut other = founder.clone();
    other.secrets = helper.secrets;
    assert_eq!(judge(&world.seal(&other, Stream::Commons)), Err(Refusal::Signature));
    let mut ghost = founder;
    ghost.device = DeviceNumber(50);
    let unknown = world.seal(&ghost, Stream::Commons);
    assert_eq!(world.judge_envelope(ghost.device, &unknown), Err(Refusal::WrongDevice));
}

#[test]
fn check_2_the_same_again_gets_the_same_answer_and_another_is_told() {
    let (mut world, founder) = World::found();
    let envelope = world.seal(&founder, Stream::Care);
    let mut header = world.header(&founder, Stream::Care);
    let first = world.send(&envelope).unwrap();
    world.now += 1000;
    let again = world.send(&envelope).unwrap();
    assert_eq!((again.ack, again.fresh), (first.ack, false));
    assert_eq!(world.stored(Stream::Care).entries.len(), 1);
    header.seen_k = 1;
    header.seen_chain = first.ack.chain.prefix();
    let other = world.seal_as(&founder, &header);
    assert_eq!(world.send(&other), Err(Refusal::Different(envelope.hash(), 1)));
    // The old acknowledgement comes even when the right was lost since.
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    let envelope = world.seal(&helper, Stream::Commons);
    world.send(&envelope).unwrap();
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    assert!(!world.send(&envelope).unwrap().fresh);
}

#[test]
fn check_3_an_active_device_that_may_write_the_stream() {
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    assert!(world.send(&world.seal(&helper, Stream::Commons)).is_ok());
    let a = world.log.head();
    assert_eq!(world.send(&world.seal(&helper, Stream::Network)), Err(Refusal::NoRight(a)));
    let mut foreign = world.header(&helper, Stream::Care);
    foreign.device = helper.device;
    let mut curious = helper.clone();
    curious.keyring = founder.keyring.clone();
    assert_eq!(world.send(&world.seal_as(&curious, &foreign)), Err(Refusal::NoRight(a)));
    let access = Header { stream: Stream::Access, ..world.header(&founder, Stream::Commons) };
    let mut envelope = world.seal(&founder, Stream::Commons);
    envelope.header = access.encode();
    envelope.signature = founder.secrets.sign(
        kith_protocol::identity::SignatureKind::Envelope,
        &world.log.circle(),
        &envelope.signed_message(),
    );
    assert_eq!(world.send(&envelope), Err(Refusal::NoRight(a)), "the access stream takes no envelopes");

    let late = world.seal(&helper, Stream::Commons);
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    assert_eq!(world.send(&late), Err(Refusal::NoRight(a + 1)), "written before, arrived after");
}

#[test]
fn check_4_the_access_stream_that_the_author_saw_is_this_one() {
    let (mut world, founder) = World::found();
    let good = world.header(&founder, Stream::Care);
    let fork = Err(Refusal::Fork(true));
    let ahead = Header { access_seq: 2, ..good };
    assert_eq!(world.send(&world.seal_as(&founder, &ahead)), fork, "further than the head");
    let other = Header { access_hash: HashPrefix([1; 16]), ..good };
    assert_eq!(world.send(&world.seal_as(&founder, &other)), fork);
    let none = Header { access_seq: 0, access_hash: HashPrefix([0; 16]), ..good };
    assert_eq!(world.send(&world.seal_as(&founder, &none)), fork, "whoever writes has seen Found");
    world.act(&founder, Action::Settings(kith_protocol::access::Settings::default())).unwrap();
    assert!(world.send(&world.seal_as(&founder, &good)).is_ok(), "an older place is right too");
}

#[test]
fn check_5_the_epoch_is_the_present_one() {
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    let old = world.seal(&founder, Stream::Commons);
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    assert_eq!(world.send(&old), Err(Refusal::Stale(2)));
    let mut current = founder.clone();
    world.fetch_keys(&mut current);
    // The same changes and number, sealed anew.
    let anew = world.seal(&current, Stream::Commons);
    assert_eq!(world.send(&anew).unwrap().ack.device_seq, 1);
    let own = Stream::Private(founder.member());
    let header = Header { stream: own, ..world.header(&founder, Stream::Care) };
    let mut keyless = world.seal_as(&founder, &Header { stream: Stream::Care, epoch: 1, ..header });
    keyless.header = Header { epoch: 0, ..header }.encode();
    keyless.signature = founder.secrets.sign(
        kith_protocol::identity::SignatureKind::Envelope,
        &world.log.circle(),
        &keyless.signed_message(),
    );
    assert_eq!(world.send(&keyless), Err(Refusal::Stale(0)), "a private stream before its first key");
}

#[test]
fn check_6_no_number_of_a_device_is_left_out() {
    let (mut world, founder) = World::found();
    let ahead = Header { device_seq: 2, ..world.header(&founder, Stream::Care) };
    assert_eq!(world.send(&world.seal_as(&founder, &ahead)), Err(Refusal::Gap(0)));
    world.write(&founder, Stream::Care);
    let zero = Header { device_seq: 0, ..world.header(&founder, Stream::Care) };
    assert_eq!(world.send(&world.seal_as(&founder, &zero)), Err(Refusal::Gap(1)));
}

#[test]
fn check_7_the_stream_that_the_author_saw_is_this_one() {
    let (mut world, founder) = World::found();
    for _ in 0..3 {
        world.write(&founder, Stream::Care);
    }
    let good = world.header(&founder, Stream::Care);
    let fork = Err(Refusal::Fork(false));
    let ahead = Header { seen_k: 4, ..good };
    assert_eq!(world.send(&world.seal_as(&founder, &ahead)), fork);
    let other = Header { seen_chain: HashPrefix([1; 16]), ..good };
    assert_eq!(world.send(&world.seal_as(&founder, &other)), fork);
    let wrong_place = Header { seen_k: 2, ..good };
    assert_eq!(world.send(&world.seal_as(&founder, &wrong_place)), fork);
    let nothing = Header { seen_k: 0, ..good };
    assert_eq!(world.send(&world.seal_as(&founder, &nothing)), fork);
    let older = Header { seen_k: 1, seen_chain: world.stored(Stream::Care).chains[&1].prefix(), ..good };
    assert!(world.send(&world.seal_as(&founder, &older)).is_ok());
}

#[test]
fn check_8_the_circle_s_storage_has_a_limit() {
    let (mut world, founder) = World::found();
    let envelope = world.seal(&founder, Stream::Care);
    world.quota.limit = envelope.size() as u64;
    world.quota.used = 1;
    assert_eq!(world.send(&envelope), Err(Refusal::Quota(world.quota.limit)));
    world.quota.used = u64::MAX;
    assert_eq!(world.send(&envelope), Err(Refusal::Quota(world.quota.limit)));
    world.quota.used = 0;
    world.send(&envelope).unwrap();
}

#[test]
fn the_checks_come_in_their_order() {
    // One envelope that breaks 3 to 8 at once; each repair shows the next refusal.
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    world.write(&founder, Stream::Network);
    world.quota.used = world.quota.limit;
    let mut writer = helper.clone();
    writer.keyring = founder.keyring.clone();
    let a = world.log.head();
    let broken = Header {
        access_hash: HashPrefix([1; 16]),
        epoch: 1,
        device_seq: 7,
        seen_k: 9,
        ..world.header(&writer, Stream::Network)
    };
    assert_eq!(world.send(&world.seal_as(&writer, &broken)), Err(Refusal::NoRight(a)));
    let role = Action::SetRole(helper.member(), Role::Caregiver, Vec::new());
    world.act(&founder, role).unwrap();
    let mut rng = world.rng.clone();
    let rotate = world.author(&founder).rotate_keys(&[Stream::Network], &mut rng).unwrap();
    world.submit(kith_protocol::Party::Device(founder.device), &rotate).unwrap();
    world.fetch_keys(&mut writer);
    assert_eq!(world.send(&world.seal_as(&writer, &broken)), Err(Refusal::Fork(true)));
    let right = world.header(&writer, Stream::Network);
    let broken = Header { access_seq: right.access_seq, access_hash: right.access_hash, ..broken };
    assert_eq!(world.send(&world.seal_as(&writer, &broken)), Err(Refusal::Stale(2)));
    let broken = Header { epoch: 2, ..broken };
    assert_eq!(world.send(&world.seal_as(&writer, &broken)), Err(Refusal::Gap(0)));
    let broken = Header { device_seq: 1, ..broken };
    assert_eq!(world.send(&world.seal_as(&writer, &broken)), Err(Refusal::Fork(false)));
    let broken = Header { seen_k: right.seen_k, ..broken };
    assert!(matches!(world.send(&world.seal_as(&writer, &broken)), Err(Refusal::Quota(_))));
    world.quota.used = 0;
    world.send(&world.seal_as(&writer, &broken)).unwrap();
}
