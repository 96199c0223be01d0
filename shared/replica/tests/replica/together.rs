//! Two people: sharing, writing at the same time, lost answers, stale keys.

use kith_protocol::{Refusal, Role, Stream};
use kith_replica::{Input, SharingStatus, Transport};

use crate::world::{LOG, TASKS, World, add, note};

fn two(transport: Transport, role: Role) -> World {
    let mut world = World::with(2, transport, 11);
    world.found(0);
    world.connect(0);
    let link = world.invite(0, role, true);
    world.join(1, link, "Ben");
    world.pass(60_000);
    world
}

#[test]
fn what_one_writes_the_other_reads_and_both_know_who() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = two(transport, Role::Caregiver);
        world.edit(0, add(LOG, "one", "from Anna"));
        world.edit(1, add(TASKS, "two", "from Ben"));
        world.pass(60_000);
        for phone in &world.phones {
            assert_eq!(phone.replica.status(), SharingStatus::AllShared, "{transport:?}");
            assert_eq!(phone.versions("one", "note"), [("from Anna".to_owned(), 1)]);
            assert_eq!(phone.versions("two", "note"), [("from Ben".to_owned(), 2)]);
            assert_eq!(phone.history(LOG, "one"), world.phones[0].history(LOG, "one"));
        }
        assert_eq!(world.phones[0].replica.last_heard(), world.phones[1].replica.last_heard());
    }
}

#[test]
fn two_write_the_same_field_offline_and_both_versions_stay() {
    let mut world = two(Transport::Socket, Role::Caregiver);
    world.edit(0, add(LOG, "one", "at first"));
    world.set_online(0, false);
    world.set_online(1, false);
    world.edit(0, note(LOG, "one", "Anna says"));
    world.edit(1, note(LOG, "one", "Ben says"));
    assert_eq!(world.phones[0].replica.status(), SharingStatus::Offline { waiting: 1 });
    world.set_online(1, true);
    world.set_online(0, true);
    world.pass(300_000);
    let both = world.phones[0].versions("one", "note");
    assert_eq!(both.len(), 2);
    assert!(both.contains(&("Anna says".to_owned(), 1)) && both.contains(&("Ben says".to_owned(), 2)));
    assert_eq!(both, world.phones[1].versions("one", "note"));
    assert_eq!(world.phones[0].rows("all"), world.phones[1].rows("all"));
}

#[test]
fn a_lost_answer_sends_the_same_bytes_again() {
    let mut world = World::with(1, Transport::Post, 5);
    world.found(0);
    world.connect(0);
    world.phones[0].lose_answers = 1;
    world.edit(0, add(LOG, "one", "once"));
    world.pass(120_000);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::AllShared);
    let sent = &world.host.submissions;
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0], sent[1]);
    assert_eq!(world.host.circles.values().next().unwrap().streams[&Stream::Care].len(), 1);
}

#[test]
fn what_was_sealed_before_a_rotation_is_sealed_anew_with_the_same_number() {
    let mut world = two(Transport::Post, Role::Caregiver);
    world.edit(1, add(LOG, "zero", "warm up"));
    // Ben seals, but his envelope does not get through; meanwhile Anna changes the key.
    world.set_online(1, false);
    world.edit(1, add(LOG, "one", "sealed with the old key"));
    world.tell(0, Input::RotateKeys { streams: vec![Stream::Care] });
    world.pass(60_000);
    assert_eq!(world.phones[0].replica.access().unwrap().epoch(Stream::Care), 2);
    world.set_online(1, true);
    world.pass(300_000);
    for phone in &world.phones {
        assert_eq!(phone.items(), ["one", "zero"]);
        assert_eq!(phone.replica.status(), SharingStatus::AllShared);
    }
    let headers = world.host.submissions.iter().flatten().map(|envelope| envelope.read_header().unwrap());
    let mine: Vec<_> = headers.filter(|header| header.device.0 == 2 && header.device_seq == 2).collect();
    assert_eq!(mine.last().map(|header| header.epoch), Some(2));
}

#[test]
fn a_refusal_that_says_nothing_of_rights_keeps_the_edit_and_tries_again() {
    let mut world = two(Transport::Socket, Role::Caregiver);
    world.host.refuse_next = Some(Refusal::Quota(1));
    world.edit(1, add(LOG, "one", "refused once"));
    assert_eq!(world.phones[1].replica.status(), SharingStatus::ServerFull);
    world.pass(120_000);
    assert_eq!(world.phones[1].replica.status(), SharingStatus::AllShared);
    assert_eq!(world.phones[0].items(), ["one"]);
}

#[test]
fn a_socket_that_died_without_a_word_is_given_up() {
    let mut world = two(Transport::Socket, Role::Caregiver);
    world.phones[1].deaf = true;
    world.edit(1, add(LOG, "one", "into the void"));
    assert_eq!(world.phones[1].replica.status(), SharingStatus::Sharing { n: 1 });
    world.pass(15_000);
    assert_eq!(world.phones[1].replica.waiting(), 1);
    world.pass(60_000);
    assert_eq!(world.phones[1].replica.status(), SharingStatus::AllShared);
    assert_eq!(world.phones[0].items(), ["one"]);
}

#[test]
fn a_socket_that_died_while_nothing_was_owed_is_asked_and_opened_anew() {
    let mut world = two(Transport::Socket, Role::Caregiver);
    world.phones[1].deaf = true;
    world.edit(0, add(LOG, "one", "unheard"));
    world.pass(550_000);
    assert_eq!(world.phones[1].items(), Vec::<String>::new(), "the socket looks fine");
    world.pass(90_000);
    assert_eq!(world.phones[1].items(), ["one"]);
}

#[test]
fn pages_are_turned_until_everything_is_there() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = World::with(2, transport, 13);
        world.found(0);
        world.connect(0);
        for n in 0..23 {
            world.edit(0, add(LOG, &format!("item-{n:02}"), "note"));
        }
        let link = world.invite(0, Role::Caregiver, true);
        world.join(1, link, "Ben");
        world.pass(120_000);
        assert_eq!(world.phones[1].items().len(), 23, "{transport:?}");
        assert_eq!(world.phones[0].rows("all"), world.phones[1].rows("all"));
    }
}

#[test]
fn who_is_woken_too_early_is_woken_again() {
    let mut world = World::with(1, Transport::Socket, 77);
    world.found(0);
    world.connect(0);
    world.tell(0, Input::OfferDevice { request: 1 });
    let asked = world.phones[0].wake.take().expect("it looks into the mailbox again");
    assert!(asked > world.now);
    world.tell(0, Input::Woke);
    assert_eq!(world.phones[0].wake, Some(asked));
}
