//! One phone: founding, edits, storage that is full, reopening.

use kith_document::{DocumentName, EditScript, Step};
use kith_protocol::Role;
use kith_replica::{Input, NotKept, Notice, Phase, SharingStatus, StorageError, Transport};

use crate::world::{LOG, TASKS, World, add, note};

#[test]
fn a_circle_is_founded_offline_and_edits_are_kept_before_anything_is_sent() {
    let mut world = World::new(1);
    world.found(0);
    let phone = &world.phones[0];
    assert_eq!(phone.replica.phase(), Phase::Founded);
    assert!(phone.notices.contains(&Notice::Opened));
    assert_eq!(phone.replica.status(), SharingStatus::Offline { waiting: 0 });
    let log = phone.replica.access().expect("the founding");
    assert_eq!(log.role_of(phone.me(), log.head()), Some(Role::Coordinator));

    let edit = world.edit(0, add(LOG, "one", "slept well"));
    let phone = &world.phones[0];
    assert!(phone.kept(edit));
    assert_eq!(phone.items(), ["one"]);
    assert_eq!(phone.replica.status(), SharingStatus::Offline { waiting: 1 });
    assert_eq!(phone.history(LOG, "one")[0].stamp, None);
    assert!(phone.requests.is_empty());
}

#[test]
fn once_connected_everything_is_shared_over_either_transport() {
    for transport in [Transport::Socket, Transport::Post] {
        let mut world = World::with(1, transport, 3);
        world.found(0);
        world.edit(0, add(LOG, "one", "slept well"));
        world.edit(0, add(LOG, "two", "ate"));
        world.edit(0, add(TASKS, "three", "shopping"));
        world.connect(0);
        let phone = &world.phones[0];
        assert_eq!(phone.replica.phase(), Phase::Member);
        assert_eq!(phone.replica.status(), SharingStatus::AllShared, "{transport:?}");
        assert_eq!(phone.replica.waiting(), 0);
        let stamp = phone.history(LOG, "one")[0].stamp;
        assert_eq!(stamp, Some(world.now));
        // The two log entries went in one envelope.
        let taken: usize = world.host.submissions.iter().map(Vec::len).sum();
        assert_eq!(taken, 2);
        world.edit(0, note(LOG, "one", "slept badly"));
        assert_eq!(world.phones[0].replica.status(), SharingStatus::AllShared);
        assert_eq!(world.phones[0].versions("one", "note"), [("slept badly".to_owned(), 1)]);
        assert_eq!(world.phones[0].history(LOG, "one").len(), 2);
    }
}

#[test]
fn with_a_token_one_request_catches_up_and_sends() {
    let mut world = World::with(1, Transport::Post, 3);
    world.found(0);
    world.connect(0);
    world.phones[0].requests.clear();
    world.edit(0, add(LOG, "one", "slept well"));
    let paths = &world.phones[0].requests;
    assert_eq!(paths, &["/v1/sync"]);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::AllShared);
}

#[test]
fn one_log_entry_costs_at_most_500_bytes_up() {
    let mut world = World::new(1);
    world.found(0);
    world.connect(0);
    let put = |field, value: &str| Step::put(["items", "5e3c1f8a-9d0b-4a58-8f1e-2c7d90ab41fe", field], value);
    let script = EditScript {
        document: DocumentName::parse(LOG).unwrap(),
        intent: "log.add".into(),
        steps: vec![
            Step::make(["items", "5e3c1f8a-9d0b-4a58-8f1e-2c7d90ab41fe"]),
            put("kind", "prn"),
            put("med", "b1d2c3a4-7788-4c1d-9e2f-0a1b2c3d4e5f"),
            put("unit", "ml"),
            put("note", "Restless since two, settled after half an hour"),
            Step::put(["items", "5e3c1f8a-9d0b-4a58-8f1e-2c7d90ab41fe", "dose"], 25_i64),
            Step::put(["items", "5e3c1f8a-9d0b-4a58-8f1e-2c7d90ab41fe", "at"], 1_780_000_000_000_i64),
            Step::put(["items", "5e3c1f8a-9d0b-4a58-8f1e-2c7d90ab41fe", "off"], 60_i64),
            Step::put(["items", "5e3c1f8a-9d0b-4a58-8f1e-2c7d90ab41fe", "day"], "2026-11-22"),
        ],
    };
    world.edit(0, script);
    let [bytes] = world.host.submitted[..] else { panic!("one frame") };
    assert!(bytes <= 500, "{bytes} bytes");
}

#[test]
fn a_full_device_gives_the_edit_back_and_says_so_until_there_is_room() {
    let mut world = World::new(1);
    world.found(0);
    world.edit(0, add(LOG, "one", "before"));
    world.phones[0].full = true;
    let script = add(LOG, "two", "lost?");
    let edit = world.edit(0, script.clone());
    let phone = &world.phones[0];
    assert!(!phone.kept(edit));
    let reason = NotKept::Storage(StorageError::Full);
    assert!(phone.notices.contains(&Notice::NotKept { edit, script: script.clone(), reason }));
    assert_eq!(phone.replica.status(), SharingStatus::StorageFull);
    assert_eq!(phone.items(), ["one"]);

    world.phones[0].full = false;
    let edit = world.edit(0, script);
    assert!(world.phones[0].kept(edit));
    assert_eq!(world.phones[0].items(), ["one", "two"]);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::Offline { waiting: 2 });
}

#[test]
fn an_edit_that_does_not_fit_or_is_not_allowed_is_given_back() {
    let mut world = World::new(1);
    world.found(0);
    let script = note(LOG, "nowhere", "text");
    let edit = world.edit(0, script);
    assert!(!world.phones[0].kept(edit));
    let foreign = add("private/9/self", "one", "not mine");
    let edit = world.edit(0, foreign.clone());
    let refused = Notice::NotKept { edit, script: foreign, reason: NotKept::NoRight };
    assert!(world.phones[0].notices.contains(&refused));
    let long = "x".repeat(80_000);
    let edit = world.edit(0, add(LOG, "one", &long));
    assert!(!world.phones[0].kept(edit));
    assert!(world.phones[0].items().is_empty());
    let edit = world.edit(0, add(LOG, "one", "short"));
    assert!(world.phones[0].kept(edit));
}

#[test]
fn what_is_private_gets_its_key_when_it_is_first_written() {
    let mut world = World::new(1);
    world.found(0);
    world.connect(0);
    world.edit(0, add("private/1/self", "one", "tired"));
    assert_eq!(world.phones[0].replica.status(), SharingStatus::AllShared);
    let log = world.phones[0].replica.access().expect("a log");
    assert_eq!(log.epoch(kith_protocol::Stream::Private(world.phones[0].me())), 1);
}

#[test]
fn a_row_moves_when_its_key_changes() {
    let mut world = World::new(1);
    world.found(0);
    world.edit(0, add(LOG, "one", "first"));
    let later = EditScript {
        document: DocumentName::parse(LOG).unwrap(),
        intent: "log.edit".into(),
        steps: vec![Step::put(["items", "one", "at"], 50_i64)],
    };
    world.edit(0, later);
    let phone = &world.phones[0];
    assert_eq!(phone.rows("log").len(), 1);
    let moved = phone.notices.iter().rev().find_map(|notice| match notice {
        Notice::Rows(rows) => rows.iter().find(|row| row.list == "log"),
        _ => None,
    });
    assert!(moved.is_some_and(|row| row.previous_key.is_some() && row.row.is_some()));
}

#[test]
fn long_documents_are_saved_whole_and_load_again() {
    let mut world = World::new(1);
    world.found(0);
    world.connect(0);
    for n in 0..70 {
        world.edit(0, add(LOG, &format!("item-{n}"), "note"));
    }
    let name = DocumentName::parse(LOG).unwrap();
    let keys = world.phones[0].keys();
    assert!(world.phones[0].kv.contains_key(&keys.snapshot(&name)));
    let single = world.phones[0].kv.keys().filter(|key| key.starts_with(&keys.changes(&name))).count();
    assert!(single < 64, "{single}");
    world.restart(0);
    world.run();
    world.edit(0, note(LOG, "item-3", "changed"));
    assert_eq!(world.phones[0].versions("item-3", "note"), [("changed".to_owned(), 1)]);
    assert_eq!(world.phones[0].items().len(), 70);
}

#[test]
fn a_damaged_snapshot_is_made_again_from_the_raw_entries() {
    let mut world = World::new(1);
    world.found(0);
    world.connect(0);
    for n in 0..66 {
        world.edit(0, add(LOG, &format!("item-{n}"), "note"));
    }
    let snapshot = world.phones[0].keys().snapshot(&DocumentName::parse(LOG).unwrap());
    world.phones[0].kv.insert(snapshot, b"damaged".to_vec());
    world.restart(0);
    world.run();
    let edit = world.edit(0, note(LOG, "item-3", "changed"));
    assert!(world.phones[0].kept(edit));
    assert_eq!(world.phones[0].versions("item-3", "note"), [("changed".to_owned(), 1)]);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::AllShared);
}

#[test]
fn the_clock_is_told_when_it_is_off_and_never_corrected() {
    let mut world = World::new(1);
    world.phones[0].clock_off = 300_000;
    world.found(0);
    world.connect(0);
    assert_eq!(world.phones[0].replica.status(), SharingStatus::ClockOff { by_ms: 300_000 });
}

#[test]
fn nothing_in_storage_is_said_so() {
    let mut world = World::new(1);
    world.tell(0, Input::Open);
    assert_eq!(world.phones[0].notices, [Notice::NotFound]);
}
