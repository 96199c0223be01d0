//! Inviting, joining, admitting, refusing, and what keys travel with them.

use crate::world::{DAY, World, greeting};
use kith_protocol::access::{
    AccessRefusal, Action, Invite, MAX_INVITATION_MS, MAX_OPEN_INVITATIONS, MAX_USES, Proposal, Settings,
    Standing,
};
use kith_protocol::invite::{InviteLink, InviteSecret, LinkError};
use kith_protocol::words::four_words;
use kith_protocol::{
    DeviceNumber, DevicePublic, DeviceSecrets, HashPrefix, InviteId, Language, Party, Role, Signature,
    Stream, WrapSubject, name,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

const ONE: Party = Party::Device(DeviceNumber(1));

fn an_invite(world: &World) -> Invite {
    let keys = InviteSecret([4; 16]).secrets().public();
    let expires = world.now + DAY;
    Invite {
        id: InviteId([4; 16]),
        keys,
        role: Role::Helper,
        uses: 1,
        expires,
        direct: false,
        greeting: vec![],
    }
}

#[test]
fn an_invitation_keeps_within_its_limits() {
    let (mut world, founder) = World::found();
    let mut judge = |change: &dyn Fn(&mut Invite)| {
        let mut invite = an_invite(&world);
        change(&mut invite);
        let proposal = world.propose(&founder, Action::Invite(invite));
        world.judge(ONE, &proposal)
    };
    judge(&|_| ()).unwrap();
    assert_eq!(judge(&|i| i.role = Role::Coordinator), Err(AccessRefusal::NoRight));
    assert_eq!(judge(&|i| i.uses = 0), Err(AccessRefusal::Value));
    judge(&|i| i.uses = MAX_USES).unwrap();
    assert_eq!(judge(&|i| i.uses = MAX_USES + 1), Err(AccessRefusal::Value));
    assert_eq!(judge(&|i| i.expires -= DAY), Err(AccessRefusal::Expired));
    judge(&|i| i.expires += MAX_INVITATION_MS - DAY).unwrap();
    assert_eq!(judge(&|i| i.expires += MAX_INVITATION_MS - DAY + 1), Err(AccessRefusal::Value));
    judge(&|i| i.greeting = vec![0; 512]).unwrap();
    assert_eq!(judge(&|i| i.greeting = vec![0; 513]), Err(AccessRefusal::Value));
    // Keys that cannot be used, or are used already.
    assert_eq!(judge(&|i| i.keys.seal = [0; 32]), Err(AccessRefusal::Keys));
    assert_eq!(judge(&|i| i.keys.sign = [0; 32]), Err(AccessRefusal::Keys));
    let used = founder.secrets.public();
    assert_eq!(judge(&|i| i.keys = used), Err(AccessRefusal::Keys));
    assert_eq!(judge(&|i| i.keys.seal = used.seal), Err(AccessRefusal::Keys));
}

#[test]
fn an_invitation_has_a_name_of_its_own_and_there_are_not_too_many() {
    let (mut world, founder) = World::found();
    let invite = an_invite(&world);
    world.act(&founder, Action::Invite(invite.clone())).unwrap();
    let again = Invite { keys: InviteSecret([5; 16]).secrets().public(), ..invite };
    assert_eq!(world.act(&founder, Action::Invite(again)), Err(AccessRefusal::Keys));
    for _ in 1..MAX_OPEN_INVITATIONS {
        world.invite(&founder, Role::Friend, false).unwrap();
    }
    assert_eq!(world.invite(&founder, Role::Friend, false), Err(AccessRefusal::Full));
}

#[test]
fn caregivers_invite_helpers_and_friends_when_the_circle_says_so() {
    let (mut world, founder, [caregiver, helper]) = World::with([Role::Caregiver, Role::Helper]);
    assert_eq!(world.invite(&caregiver, Role::Helper, true), Err(AccessRefusal::NoRight));
    world.act(&founder, Action::Settings(Settings { caregivers_invite: true, heir: None })).unwrap();
    let link = world.invite(&caregiver, Role::Helper, true).unwrap();
    world.invite(&caregiver, Role::Friend, false).unwrap();
    assert_eq!(world.invite(&caregiver, Role::Professional, true), Err(AccessRefusal::NoRight));
    assert_eq!(world.invite(&helper, Role::Friend, true), Err(AccessRefusal::NoRight));
    // The same may cancel.
    assert_eq!(world.act(&helper, Action::Leave), Ok(()));
    let care = world.invite(&founder, Role::Caregiver, true).unwrap();
    let cancel = Action::CancelInvite(care.id, Vec::new());
    assert_eq!(world.act(&caregiver, cancel), Err(AccessRefusal::NoRight));
    world.act(&caregiver, Action::CancelInvite(link.id, Vec::new())).unwrap();
}

#[test]
fn a_direct_joiner_reads_at_once_what_the_role_reads() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Helper, true).unwrap();
    link.verify(&world.log).unwrap();
    let helper = world.join(&link, "Tom").unwrap();
    assert!(world.log.may_write(helper.device, Stream::Commons, world.log.head()));
    assert!(helper.keyring.key(Stream::Commons, 1).is_some());
    assert!(helper.keyring.key(Stream::Network, 1).is_some());
    assert!(helper.keyring.key(Stream::Care, 1).is_none());
    assert_eq!(
        world.log.streams_of(helper.device),
        [Stream::Access, Stream::Commons, Stream::Network, Stream::Private(helper.member())]
    );
    assert!(world.log.pending_joins().is_empty());
    let parties = [Party::Device(helper.device), Party::Invitation(link.id)];
    assert_eq!(world.log.parties_of(helper.device), parties);
    assert_eq!(world.log.parties_of(founder.device), [ONE]);
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    assert!(world.log.parties_of(helper.device).is_empty());
}

#[test]
fn a_pending_joiner_waits_with_four_words_and_a_sealed_name() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Caregiver, false).unwrap();
    let mut nurse = world.join(&link, "Nadia").unwrap();
    let [pending] = &world.log.pending_joins()[..] else { panic!("one waits") };
    assert_eq!((pending.member, pending.role), (nurse.member(), Role::Caregiver));
    assert_eq!(pending.hash, world.log.head_hash());
    assert_eq!(four_words(&pending.hash, Language::English).len(), 4);

    // Both sides: the name opens with the wrap that a device which may admit got.
    let wanted = WrapSubject::Name(nurse.member());
    let wrap = world.wraps.iter().find(|wrap| wrap.subject == wanted && wrap.recipient == ONE).unwrap();
    let circle = world.log.circle();
    let shown = name::open(&circle, pending.member, &pending.name, wrap, &founder.secrets).unwrap();
    assert_eq!(shown, "Nadia");
    assert!(name::open(&circle, pending.member, &pending.name, wrap, &nurse.secrets).is_err());
    let mut other = pending.name.clone();
    other.commit.0[0] ^= 1;
    assert!(name::open(&circle, pending.member, &other, wrap, &founder.secrets).is_err());

    // Waiting: the access stream and nothing else.
    let head = world.log.head();
    assert!(world.log.parties_of(nurse.device).is_empty());
    assert!(world.log.may_read(nurse.device, Stream::Access, head));
    assert!(!world.log.may_read(nurse.device, Stream::Commons, head));
    assert!(!world.log.may_write(nurse.device, Stream::Commons, head));
    assert_eq!(world.act(&nurse, Action::Leave), Err(AccessRefusal::Author));

    world.act(&founder, Action::Admit(nurse.member())).unwrap();
    world.fetch_keys(&mut nurse);
    assert!(nurse.keyring.key(Stream::Care, 1).is_some());
    assert!(world.log.may_write(nurse.device, Stream::Care, world.log.head()));
    assert_eq!(world.act(&founder, Action::Admit(nurse.member())), Err(AccessRefusal::Target), "twice");
}

#[test]
fn who_is_refused_stays_outside() {
    let (mut world, founder, [caregiver]) = World::with([Role::Caregiver]);
    let link = world.invite(&founder, Role::Professional, false).unwrap();
    let stranger = world.join(&link, "?").unwrap();
    assert_eq!(world.act(&caregiver, Action::Admit(stranger.member())), Err(AccessRefusal::NoRight));
    assert_eq!(world.act(&caregiver, Action::Refuse(stranger.member())), Err(AccessRefusal::NoRight));
    world.act(&founder, Action::Refuse(stranger.member())).unwrap();
    assert_eq!(world.log.member(stranger.member()).unwrap().standing, Standing::Refused);
    assert!(!world.log.may_read(stranger.device, Stream::Access, world.log.head()));
    assert_eq!(world.act(&founder, Action::Admit(stranger.member())), Err(AccessRefusal::Target));
    assert_eq!(world.act(&founder, Action::Refuse(caregiver.member())), Err(AccessRefusal::Target));
}

#[test]
fn a_join_needs_an_open_invitation_and_its_key() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Helper, true).unwrap();
    let session = Party::Invitation(link.id);

    let unknown = InviteLink { id: InviteId([8; 16]), ..link.clone() };
    let (_, proposal) = world.propose_join(&unknown, "A");
    assert_eq!(world.judge(Party::Invitation(unknown.id), &proposal), Err(AccessRefusal::Target));

    let guessed = InviteLink { secret: InviteSecret([1; 16]), ..link.clone() };
    let (_, proposal) = world.propose_join(&guessed, "A");
    assert_eq!(world.judge(session, &proposal), Err(AccessRefusal::Signature));

    let (_, proposal) = world.propose_join(&link, "A");
    let elsewhere = Party::Invitation(InviteId([8; 16]));
    assert_eq!(world.judge(elsewhere, &proposal), Err(AccessRefusal::Session));
    assert_eq!(world.judge(ONE, &proposal), Err(AccessRefusal::Session));
    let bare = Proposal { wraps: Vec::new(), ..proposal.clone() };
    assert_eq!(world.judge(session, &bare), Err(AccessRefusal::Recipients), "nobody could read the name");

    let before = world.now;
    world.now += 7 * DAY;
    assert_eq!(world.judge(session, &proposal), Err(AccessRefusal::Expired));
    world.now = before;
    world.submit(session, &proposal).unwrap();
    world.join(&link, "B").unwrap();
    let (_, proposal) = world.propose_join(&link, "C");
    assert_eq!(world.judge(session, &proposal), Err(AccessRefusal::UsedUp));
    let cancel = Action::CancelInvite(link.id, Vec::new());
    assert_eq!(world.act(&founder, cancel), Err(AccessRefusal::Target), "nothing is left to cancel");
}

#[test]
fn a_join_carries_keys_of_its_own_and_is_signed_with_them() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Helper, true).unwrap();
    let (person, proposal) = world.propose_join(&link, "A");
    let entry = kith_protocol::access::AccessEntry::decode(&proposal.signed.bytes).unwrap();
    let circle = world.log.circle();
    let judge = |world: &World, signed| {
        let proposal = Proposal { signed, ..proposal.clone() };
        world.judge(Party::Invitation(link.id), &proposal)
    };
    let by_founder = entry.sign(Some(&circle), &founder.secrets);
    assert_eq!(judge(&world, by_founder), Err(AccessRefusal::Signature));
    let mut numbered = entry.clone();
    numbered.author = DeviceNumber(1);
    assert_eq!(judge(&world, numbered.sign(Some(&circle), &person.secrets)), Err(AccessRefusal::Author));

    // The invitation vouches for these keys and no others.
    let mut swapped = entry.clone();
    let Action::Join(join) = &mut swapped.action else { panic!("a Join") };
    join.invite_signature = Signature([1; 64]);
    assert_eq!(judge(&world, swapped.sign(Some(&circle), &person.secrets)), Err(AccessRefusal::Signature));

    let mut long = entry;
    let Action::Join(join) = &mut long.action else { panic!("a Join") };
    join.name.sealed = vec![0; 257];
    assert_eq!(judge(&world, long.sign(Some(&circle), &person.secrets)), Err(AccessRefusal::Value));
    world.submit(Party::Invitation(link.id), &proposal).unwrap();
}

#[test]
fn a_cancelled_direct_invitation_costs_new_keys() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Friend, true).unwrap();
    let pending = world.invite(&founder, Role::Helper, false).unwrap();
    let bare = Proposal {
        signed: world.raw(&founder, Action::CancelInvite(link.id, Vec::new())),
        wraps: Vec::new(),
        keys: Vec::new(),
    };
    assert_eq!(world.judge(ONE, &bare), Err(AccessRefusal::Rotations));
    world.act(&founder, Action::CancelInvite(link.id, Vec::new())).unwrap();
    assert_eq!(world.log.epoch(Stream::Commons), 2, "what a friend reads");
    assert_eq!(world.log.epoch(Stream::Network), 1);
    let (_, proposal) = world.propose_join(&link, "late");
    assert_eq!(world.judge(Party::Invitation(link.id), &proposal), Err(AccessRefusal::Target));
    world.act(&founder, Action::CancelInvite(pending.id, Vec::new())).unwrap();
    assert_eq!(world.log.epoch(Stream::Commons), 2, "one that was not direct knew no key");
    let again = Action::CancelInvite(pending.id, Vec::new());
    assert_eq!(world.act(&founder, again), Err(AccessRefusal::Target));
    let never = Action::CancelInvite(InviteId([0; 16]), Vec::new());
    assert_eq!(world.act(&founder, never), Err(AccessRefusal::Target));
}

#[test]
fn a_direct_invitation_that_expired_unused_makes_its_classes_due() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Helper, true).unwrap();
    let expires = world.log.invitation(&link.id).unwrap().invite.expires;
    assert!(world.log.due_classes(expires - 1).is_empty());
    assert_eq!(world.log.due_classes(expires), [Stream::Commons, Stream::Network]);
    world.now = expires;
    let mut rng = ChaCha20Rng::from_seed([3; 32]);
    let due = world.log.due_classes(expires);
    let proposal = world.author(&founder).rotate_keys(&due, &mut rng).unwrap();
    assert!(proposal.wraps.iter().all(|wrap| wrap.recipient == ONE), "not for the expired invitation");
    world.submit(ONE, &proposal).unwrap();
    assert!(world.log.due_classes(expires + DAY).is_empty());
}

#[test]
fn links_round_trip_and_say_what_is_wrong_with_them() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Helper, true).unwrap();
    let url = link.url();
    assert!(url.starts_with("https://kith.example/i/"), "{url}");
    assert_eq!(InviteLink::parse(&format!("  {url}\n")).unwrap(), link);
    assert_eq!(InviteLink::parse(url.split('#').next().unwrap()), Err(LinkError::NoSecret));
    assert_eq!(InviteLink::parse(&url[..url.len() - 2]), Err(LinkError::NoSecret));
    for text in ["", "https://", "ftp://kith.example/i/a#b", "https://kith.example/x", &"x".repeat(600)] {
        assert!(InviteLink::parse(text).is_err(), "{text}");
    }
    assert_eq!(InviteLink::parse(&url.replace("kith.example", "a@b")), Err(LinkError::Malformed));
    let other = InviteLink { circle: HashPrefix([0; 16]), ..link.clone() };
    assert_eq!(other.verify(&world.log), Err(LinkError::OtherCircle));
    let other = InviteLink { secret: InviteSecret([0; 16]), ..link.clone() };
    assert_eq!(other.verify(&world.log), Err(LinkError::Unknown));
    let other = InviteLink { id: InviteId([0; 16]), ..link.clone() };
    assert_eq!(other.verify(&world.log), Err(LinkError::Unknown));
    let local = InviteLink { host: "localhost:8080".to_owned(), ..link };
    assert!(local.url().starts_with("http://localhost:8080/i/"));
    assert_eq!(InviteLink::parse(&local.url()).unwrap(), local);
}

#[test]
fn the_greeting_opens_with_the_link_and_nothing_else() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Helper, true).unwrap();
    let sealed = world.log.invitation(&link.id).unwrap().invite.greeting.clone();
    let circle = world.log.circle();
    assert_eq!(link.secret.open_greeting(&circle, &link.id, &sealed), Ok(greeting()));
    assert_eq!(InviteSecret([0; 16]).open_greeting(&circle, &link.id, &sealed).ok(), None);
    assert_eq!(link.secret.open_greeting(&circle, &InviteId([0; 16]), &sealed).ok(), None);
    let mut long = greeting();
    long.person = "x".repeat(500);
    assert_eq!(link.secret.seal_greeting(&circle, &link.id, &long), None);
    long.person = "é".repeat(230);
    assert!(link.secret.seal_greeting(&circle, &link.id, &long).unwrap().len() <= 512);
}

#[test]
fn four_words_follow_the_hash_and_the_circle_s_language() {
    let hash = kith_protocol::Hash([0; 32]);
    assert_eq!(four_words(&hash, Language::English), ["abandon"; 4]);
    assert_eq!(four_words(&hash, Language::French), ["abaisser"; 4]);
    assert_eq!(four_words(&kith_protocol::Hash([0xff; 32]), Language::English), ["zoo"; 4]);
    let mut hash = hash;
    hash.0[..6].copy_from_slice(&[0x00, 0x20, 0x08, 0x01, 0x80, 0x40]);
    assert_eq!(four_words(&hash, Language::English), ["ability", "able", "about", "above"]);
    let seen: std::collections::BTreeSet<_> = (0..2048u32)
        .map(|index| {
            let mut hash = kith_protocol::Hash([0; 32]);
            hash.0[..2].copy_from_slice(&u16::to_be_bytes(u16::try_from(index << 5).unwrap()));
            four_words(&hash, Language::French)[0]
        })
        .collect();
    assert_eq!(seen.len(), 2048);
    assert!(seen.contains("zoologie") && seen.contains("académie") && !seen.contains(""));
}

#[test]
fn unusable_keys_are_told() {
    let mut rng = ChaCha20Rng::from_seed([3; 32]);
    let good = DeviceSecrets::generate(&mut rng).public();
    assert!(good.usable());
    let mut one = [0; 32];
    one[0] = 1;
    assert!(!DevicePublic { seal: one, ..good }.usable());
    assert!(!DevicePublic { sign: one, ..good }.usable(), "the identity point");
}
