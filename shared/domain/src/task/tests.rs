//! Tasks on real documents: claims made apart, hand-overs, and what people without the right write.

use kith_document::{EditScript, Step};
use proptest::prelude::*;

use super::{
    Mine, Task, TaskDraft, TaskState, accept, add, archive, choose, claim, done, edit, hand_over, reopen,
    stand_down, withdraw_offer,
};
use crate::testing::{ANNA, Circle, JOAN, JOANS_TABLET, LOU, MARIE, NOW, People, TOM};
use crate::{Due, ItemId, Role, Value, history, new_id, rows, tasks_document, undo_of};

fn draft(slots: u32) -> TaskDraft {
    TaskDraft {
        kind: "company".into(),
        title: "Sit with Rose".into(),
        due: Due::parse("2026-11-26T14:00/2026-11-26T17:00").unwrap(),
        place: String::new(),
        note: "she likes the radio".into(),
        slots,
    }
}

/// A circle in which Anna added a task, and everybody has it.
fn with_task(slots: u32) -> (Circle, ItemId) {
    let mut circle = Circle::new(&tasks_document(NOW));
    let id = new_id([1; 16]);
    circle.share(ANNA, &add(&id, &draft(slots), NOW).unwrap());
    (circle, ItemId::new(&tasks_document(NOW), &id))
}

/// As a device sees it, read for the device's member.
fn read(circle: &Circle, device: u32, id: &ItemId) -> Task {
    let me = if device == JOANS_TABLET { JOAN } else { device };
    Task::read(&id.document, &circle.item(device, &id.item).unwrap(), &People, &[], me).unwrap()
}

fn read_with_history(circle: &Circle, device: u32, id: &ItemId) -> Task {
    let ops = circle.history(device, &id.item);
    Task::read(&id.document, &circle.item(device, &id.item).unwrap(), &People, &ops, device).unwrap()
}

fn holders(task: &Task) -> Vec<u32> {
    task.holders.iter().map(|holder| holder.member).collect()
}

fn reserves(task: &Task) -> Vec<u32> {
    task.reserves.iter().map(|holder| holder.member).collect()
}

fn claim_id(number: u8) -> String {
    new_id([100 + number; 16])
}

#[test]
fn of_two_who_take_the_last_place_offline_the_same_one_has_it_everywhere() {
    let (mut circle, id) = with_task(1);
    circle.edit(JOAN, &claim(&id, &claim_id(1), NOW));
    circle.edit(LOU, &claim(&id, &claim_id(2), NOW));
    for (device, member) in [(JOAN, JOAN), (LOU, LOU)] {
        let task = read(&circle, device, &id);
        assert_eq!((holders(&task), task.mine), (vec![member], Mine::Holding { confirmed: false }));
    }
    circle.send(LOU);
    circle.receive(JOAN);
    assert_eq!(read(&circle, JOAN, &id).mine, Mine::Reserve { place: 1, confirmed: false });
    circle.settle();
    for device in 1..=6 {
        let task = read(&circle, device, &id);
        assert_eq!((holders(&task), reserves(&task), task.needed), (vec![LOU], vec![JOAN], 0));
    }
    assert_eq!(read(&circle, LOU, &id).mine, Mine::Holding { confirmed: true });
    assert_eq!(read(&circle, JOANS_TABLET, &id).mine, Mine::Reserve { place: 1, confirmed: true });
}

#[test]
fn the_first_reserve_steps_in_and_who_comes_back_is_last_even_by_undo() {
    let (mut circle, id) = with_task(1);
    for (device, number) in [(JOAN, 1), (LOU, 2), (TOM, 3)] {
        circle.share(device, &claim(&id, &claim_id(number), NOW));
    }
    let script = stand_down(&read(&circle, JOAN, &id), JOAN, NOW).unwrap();
    let undo = undo_of(&script, |_, item| circle.item(JOAN, item), NOW).unwrap();
    circle.share(JOAN, &script);
    let task = read(&circle, ANNA, &id);
    assert_eq!((holders(&task), reserves(&task)), (vec![LOU], vec![TOM]));
    circle.share(JOAN, &undo);
    let task = read(&circle, ANNA, &id);
    assert_eq!((holders(&task), reserves(&task)), (vec![LOU], vec![TOM, JOAN]));
    assert_eq!(stand_down(&task, MARIE, NOW), None);
}

#[test]
fn a_place_is_handed_over_with_its_rank_once_the_other_accepts() {
    let (mut circle, id) = with_task(1);
    circle.share(JOAN, &claim(&id, &claim_id(1), NOW));
    circle.share(TOM, &claim(&id, &claim_id(2), NOW));
    circle.share(JOAN, &hand_over(&read(&circle, JOAN, &id), JOAN, LOU, &claim_id(3), NOW).unwrap());
    let offered = read(&circle, LOU, &id);
    assert_eq!((holders(&offered), offered.holders[0].offered.len()), (vec![JOAN], 1));
    assert_eq!(read(&circle, TOM, &id).offer, None);
    let offer = offered.offer.unwrap();
    assert_eq!(offer.from, JOAN);

    // Joan takes it back without knowing that Lou has accepted: what came first holds.
    circle.edit(LOU, &accept(&id, &offer.id, &claim_id(4), NOW));
    circle.edit(JOAN, &withdraw_offer(&read(&circle, JOAN, &id), JOAN, &offer.id, NOW).unwrap());
    circle.send(LOU);
    circle.settle();
    for device in 1..=6 {
        let task = read(&circle, device, &id);
        assert_eq!((holders(&task), reserves(&task), task.offer), (vec![LOU], vec![TOM], None));
    }
}

#[test]
fn nobody_takes_over_what_was_not_offered_to_them() {
    let (mut circle, id) = with_task(1);
    circle.share(JOAN, &claim(&id, &claim_id(1), NOW));
    circle.share(JOAN, &hand_over(&read(&circle, JOAN, &id), JOAN, LOU, &claim_id(3), NOW).unwrap());
    circle.share(TOM, &accept(&id, &claim_id(3), &claim_id(4), NOW));
    let task = read(&circle, ANNA, &id);
    assert_eq!((holders(&task), reserves(&task)), (vec![JOAN], vec![TOM]));
    // Nor can anybody make an offer in another's claim.
    let path =
        |field| ["items", id.item.as_str(), &claim_id(1), &claim_id(5), field].map(str::to_owned).to_vec();
    let steps = vec![
        Step::Make { path: path("")[..4].to_vec() },
        Step::Put { path: path("to"), value: i64::from(TOM).into() },
    ];
    circle.share(TOM, &EditScript { document: id.document.clone(), intent: "forged".into(), steps });
    circle.share(TOM, &accept(&id, &claim_id(5), &claim_id(6), NOW));
    assert_eq!(holders(&read(&circle, ANNA, &id)), [JOAN]);
}

#[test]
fn only_its_owner_ends_a_claim() {
    let (mut circle, id) = with_task(1);
    circle.share(JOAN, &claim(&id, &claim_id(1), NOW));
    let mut script = claim(&id, &claim_id(1), NOW + 1);
    script.steps.push(Step::put(["items", &id.item, &claim_id(1), "end"], true));
    circle.share(ANNA, &script);
    assert_eq!(holders(&read(&circle, LOU, &id)), [JOAN]);
    assert!(!history(&circle.history(LOU, &id.item), &People).last().unwrap().counts);
    let own = stand_down(&read(&circle, JOANS_TABLET, &id), JOAN, NOW + 2).unwrap();
    circle.share(JOANS_TABLET, &own);
    assert_eq!(holders(&read(&circle, LOU, &id)), [0; 0]);
}

#[test]
fn done_counts_from_who_holds_it_and_from_coordinators_and_caregivers() {
    for (device, counts) in
        [(JOAN, true), (JOANS_TABLET, true), (MARIE, true), (ANNA, true), (LOU, false), (TOM, false)]
    {
        let (mut circle, id) = with_task(1);
        circle.share(JOAN, &claim(&id, &claim_id(1), NOW));
        circle.share(LOU, &claim(&id, &claim_id(2), NOW));
        circle.share(device, &done(&id, NOW));
        let state = read(&circle, TOM, &id).state;
        let by = if device == JOANS_TABLET { JOAN } else { device };
        let expected = TaskState::Done { by: Some(by), at: Some(NOW + 4_000) };
        assert_eq!(state, if counts { expected } else { TaskState::Open }, "{device}");
        // Who has no word in it does not open it again either.
        circle.share(TOM, &reopen(&id, NOW));
        assert_eq!(read_with_history(&circle, TOM, &id).state, state, "{device}");
        circle.share(MARIE, &reopen(&id, NOW));
        assert_eq!(read(&circle, TOM, &id).state, TaskState::Open);
    }
}

#[test]
fn what_was_done_stays_done_when_its_doer_stands_down() {
    let (mut circle, id) = with_task(1);
    circle.share(JOAN, &claim(&id, &claim_id(1), NOW));
    circle.share(JOAN, &done(&id, NOW));
    circle.share(JOAN, &stand_down(&read(&circle, JOAN, &id), JOAN, NOW).unwrap());
    assert!(matches!(read(&circle, ANNA, &id).state, TaskState::Done { by: Some(JOAN), .. }));
}

#[test]
fn a_helper_edits_their_own_task_and_nobody_elses() {
    let (mut circle, id) = with_task(1);
    let task = read(&circle, JOAN, &id);
    assert!(!task.may_edit(JOAN, Role::Helper) && task.may_edit(MARIE, Role::Caregiver));
    let forged = TaskDraft { title: "Nothing to do".into(), ..draft(3) };
    circle.edit(JOAN, &edit(&task, &forged, NOW + 5).unwrap().unwrap());
    circle.edit(JOAN, &archive(&id, NOW + 6));
    circle.settle();
    let blind = read(&circle, LOU, &id);
    assert_eq!((blind.title.as_str(), blind.needs_history), ("", true));
    let task = read_with_history(&circle, LOU, &id);
    assert_eq!((task.title.as_str(), task.slots, task.state), ("Sit with Rose", 1, TaskState::Open));

    let own = ItemId::new(&id.document, &new_id([2; 16]));
    circle.share(JOAN, &add(&own.item, &draft(1), NOW).unwrap());
    circle.share(JOAN, &edit(&read(&circle, JOAN, &own), &draft(2), NOW).unwrap().unwrap());
    circle.share(
        MARIE,
        &edit(&read(&circle, MARIE, &own), &TaskDraft { note: "x".into(), ..draft(2) }, NOW)
            .unwrap()
            .unwrap(),
    );
    let task = read(&circle, LOU, &own);
    assert_eq!((task.slots, task.note.as_str(), &task.edited_by[..]), (2, "x", &[MARIE][..]));
}

#[test]
fn a_note_edited_apart_shows_both_with_their_authors_until_somebody_chooses() {
    let (mut circle, id) = with_task(1);
    for (device, note) in [(ANNA, "by two"), (MARIE, "by three")] {
        let draft = TaskDraft { note: note.into(), ..draft(1) };
        circle.edit(device, &edit(&read(&circle, device, &id), &draft, NOW + 5).unwrap().unwrap());
    }
    circle.settle();
    let task = read(&circle, LOU, &id);
    let mut versions = task.contested[0].versions.clone();
    versions.sort_by_key(|said| said.by);
    let said: Vec<_> = versions.into_iter().map(|said| (said.by, said.value)).collect();
    let text = |text: &str| Value::Text(text.into());
    assert_eq!(said, [(Some(ANNA), text("by two")), (Some(MARIE), text("by three"))]);
    circle.share(ANNA, &choose(&task, "note", 0, NOW + 6).unwrap());
    assert_eq!(
        (read(&circle, LOU, &id).contested.len(), read(&circle, LOU, &id).note),
        (0, task.note.clone())
    );
    assert_eq!(choose(&task, "note", 2, NOW), None);
}

#[test]
fn open_tasks_are_listed_by_when_they_are_due_and_done_ones_latest_first() {
    let mut circle = Circle::new(&tasks_document(NOW));
    let dues = ["", "2026-11-27", "2026-11-26T14:00", "../2026-11-26"];
    let id = |number: usize| ItemId::new(&tasks_document(NOW), &new_id([u8::try_from(number).unwrap(); 16]));
    for (number, due) in dues.iter().enumerate() {
        let draft = TaskDraft { due: Due::parse(due).unwrap(), ..draft(1) };
        circle.share(ANNA, &add(&id(number).item, &draft, NOW).unwrap());
    }
    let order = |circle: &Circle| {
        let key =
            |number| rows(&tasks_document(NOW), &circle.item(LOU, &id(number).item).unwrap())[0].1.clone();
        let mut order: Vec<usize> = (0..dues.len()).collect();
        order.sort_by_key(|number| key(*number));
        order
    };
    assert_eq!(order(&circle), [3, 2, 1, 0]);
    circle.share(ANNA, &done(&id(3), NOW));
    circle.share(ANNA, &done(&id(0), NOW));
    assert_eq!(order(&circle), [2, 1, 0, 3]);
}

/// What somebody does next in a circle at odds.
#[derive(Debug, Clone)]
enum Deed {
    Claim(u32),
    StandDown(u32),
    HandOver(u32, u32),
    Accept(u32),
    Done(u32),
    Reopen(u32),
    Retitle(u32),
    Slots(u32, u32),
    Send(u32),
    Receive(u32),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let device = 1_u32..=6;
    prop_oneof![
        3 => device.clone().prop_map(Deed::Claim),
        1 => device.clone().prop_map(Deed::StandDown),
        2 => (device.clone(), 1_u32..=5).prop_map(|(from, to)| Deed::HandOver(from, to)),
        2 => device.clone().prop_map(Deed::Accept),
        1 => device.clone().prop_map(Deed::Done),
        1 => device.clone().prop_map(Deed::Reopen),
        1 => device.clone().prop_map(Deed::Retitle),
        1 => (device.clone(), 1_u32..4).prop_map(|(device, slots)| Deed::Slots(device, slots)),
        3 => device.clone().prop_map(Deed::Send),
        3 => device.prop_map(Deed::Receive),
    ]
}

/// The edit that a device makes of a deed, from what it sees; some have no right to it, and do it all the same.
fn act(circle: &Circle, id: &ItemId, deed: &Deed, fresh: &str) -> Option<(u32, EditScript)> {
    let seen = |device: u32| {
        let ops = circle.history(device, &id.item);
        let me = if device == JOANS_TABLET { JOAN } else { device };
        let item = circle.item(device, &id.item).unwrap();
        (Task::read(&id.document, &item, &People, &ops, me).unwrap(), me)
    };
    let edited = |device: u32, change: &dyn Fn(&mut TaskDraft)| {
        let (task, _) = seen(device);
        let mut draft = TaskDraft::from(&task);
        change(&mut draft);
        edit(&task, &draft, NOW).unwrap().map(|script| (device, script))
    };
    match *deed {
        Deed::Claim(device) => Some((device, claim(id, fresh, NOW))),
        Deed::StandDown(device) => {
            let (task, me) = seen(device);
            stand_down(&task, me, NOW).map(|script| (device, script))
        }
        Deed::HandOver(device, to) => {
            let (task, me) = seen(device);
            hand_over(&task, me, to, fresh, NOW).map(|script| (device, script))
        }
        Deed::Accept(device) => {
            let offer = seen(device).0.offer?;
            Some((device, accept(id, &offer.id, fresh, NOW)))
        }
        Deed::Done(device) => Some((device, done(id, NOW))),
        Deed::Reopen(device) => Some((device, reopen(id, NOW))),
        Deed::Retitle(device) => edited(device, &|draft| draft.title = format!("as {fresh} says")),
        Deed::Slots(device, slots) => edited(device, &|draft| draft.slots = slots),
        Deed::Send(_) | Deed::Receive(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever people did, apart or together, with or without the right, and in whatever portions it arrived: at
    /// rest every device reads the same.
    #[test]
    fn every_device_agrees_at_rest(deeds in proptest::collection::vec(any_deed(), 1..40)) {
        let (mut circle, id) = with_task(2);
        for (number, deed) in deeds.iter().enumerate() {
            let fresh = claim_id(u8::try_from(number).unwrap());
            match deed {
                Deed::Send(device) => circle.send(*device),
                Deed::Receive(device) => circle.receive(*device),
                deed => {
                    if let Some((device, script)) = act(&circle, &id, deed, &fresh) {
                        circle.edit(device, &script);
                    }
                }
            }
        }
        circle.settle();
        let as_anna = |device: u32| {
            let ops = circle.history(device, &id.item);
            let item = circle.item(device, &id.item).unwrap();
            (Task::read(&id.document, &item, &People, &ops, ANNA).unwrap(), history(&ops, &People))
        };
        let first = as_anna(1);
        prop_assert!(first.0.holders.iter().all(|holder| holder.confirmed));
        prop_assert!(!first.0.pending);
        for device in 2..=6 {
            prop_assert_eq!(&as_anna(device), &first, "device {}", device);
        }
    }
}
