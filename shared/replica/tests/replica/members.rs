//! Invitations, joining, being let in, gaining and losing a class.

use kith_protocol::access::Standing;
use kith_protocol::{MemberNumber, Role, Stream};
use kith_replica::{DrawerReason, Input, LinkProblem, Notice, Phase, SharingStatus, Transport, Wished};

use crate::world::{LOG, TASKS, World, add};

fn shown(world: &World, phone: usize) -> &kith_replica::InvitationShown {
    let invitation = world.phones[phone].notices.iter().find_map(|notice| match notice {
        Notice::Invitation(shown) => Some(shown),
        _ => None,
    });
    invitation.expect("an invitation")
}

fn problem(world: &World, phone: usize) -> Option<LinkProblem> {
    world.phones[phone].notices.iter().rev().find_map(|notice| match notice {
        Notice::LinkUnusable(problem) => Some(*problem),
        _ => None,
    })
}

#[test]
fn a_helper_by_a_direct_link_is_in_at_once_and_sees_commons_only() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = World::with(2, transport, 21);
        world.found(0);
        world.edit(0, add(LOG, "secret", "not for helpers"));
        world.edit(0, add(TASKS, "task", "shopping"));
        world.connect(0);
        let link = world.invite(0, Role::Helper, true);
        world.open_link(1, link);
        let seen = shown(&world, 1);
        assert_eq!((seen.greeting.person.as_str(), seen.greeting.inviter.as_str()), ("Rose", "Anna"));
        assert_eq!((seen.role, seen.direct, seen.inviter), (Role::Helper, true, MemberNumber(1)));
        assert_eq!(world.phones[1].replica.phase(), Phase::Invited);
        world.tell(1, Input::Join { name: "Hugo".into() });
        world.pass(120_000);
        let helper = &world.phones[1];
        assert_eq!(helper.replica.phase(), Phase::Member);
        assert_eq!(helper.items(), ["task"]);
        assert_eq!(helper.replica.status(), SharingStatus::AllShared);
        assert_eq!(world.phones[0].replica.join_names()[&helper.me()], "Hugo");
        // What a helper writes to the log is given back.
        let edit = world.edit(1, add(LOG, "mine", "no right"));
        assert!(!world.phones[1].kept(edit));
    }
}

#[test]
fn a_caregiver_by_link_waits_compares_four_words_and_reads_from_the_first_entry() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = World::with(2, transport, 22);
        world.found(0);
        world.connect(0);
        world.edit(0, add(LOG, "first", "before anybody came"));
        world.tell(0, Input::RotateKeys { streams: vec![Stream::Care] });
        world.pass(60_000);
        world.edit(0, add(LOG, "second", "with another key"));
        let link = world.invite(0, Role::Caregiver, false);
        world.join(1, link, "Cleo");
        world.pass(60_000);
        let joiner = &world.phones[1];
        let me = joiner.me();
        assert_eq!(joiner.replica.phase(), Phase::Joining);
        assert_eq!(joiner.replica.status(), SharingStatus::WaitingToBeLetIn);
        assert!(joiner.items().is_empty());
        let words = joiner.replica.four_words(me);
        assert!(words.is_some());
        assert_eq!(words, world.phones[0].replica.four_words(me));
        assert_eq!(world.phones[0].replica.join_names()[&me], "Cleo");

        world.tell(0, Input::Admit { member: me });
        world.pass(120_000);
        let joiner = &world.phones[1];
        assert!(joiner.notices.contains(&Notice::Admitted));
        assert_eq!(joiner.replica.phase(), Phase::Member);
        assert_eq!(joiner.items(), ["first", "second"]);
        assert_eq!(joiner.replica.status(), SharingStatus::AllShared);
        assert_eq!(world.phones[0].replica.waiting(), 0);
    }
}

#[test]
fn who_is_refused_is_shown_out_by_the_host_and_nothing_is_deleted_on_its_word() {
    let mut world = World::new(2);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, false);
    world.join(1, link, "Dora");
    let me = world.phones[1].me();
    world.tell(0, Input::Refuse { member: me });
    world.pass(60_000);
    assert_eq!(world.phones[1].replica.status(), SharingStatus::ServerGone);
    assert_eq!(world.phones[1].replica.phase(), Phase::Joining);
    assert!(world.phones[0].replica.access().unwrap().pending_joins().is_empty());
}

#[test]
fn links_that_cannot_be_used_say_why() {
    let mut world = World::new(3);
    world.found(0);
    world.connect(0);
    let used = world.invite(0, Role::Helper, true);
    world.join(1, used.clone(), "Hugo");
    world.open_link(2, used);
    assert_eq!(problem(&world, 2), Some(LinkProblem::Used));

    let mut world = World::new(3);
    world.found(0);
    world.connect(0);
    let cancelled = world.invite(0, Role::Helper, true);
    world.tell(0, Input::CancelInvite { invite: cancelled.id });
    // Whoever had the link had the keys: a new one is drawn for what a helper reads.
    assert_eq!(world.phones[0].replica.access().unwrap().epoch(Stream::Commons), 2);
    world.open_link(1, cancelled.clone());
    assert_eq!(problem(&world, 1), Some(LinkProblem::Cancelled));
    let mut unknown = cancelled;
    unknown.id.0[0] ^= 1;
    world.open_link(2, unknown);
    assert_eq!(problem(&world, 2), Some(LinkProblem::Unknown));

    let mut world = World::new(2);
    world.found(0);
    world.connect(0);
    let expired = world.invite(0, Role::Friend, false);
    world.pass(86_400_000);
    world.open_link(1, expired);
    assert_eq!(problem(&world, 1), Some(LinkProblem::Expired));
}

#[test]
fn a_link_whose_secret_is_wrong_is_not_genuine_and_nothing_is_shown() {
    let mut world = World::new(2);
    world.found(0);
    world.connect(0);
    let mut link = world.invite(0, Role::Helper, true);
    link.secret.0[3] ^= 1;
    world.open_link(1, link);
    let notices = &world.phones[1].notices;
    assert!(!notices.iter().any(|notice| matches!(notice, Notice::Invitation(_))));
}

#[test]
fn an_invitation_wished_offline_is_made_when_there_is_a_connection_and_its_link_is_shown_again() {
    let mut world = World::new(1);
    world.found(0);
    let greeting = kith_protocol::invite::Greeting {
        person: "Rose".into(),
        inviter: "Anna".into(),
        language: "en-GB".into(),
        to: None,
    };
    let invitation = kith_replica::Invitation {
        role: Role::Helper,
        uses: 3,
        lasts_ms: 86_400_000,
        direct: true,
        greeting,
    };
    world.tell(0, Input::Invite { request: 7, invitation });
    assert_eq!(world.last_link(0), None);
    world.restart(0);
    world.connect(0);
    let link = world.last_link(0).expect("a link");
    world.phones[0].notices.clear();
    world.tell(0, Input::ShowLink { request: 8, invite: link.id });
    let again = Notice::InviteReady { request: 8, invite: link.id, link: link.url() };
    assert!(world.phones[0].notices.contains(&again));
}

#[test]
fn wishes_of_two_coordinators_at_once_are_both_done() {
    let mut world = World::new(2);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(1, link, "Ben");
    world.tell(0, Input::SetRole { member: MemberNumber(2), role: Role::Coordinator });
    world.set_online(0, false);
    world.set_online(1, false);
    let invitation = |role| kith_replica::Invitation {
        role,
        uses: 1,
        lasts_ms: 86_400_000,
        direct: false,
        greeting: kith_protocol::invite::Greeting {
            person: "Rose".into(),
            inviter: "A".into(),
            language: "en".into(),
            to: None,
        },
    };
    world.tell(0, Input::Invite { request: 1, invitation: invitation(Role::Friend) });
    world.tell(1, Input::Invite { request: 2, invitation: invitation(Role::Helper) });
    world.set_online(0, true);
    world.set_online(1, true);
    world.pass(60_000);
    for phone in &world.phones {
        let log = phone.replica.access().unwrap();
        assert_eq!(log.invitations(world.now).count(), 2);
        assert_eq!(phone.replica.waiting(), 0);
    }
}

#[test]
fn who_loses_a_class_loses_what_is_stored_of_it_and_keeps_what_was_not_shared() {
    let mut world = World::new(2);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(1, link, "Ben");
    world.edit(0, add(LOG, "old", "shared before"));
    world.edit(0, add(TASKS, "task", "shopping"));
    world.set_online(1, false);
    let kept = world.edit(1, add(LOG, "mine", "written on the train"));
    assert!(world.phones[1].kept(kept));
    world.tell(0, Input::SetRole { member: MemberNumber(2), role: Role::Helper });
    world.pass(60_000);
    world.set_online(1, true);
    world.pass(120_000);
    let ben = &world.phones[1];
    assert!(ben.notices.contains(&Notice::Lost(Stream::Care)));
    assert_eq!(ben.items(), ["task"]);
    let drawer = ben.drawer();
    assert_eq!(drawer.len(), 1);
    assert_eq!(
        (drawer[0].why, &drawer[0].script),
        (DrawerReason::NoRight, &add(LOG, "mine", "written on the train"))
    );
    assert_eq!(ben.replica.status(), SharingStatus::NotShared { n: 1 });
    let left = ben.kv.keys().filter(|key| key.windows(4).any(|part| part == b"care")).count();
    assert_eq!(left, 0, "nothing of the class is left");

    // The right comes back: the class begins at its first entry, and the drawer can be offered again.
    world.tell(0, Input::SetRole { member: MemberNumber(2), role: Role::Caregiver });
    world.pass(120_000);
    assert_eq!(world.phones[1].items(), ["old", "task"]);
    world.tell(1, Input::OfferAgain { edit: 90, drawer: 1 });
    world.pass(60_000);
    assert!(world.phones[1].kept(90));
    assert!(world.phones[1].drawer().is_empty());
    assert_eq!(world.phones[0].items(), ["mine", "old", "task"]);
    assert_eq!(world.phones[1].replica.status(), SharingStatus::AllShared);
}

#[test]
fn who_is_removed_keeps_the_drawer_only_and_the_key_is_changed() {
    let mut world = World::new(2);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(1, link, "Ben");
    world.edit(0, add(LOG, "old", "shared before"));
    world.tell(0, Input::Remove { member: MemberNumber(2) });
    world.pass(60_000);
    let log = world.phones[0].replica.access().unwrap();
    assert_eq!(log.member(MemberNumber(2)).map(|member| member.standing), Some(Standing::Removed));
    assert_eq!(log.epoch(Stream::Care), 2);
    world.edit(0, add(LOG, "new", "after"));
    assert_eq!(world.phones[0].replica.status(), SharingStatus::AllShared);
}

#[test]
fn who_leaves_makes_the_classes_due_and_somebody_else_changes_the_keys() {
    let mut world = World::new(2);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Caregiver, true);
    world.join(1, link, "Ben");
    world.tell(1, Input::Leave);
    world.pass(60_000);
    let log = world.phones[0].replica.access().unwrap();
    assert_eq!(log.member(MemberNumber(2)).map(|member| member.standing), Some(Standing::Left));
    assert!(log.due_classes(world.now).is_empty());
    assert_eq!((log.epoch(Stream::Care), log.epoch(Stream::Commons)), (2, 2));
    assert_eq!(world.phones[1].replica.phase(), Phase::Ended);
}

#[test]
fn a_wish_that_waits_is_shown_and_can_be_taken_back() {
    let mut world = World::new(2);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, Role::Helper, true);
    world.join(1, link, "Ben");
    world.tell(0, Input::Disconnect);
    world.tell(0, Input::SetRole { member: MemberNumber(2), role: Role::Caregiver });
    let wishes = world.phones[0].replica.wishes();
    assert_eq!(
        wishes.iter().map(|(_, wish)| wish.clone()).collect::<Vec<_>>(),
        [Wished::SetRole(MemberNumber(2), Role::Caregiver)]
    );
    world.tell(0, Input::TakeBack { wish: wishes[0].0 });
    assert_eq!(world.phones[0].replica.wishes(), []);
    world.connect(0);
    world.pass(60_000);
    let log = world.phones[0].replica.access().unwrap();
    assert_eq!(log.member(MemberNumber(2)).and_then(kith_protocol::access::Member::role), Some(Role::Helper));
}
