//! Form, place, author and rotations of access entries; what holds at every point of their history.

use crate::world::{DAY, START, World};
use kith_protocol::accept::{AccessView, accept_access, accept_found};
use kith_protocol::access::{
    AccessEntry, AccessLog, AccessRefusal, Action, HEIR_WAIT_MS, Proposal, Settings, SignedAccess, found,
};
use kith_protocol::{
    DeviceNumber, DeviceSecrets, Hash, Language, MemberNumber, Party, Role, Signature, Stream, VERSION,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

const ONE: Party = Party::Device(DeviceNumber(1));

fn bare(signed: SignedAccess) -> Proposal {
    Proposal { signed, wraps: Vec::new(), keys: Vec::new() }
}

#[test]
fn an_entry_continues_the_head_or_the_head_comes_back() {
    let (mut world, founder) = World::found();
    let settings = Action::Settings(Settings { caregivers_invite: true, heir: None });
    let first = world.propose(&founder, settings.clone());
    let late = world.propose(&founder, settings);
    world.submit(ONE, &first).unwrap();
    let head = AccessRefusal::Head(2, world.log.head_hash());
    assert_eq!(world.submit(ONE, &late), Err(head.clone()));

    let entry = AccessEntry {
        version: VERSION,
        seq: 3,
        previous: Hash([9; 32]),
        author: founder.device,
        action: Action::Close,
    };
    let signed = entry.sign(Some(&world.log.circle()), &founder.secrets);
    assert_eq!(world.submit(ONE, &bare(signed)), Err(head));
}

#[test]
fn only_the_author_s_own_signature_counts() {
    let (world, founder, [helper]) = World::with([Role::Helper]);
    let mut proposal = bare(world.raw(&founder, Action::Close));
    proposal.signed.signature = world.raw(&helper, Action::Close).signature;
    assert_eq!(world.judge(ONE, &proposal), Err(AccessRefusal::Signature));
    proposal.signed.signature = Signature([0; 64]);
    assert_eq!(world.judge(ONE, &proposal), Err(AccessRefusal::Signature));

    // The same bytes signed for another circle.
    let entry = AccessEntry::decode(&proposal.signed.bytes).unwrap();
    let elsewhere = kith_protocol::CircleId([3; 32]);
    proposal.signed = entry.sign(Some(&elsewhere), &founder.secrets);
    assert_eq!(world.judge(ONE, &proposal), Err(AccessRefusal::Signature));
}

#[test]
fn bytes_that_are_no_entry_of_this_version_are_refused_by_kind() {
    let (world, founder) = World::found();
    let good = world.raw(&founder, Action::Close);
    let refuse = |bytes: Vec<u8>| world.judge(ONE, &bare(SignedAccess { bytes, signature: good.signature }));
    assert_eq!(refuse(Vec::new()), Err(AccessRefusal::Malformed));
    assert_eq!(refuse(good.bytes[..good.bytes.len() - 1].to_vec()), Err(AccessRefusal::Malformed));
    assert_eq!(refuse(vec![0; 5000]), Err(AccessRefusal::Malformed));
    let mut newer = good.bytes.clone();
    newer[1] = u8::try_from(VERSION + 1).unwrap();
    assert_eq!(refuse(newer), Err(AccessRefusal::Newer), "a later version");
    let mut older = good.bytes.clone();
    older[1] = u8::try_from(VERSION - 1).unwrap();
    assert_eq!(refuse(older), Err(AccessRefusal::Older), "version 0, in which the guard was not complete");
    let mut unknown = good.bytes.clone();
    *unknown.last_mut().unwrap() = 23;
    assert_eq!(refuse(unknown), Err(AccessRefusal::Newer), "an unknown action");
    let mut longer = good.bytes.clone();
    longer[0] += 1;
    longer.push(0);
    assert_eq!(refuse(longer), Err(AccessRefusal::Newer), "a trailing element");
}

#[test]
fn time_never_goes_back_and_the_server_sees_to_it() {
    let (mut world, founder) = World::found();
    let signed = world.raw(&founder, Action::Settings(Settings::default()));
    assert_eq!(world.log.check(&signed, START - 1).unwrap_err(), AccessRefusal::Stamp);
    world.now = START - 5;
    world.submit(ONE, &bare(signed)).unwrap();
    assert_eq!(world.log.head_stamp(), START, "the server's clock went back, the stamp does not");
}

#[test]
fn a_session_sends_its_own_entries_only() {
    let (world, founder, [helper]) = World::with([Role::Helper]);
    let proposal = bare(world.raw(&founder, Action::Settings(Settings::default())));
    assert_eq!(world.judge(Party::Device(helper.device), &proposal), Err(AccessRefusal::Session));
    let id = kith_protocol::InviteId([1; 16]);
    assert_eq!(world.judge(Party::Invitation(id), &proposal), Err(AccessRefusal::Session));
}

#[test]
fn who_is_not_active_writes_nothing() {
    let (mut world, _, [helper]) = World::with([Role::Helper]);
    let leave = bare(world.raw(&helper, Action::Leave));
    let mut unknown = helper.clone();
    unknown.device = DeviceNumber(99);
    let theirs = bare(world.raw(&unknown, Action::Leave));
    assert_eq!(world.judge(Party::Device(unknown.device), &theirs), Err(AccessRefusal::Author));
    world.submit(Party::Device(helper.device), &leave).unwrap();
    let again = bare(world.raw(&helper, Action::Leave));
    assert_eq!(world.judge(Party::Device(helper.device), &again), Err(AccessRefusal::Author));
}

#[test]
fn every_action_of_coordinators_is_refused_from_others() {
    let (mut world, founder, [caregiver, friend]) = World::with([Role::Caregiver, Role::Friend]);
    let target = friend.member();
    let actions = [
        Action::Settings(Settings::default()),
        Action::Move("other.example".to_owned()),
        Action::EraseStream(Stream::Care),
        Action::Closing(Some(START + 8 * DAY)),
        Action::Remove(target, Vec::new()),
        Action::SetRole(target, Role::Helper, Vec::new()),
        Action::RevokeDevice(friend.device, Vec::new()),
    ];
    for action in actions {
        let proposal = world.propose(&caregiver, action.clone());
        let verdict = world.judge(Party::Device(caregiver.device), &proposal);
        assert_eq!(verdict, Err(AccessRefusal::NoRight), "{action:?}");
        let proposal = world.propose(&founder, action.clone());
        world.judge(ONE, &proposal).unwrap_or_else(|refusal| panic!("{action:?}: {refusal}"));
    }
}

#[test]
fn found_needs_its_signature_keys_and_three_first_epochs() {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let secrets = DeviceSecrets::generate(&mut rng);
    let founding = found(&secrets, Language::French, None, &mut rng).unwrap();
    let entry = AccessEntry::decode(&founding.signed.bytes).unwrap();
    let broken = |change: &dyn Fn(&mut AccessEntry)| {
        let mut entry = entry.clone();
        change(&mut entry);
        AccessLog::found(&entry.sign(None, &secrets), START).unwrap_err()
    };
    let of = |entry: &mut AccessEntry, change: &dyn Fn(&mut kith_protocol::access::Found)| {
        let Action::Found(found) = &mut entry.action else { panic!("not Found") };
        change(found);
    };
    assert_eq!(broken(&|e| e.seq = 2), AccessRefusal::Head(0, Hash::ZERO));
    assert_eq!(broken(&|e| e.previous = Hash([1; 32])), AccessRefusal::Head(0, Hash::ZERO));
    assert_eq!(broken(&|e| e.author = DeviceNumber(1)), AccessRefusal::Author);
    assert_eq!(broken(&|e| e.action = Action::Close), AccessRefusal::Target);
    assert_eq!(broken(&|e| of(e, &|f| f.keys.seal = [0; 32])), AccessRefusal::Keys);
    assert_eq!(broken(&|e| of(e, &|f| f.rotations.truncate(2))), AccessRefusal::Rotations);
    assert_eq!(broken(&|e| of(e, &|f| f.rotations[0].epoch = 2)), AccessRefusal::Rotations);
    assert_eq!(broken(&|e| of(e, &|f| f.rotations.swap(0, 1))), AccessRefusal::Rotations);
    assert_eq!(broken(&|e| of(e, &|f| f.rotations[0].previous = Some([0; 48]))), AccessRefusal::Rotations);
    let other = DeviceSecrets::generate(&mut rng);
    assert_eq!(AccessLog::found(&entry.sign(None, &other), START).unwrap_err(), AccessRefusal::Signature);
    let short = accept_found(&founding.signed, &founding.wraps[..2], START);
    assert_eq!(short.unwrap_err(), AccessRefusal::Recipients);
    // A second Found in a circle that stands is no action at all.
    let (world, _) = World::found();
    assert_eq!(world.judge(ONE, &bare(founding.signed)), Err(AccessRefusal::Head(1, world.log.head_hash())));
}

#[test]
fn settings_name_an_active_heir_who_may_step_in_after_thirty_silent_days() {
    let (mut world, founder, [caregiver, helper]) = World::with([Role::Caregiver, Role::Helper]);
    let unknown = Settings { caregivers_invite: false, heir: Some(MemberNumber(77)) };
    assert_eq!(world.act(&founder, Action::Settings(unknown)), Err(AccessRefusal::Target));
    let settings = Settings { caregivers_invite: false, heir: Some(caregiver.member()) };
    world.act(&founder, Action::Settings(settings)).unwrap();
    let inherit = Action::SetRole(caregiver.member(), Role::Coordinator, Vec::new());
    world.now += HEIR_WAIT_MS - 1;
    assert_eq!(world.act(&caregiver, inherit.clone()), Err(AccessRefusal::NoRight), "a day too early");
    world.now += 1;
    let own = Action::SetRole(helper.member(), Role::Coordinator, Vec::new());
    assert_eq!(world.act(&helper, own), Err(AccessRefusal::NoRight), "not the heir");
    let other = Action::SetRole(helper.member(), Role::Coordinator, Vec::new());
    assert_eq!(world.act(&caregiver, other), Err(AccessRefusal::NoRight), "only for oneself");
    world.act(&caregiver, inherit).unwrap();
    assert_eq!(world.log.role_of(caregiver.member(), world.log.head()), Some(Role::Coordinator));
}

#[test]
fn a_coordinator_s_entry_keeps_the_heir_waiting() {
    let (mut world, founder, [caregiver]) = World::with([Role::Caregiver]);
    let settings = Settings { caregivers_invite: false, heir: Some(caregiver.member()) };
    world.act(&founder, Action::Settings(settings)).unwrap();
    world.now += HEIR_WAIT_MS - DAY;
    world.act(&founder, Action::Settings(settings)).unwrap();
    world.now += DAY;
    let inherit = Action::SetRole(caregiver.member(), Role::Coordinator, Vec::new());
    assert_eq!(world.act(&caregiver, inherit), Err(AccessRefusal::NoRight));
}

#[test]
fn nothing_follows_close_and_the_old_host_takes_nothing_after_move() {
    let (mut world, founder) = World::found();
    let announced = START + 7 * DAY;
    world.act(&founder, Action::Closing(Some(announced))).unwrap();
    let bad = ["", "Kith.Example", "a/b", "a b", &"x".repeat(254)];
    for host in bad {
        let refused = world.act(&founder, Action::Move(host.to_owned()));
        assert_eq!(refused, Err(AccessRefusal::Value), "{host:?}");
    }
    world.act(&founder, Action::Move("new.example".to_owned())).unwrap();
    let moved = Err(AccessRefusal::Moved("new.example".to_owned()));
    assert_eq!(world.act(&founder, Action::Close), moved);

    world.now = announced;
    let proposal = world.propose(&founder, Action::Close);
    let view = AccessView { access: &world.log, session: ONE, now_ms: world.now, host: "new.example" };
    let closed = accept_access(&view, &proposal.signed, &proposal.wraps).unwrap();
    world.log.push(closed.checked).unwrap();
    let after = world.propose(&founder, Action::Settings(Settings::default()));
    let view = AccessView { access: &world.log, session: ONE, now_ms: world.now, host: "new.example" };
    assert_eq!(accept_access(&view, &after.signed, &[]).unwrap_err(), AccessRefusal::Closed);
    assert!(!world.log.may_write(founder.device, Stream::Commons, world.log.head()));
}

#[test]
fn streams_are_erased_by_coordinators_and_a_private_one_by_its_member() {
    let (mut world, founder, [friend]) = World::with([Role::Friend]);
    let own = Stream::Private(friend.member());
    assert_eq!(world.act(&founder, Action::EraseStream(own)), Err(AccessRefusal::NoRight));
    assert_eq!(world.act(&founder, Action::EraseStream(Stream::Access)), Err(AccessRefusal::Target));
    world.act(&friend, Action::EraseStream(own)).unwrap();
    assert_eq!(world.log.erased_at(own), Some(world.log.head()));
    assert_eq!(world.log.erased_at(Stream::Care), None);
}

#[test]
fn the_stored_log_is_the_verified_one_and_answers_for_every_entry() {
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    let joined = world.log.head();
    world.act(&founder, Action::SetRole(helper.member(), Role::Caregiver, Vec::new())).unwrap();
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    let stored = AccessLog::from_bytes(&world.log.to_bytes()).unwrap();
    assert_eq!(stored, world.log);
    assert_eq!(AccessLog::verify_all(&world.records).unwrap(), stored);
    let roles: Vec<_> = (joined - 1..=stored.head()).map(|n| stored.role_of(helper.member(), n)).collect();
    assert_eq!(roles, [None, Some(Role::Helper), Some(Role::Caregiver), None]);
    let writes: Vec<_> =
        (joined - 1..=stored.head()).map(|n| stored.may_write(helper.device, Stream::Care, n)).collect();
    assert_eq!(writes, [false, false, true, false]);
    let epochs: Vec<_> = (0..=stored.head()).map(|n| stored.epoch_at(Stream::Care, n)).collect();
    assert_eq!(epochs, [0, 1, 1, 1, 1, 2]);
    assert_eq!(stored.hash_at(0), Some(Hash::ZERO));
    assert_eq!(stored.hash_at(stored.head() + 1), None);
    assert!(AccessLog::from_bytes(&world.log.to_bytes()[1..]).is_err());
}

#[test]
fn checked_entries_fit_only_the_head_they_were_checked_at() {
    let (mut world, founder) = World::found();
    let signed = world.raw(&founder, Action::Settings(Settings::default()));
    let checked = world.log.check(&signed, world.now).unwrap();
    world.log.push(checked.clone()).unwrap();
    assert_eq!(world.log.push(checked), Err(AccessRefusal::Head(2, world.log.head_hash())));
}

#[test]
fn a_circle_is_closed_only_after_everybody_could_see_it_coming() {
    let (mut world, founder, [caregiver]) = World::with([Role::Caregiver]);
    let mut attempt = |action: Action, now: u64| {
        world.now = now;
        let verdict = world.act(&founder, action);
        (verdict, world.log.closing())
    };
    let now = START + DAY;
    assert_eq!(attempt(Action::Close, now), (Err(AccessRefusal::Early), None), "nobody was told");
    assert_eq!(attempt(Action::Closing(None), now).0, Err(AccessRefusal::Target), "nothing to take back");
    for early in [0, now, now + 7 * DAY - 1] {
        assert_eq!(attempt(Action::Closing(Some(early)), now).0, Err(AccessRefusal::Early), "{early}");
    }
    assert_eq!(attempt(Action::Closing(Some(now + 90 * DAY + 1)), now).0, Err(AccessRefusal::Value));
    let at = now + 7 * DAY;
    let (taken, closing) = attempt(Action::Closing(Some(at)), now);
    taken.unwrap();
    assert_eq!(closing.map(|closing| (closing.at, closing.by)), Some((at, founder.member())));
    assert_eq!(attempt(Action::Close, at - 1).0, Err(AccessRefusal::Early));
    assert_eq!(attempt(Action::Closing(None), at - 1), (Ok(()), None));
    assert_eq!(attempt(Action::Close, at).0, Err(AccessRefusal::Early), "it was taken back");
    attempt(Action::Closing(Some(at + 7 * DAY)), at).0.unwrap();
    let close = world.propose(&caregiver, Action::Close);
    assert_eq!(world.judge(Party::Device(caregiver.device), &close), Err(AccessRefusal::NoRight));
    world.now = at + 7 * DAY;
    world.act(&founder, Action::Close).unwrap();
    assert_eq!(world.log.closing(), None);
    assert_eq!(world.log.closed_at(), Some(world.log.head()));
}
