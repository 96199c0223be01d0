//! Log entries on real documents: what everybody reads after people, offline and with no right, have written.

use kith_document::{EditScript, Item, Step};
use proptest::prelude::*;

use super::{
    Fault, Values, add, archive, choose, defaults, edit, last_doses, nearby_doses, restore, since::since,
};
use crate::testing::{ANNA, Circle, JOAN, MARIE, NOW, People, TOM};
use crate::{
    Amount, Argument, Happened, LogEntry, Value, When, history, kinds, log_document, new_id, parse_zone,
    rows, summary, text_keys, undo_of,
};

fn at(when: &str) -> Happened {
    When::Local(when.into()).resolve(NOW, parse_zone("Europe/London").unwrap()).unwrap().happened
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

fn values<const N: usize>(values: [(&str, Value); N]) -> Values {
    values.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

/// A circle in which Anna kept a note, and everybody has it.
fn with_note(said: &str) -> (Circle, String) {
    let mut circle = Circle::new(&log_document(NOW));
    let id = new_id([1; 16]);
    let script = add(&id, "note", at("2026-11-22T17:00"), &values([("note", text(said))]), NOW).unwrap();
    circle.share(ANNA, &script);
    (circle, id)
}

fn read(circle: &Circle, device: u32, id: &str) -> LogEntry {
    LogEntry::read(&log_document(NOW), &circle.item(device, id).unwrap(), &People, &[]).unwrap()
}

fn read_with_history(circle: &Circle, device: u32, id: &str) -> LogEntry {
    let (item, ops) = (circle.item(device, id).unwrap(), circle.history(device, id));
    LogEntry::read(&log_document(NOW), &item, &People, &ops).unwrap()
}

/// Edits the entry as `device` sees it, which keeps the edit to itself.
fn edit_note(circle: &mut Circle, device: u32, id: &str, note: &str) {
    let entry = read(circle, device, id);
    let script = edit(&entry, entry.happened, &values([("note", text(note))]), NOW + 5).unwrap().unwrap();
    circle.edit(device, &script);
}

#[test]
fn one_tap_keeps_a_drink_that_reads_the_same_on_every_phone() {
    let mut circle = Circle::new(&log_document(NOW));
    let id = new_id([1; 16]);
    circle.edit(MARIE, &add(&id, "drink", at("2026-11-22T17:52"), &defaults("drink"), NOW).unwrap());
    assert!(read(&circle, MARIE, &id).pending);
    circle.settle();
    for device in 1..=6 {
        let entry = read(&circle, device, &id);
        assert_eq!(entry.values, values([("ml", Value::Amount(Amount::whole(200, "ml")))]));
        assert_eq!((entry.author, entry.pending, entry.written_ms), (Some(MARIE), false, NOW + 1_000));
        let line = summary(&entry);
        assert_eq!(line.key, "row-drink");
        assert_eq!(line.arguments["ml"], Argument::Amount(Amount::whole(200, "ml")));
    }
}

#[test]
fn what_does_not_fit_its_field_is_refused_with_the_field() {
    let happened = at("2026-11-22T17:00");
    let fault = |kind: &str, given: Values| {
        let faults = add("x", kind, happened, &given, NOW).unwrap_err();
        faults.into_iter().map(|it| (it.field, it.fault)).collect::<Vec<_>>()
    };
    assert_eq!(fault("note", values([])), [("note".to_owned(), Fault::Missing)]);
    assert_eq!(fault("note", values([("note", text(" "))])), [("note".to_owned(), Fault::Missing)]);
    let ml = |number| values([("ml", Value::Amount(Amount::whole(number, "ml")))]);
    assert_eq!(fault("drink", ml(3001)), [("ml".to_owned(), Fault::OutOfRange)]);
    assert_eq!(fault("drink", values([("ml", text("200"))])), [("ml".to_owned(), Fault::WrongKind)]);
    let symptom = values([("what", Value::Choice("hunger".into())), ("score", Value::Scale(11))]);
    let expected = [("what".to_owned(), Fault::NotAChoice), ("score".to_owned(), Fault::OutOfRange)];
    assert_eq!(fault("symptom", symptom), expected);
}

#[test]
fn two_texts_written_apart_are_both_kept_with_their_authors_until_somebody_chooses() {
    let (mut circle, id) = with_note("laughed");
    edit_note(&mut circle, ANNA, &id, "laughed at the robin");
    edit_note(&mut circle, MARIE, &id, "laughed at the radio");
    circle.settle();
    for device in 1..=6 {
        let entry = read(&circle, device, &id);
        let [contested] = &entry.contested[..] else { panic!("{:?}", entry.contested) };
        let mut said: Vec<_> = contested.versions.iter().map(|said| (said.by, said.value.clone())).collect();
        said.sort_by_key(|(by, _)| *by);
        let expected =
            [(Some(ANNA), text("laughed at the robin")), (Some(MARIE), text("laughed at the radio"))];
        assert_eq!((contested.field.as_str(), &said[..]), ("note", &expected[..]));
        assert_eq!(entry.edited_by, [MARIE]);
    }
    let entry = read(&circle, MARIE, &id);
    let robin = entry.contested[0].versions.iter().position(|said| said.by == Some(ANNA)).unwrap();
    circle.share(MARIE, &choose(&entry, "note", robin, NOW + 9).unwrap());
    for device in 1..=6 {
        let entry = read(&circle, device, &id);
        assert_eq!((entry.text("note"), entry.contested.len()), (Some("laughed at the robin"), 0));
    }
}

#[test]
fn the_same_text_written_twice_is_no_disagreement() {
    let (mut circle, id) = with_note("slept");
    edit_note(&mut circle, ANNA, &id, "slept well");
    edit_note(&mut circle, MARIE, &id, "slept well");
    circle.settle();
    assert_eq!(read(&circle, TOM, &id).contested, []);
}

#[test]
fn times_written_apart_are_contested_whole() {
    let (mut circle, id) = with_note("fell");
    for (device, when) in [(ANNA, "2026-11-22T16:00"), (MARIE, "2026-11-21T23:00")] {
        let entry = read(&circle, device, &id);
        circle.edit(device, &edit(&entry, at(when), &entry.values, NOW + 5).unwrap().unwrap());
    }
    circle.settle();
    let entry = read(&circle, TOM, &id);
    let mut times: Vec<_> = entry.contested[0].versions.iter().map(|said| said.value.clone()).collect();
    times.sort_by_key(|time| format!("{time:?}"));
    assert_eq!(entry.contested[0].field, "t");
    assert_eq!(times, [Value::Time(at("2026-11-21T23:00")), Value::Time(at("2026-11-22T16:00"))]);
}

#[test]
fn an_edit_without_the_right_is_ignored_by_every_reader_and_stays_in_the_history() {
    let (mut circle, id) = with_note("skin is fine");
    edit_note(&mut circle, TOM, &id, "skin is red");
    circle.settle();
    for device in 1..=6 {
        let blind = read(&circle, device, &id);
        assert_eq!((blind.text("note"), blind.needs_history, &blind.edited_by[..]), (None, true, &[][..]));
        let entry = read_with_history(&circle, device, &id);
        assert_eq!((entry.text("note"), entry.needs_history), (Some("skin is fine"), false));
        let changes = history(&circle.history(device, &id), &People);
        let told: Vec<_> = changes.iter().map(|change| (change.by, change.counts)).collect();
        assert_eq!(told, [(Some(ANNA), true), (Some(TOM), false)]);
        assert_eq!(changes[1].fields[0].from, ["skin is fine".into()]);
        assert_eq!((changes[1].clock, changes[1].stamp), (Some(NOW + 5), Some(NOW + 2_000)));
    }
}

#[test]
fn the_author_can_say_what_somebody_wrote_without_the_right() {
    let (mut circle, id) = with_note("skin is fine");
    edit_note(&mut circle, TOM, &id, "skin is red");
    circle.settle();
    let entry = read_with_history(&circle, ANNA, &id);
    let script =
        edit(&entry, entry.happened, &values([("note", text("skin is red"))]), NOW + 6).unwrap().unwrap();
    circle.share(ANNA, &script);
    assert_eq!(read(&circle, MARIE, &id).text("note"), Some("skin is red"));
    let changes = history(&circle.history(MARIE, &id), &People);
    assert_eq!(changes[2].fields.len(), 1, "one change of one field: {changes:?}");
}

#[test]
fn archiving_emptying_and_redating_without_the_right_are_ignored_too() {
    let (mut circle, id) = with_note("skin is fine");
    let mut script = archive(&read(&circle, TOM, &id).id, NOW + 5);
    script.steps.push(Step::put(["items", &id, "t"], at("2026-11-01T00:00").to_string()));
    script.steps.push(Step::delete(["items", &id, "note"]));
    circle.share(TOM, &script);
    assert!(read(&circle, JOAN, &id).needs_history);
    let entry = read_with_history(&circle, JOAN, &id);
    assert!(!entry.archived);
    assert_eq!((entry.happened, entry.text("note")), (at("2026-11-22T17:00"), Some("skin is fine")));
}

#[test]
fn a_caregiver_may_edit_and_is_named_and_what_was_ignored_before_stays_ignored() {
    let (mut circle, id) = with_note("skin is fine");
    edit_note(&mut circle, TOM, &id, "skin is red");
    circle.settle();
    edit_note(&mut circle, MARIE, &id, "skin is fine, heels too");
    circle.settle();
    let entry = read(&circle, ANNA, &id);
    assert_eq!((entry.text("note"), &entry.edited_by[..]), (Some("skin is fine, heels too"), &[MARIE][..]));
    assert!(!entry.needs_history);
}

#[test]
fn the_author_of_any_role_may_edit_their_own() {
    let mut circle = Circle::new(&log_document(NOW));
    let id = new_id([1; 16]);
    let note = values([("note", text("see Friday"))]);
    circle.share(TOM, &add(&id, "note", at("2026-11-22T11:30"), &note, NOW).unwrap());
    edit_note(&mut circle, TOM, &id, "see Thursday");
    circle.settle();
    let entry = read(&circle, ANNA, &id);
    assert_eq!((entry.text("note"), entry.edited_by.len()), (Some("see Thursday"), 0));
}

#[test]
fn a_kind_and_a_field_of_a_newer_version_are_shown_and_never_lost() {
    let (mut circle, id) = with_note("x");
    let put = |field: &str, value: &str| Step::put(["items", &id, field], value);
    let steps = vec![put("kind", "garden"), put("roses", "3 red")];
    circle.share(ANNA, &EditScript { document: log_document(NOW), intent: "newer".into(), steps });
    let entry = read(&circle, MARIE, &id);
    assert!(entry.spec().is_none());
    assert_eq!(summary(&entry).arguments["kind"], Argument::Text("garden".into()));
    assert_eq!(entry.values["roses"], Value::Other("3 red".into()));
    assert_eq!(entry.values["note"], Value::Other("x".into()));
}

#[test]
fn an_edit_writes_only_what_differs_so_that_others_edits_of_other_fields_stay() {
    let mut circle = Circle::new(&log_document(NOW));
    let id = new_id([1; 16]);
    let dose =
        values([("medicine", text("Morphine")), ("dose", text("2.5 mg")), ("before", Value::Scale(7))]);
    circle.share(MARIE, &add(&id, "dose", at("2026-11-22T15:40"), &dose, NOW).unwrap());
    let entry = read(&circle, ANNA, &id);
    let with = |field: &str, value: Value| {
        let mut values = entry.values.clone();
        values.insert(field.to_owned(), value);
        edit(&entry, entry.happened, &values, NOW + 5).unwrap().unwrap()
    };
    circle.edit(ANNA, &with("after", Value::Scale(3)));
    circle.edit(MARIE, &with("dose", text("5 mg")));
    circle.settle();
    let entry = read(&circle, TOM, &id);
    assert_eq!(
        (entry.score("before"), entry.score("after"), entry.text("dose")),
        (Some(7), Some(3), Some("5 mg"))
    );
    assert_eq!(entry.contested, []);
    assert_eq!(edit(&entry, entry.happened, &entry.values, NOW).unwrap(), None);
}

fn entry(number: u8, by: u32, kind: &str, happened: &str, given: &Values, circle: &mut Circle) -> LogEntry {
    let id = new_id([number; 16]);
    circle.share(by, &add(&id, kind, at(happened), given, NOW).unwrap());
    read(circle, ANNA, &id)
}

#[test]
fn two_doses_close_together_by_two_people_are_both_kept_and_shown_to_each_other() {
    let mut circle = Circle::new(&log_document(NOW));
    let morphine = |name: &str| values([("medicine", text(name)), ("before", Value::Scale(7))]);
    let first = entry(1, MARIE, "dose", "2026-11-22T15:40", &morphine("Morphine"), &mut circle);
    let second = entry(2, ANNA, "dose", "2026-11-22T15:55", &morphine("morphine "), &mut circle);
    let later = entry(3, MARIE, "dose", "2026-11-22T17:30", &morphine("Morphine"), &mut circle);
    let other = entry(4, ANNA, "dose", "2026-11-22T15:50", &morphine("Paracetamol"), &mut circle);
    let own = entry(5, MARIE, "dose", "2026-11-22T15:45", &morphine("Morphine"), &mut circle);
    let all = [first.clone(), second.clone(), later.clone(), other, own.clone()];
    // One person who writes twice means two.
    assert_eq!(nearby_doses(&first, &all, 30), [&second]);
    assert_eq!(nearby_doses(&second, &all, 30), [&first, &own]);
    assert_eq!(nearby_doses(&later, &all, 30), Vec::<&LogEntry>::new());
    let last = last_doses(&all);
    let told: Vec<_> = last.iter().map(|dose| (dose.medicine.as_str(), &dose.by)).collect();
    assert_eq!(
        told,
        [("Morphine", &Some(Value::Member(MARIE))), ("Paracetamol", &Some(Value::Member(ANNA)))]
    );
    assert_eq!((last[0].happened, last[0].before, last[0].after), (later.happened, Some(7), None));
}

#[test]
fn since_one_last_looked_counts_what_others_wrote_even_about_earlier_days() {
    let mut circle = Circle::new(&log_document(NOW));
    let note = values([("note", text("x"))]);
    let old = entry(1, MARIE, "note", "2026-11-22T10:00", &note, &mut circle);
    let backdated = entry(2, MARIE, "note", "2026-11-01T10:00", &note, &mut circle);
    let drink = entry(3, TOM, "drink", "2026-11-22T17:00", &defaults("drink"), &mut circle);
    let mine = entry(4, ANNA, "note", "2026-11-22T17:00", &note, &mut circle);
    edit_note(&mut circle, MARIE, &old.id.item, "y");
    circle.settle();
    let old = read(&circle, ANNA, &old.id.item);
    let news = since(&[old, backdated, drink, mine], NOW + 1_000, ANNA);
    assert_eq!((news.new, news.changed), (2, 1));
    assert_eq!(news.by_kind.into_iter().collect::<Vec<_>>(), [("drink".into(), 1), ("note".into(), 1)]);
    assert_eq!(news.by_member.into_iter().collect::<Vec<_>>(), [(MARIE, 1), (TOM, 1)]);
}

#[test]
fn every_edit_can_be_taken_back_by_another() {
    let (mut circle, id) = with_note("first");
    let before = read(&circle, ANNA, &id);
    let same =
        |entry: &LogEntry| (entry.values == before.values, entry.happened == before.happened, entry.archived);
    let mut note = before.values.clone();
    note.insert("note".into(), text("second"));
    let scripts = [
        edit(&before, at("2026-11-22T12:00"), &note, NOW + 5).unwrap().unwrap(),
        archive(&before.id, NOW + 6),
    ];
    for script in scripts {
        let undo = undo_of(&script, |_, id| circle.item(ANNA, id), NOW + 7).unwrap();
        circle.share(ANNA, &script);
        assert_ne!(same(&read(&circle, MARIE, &id)), (true, true, false));
        let redo = undo_of(&undo, |_, id| circle.item(ANNA, id), NOW + 8).unwrap();
        circle.share(ANNA, &undo);
        assert_eq!(same(&read(&circle, MARIE, &id)), (true, true, false));
        circle.share(ANNA, &redo);
        assert_ne!(same(&read(&circle, MARIE, &id)), (true, true, false));
        circle.share(ANNA, &undo);
    }
    let new = new_id([9; 16]);
    let script = add(&new, "drink", before.happened, &defaults("drink"), NOW).unwrap();
    let undo = undo_of(&script, |_, id| circle.item(ANNA, id), NOW).unwrap();
    circle.share(ANNA, &script);
    circle.share(ANNA, &undo);
    assert!(read(&circle, MARIE, &new).archived);
    circle.share(ANNA, &restore(&read(&circle, MARIE, &new).id, NOW));
    assert!(!read(&circle, MARIE, &new).archived);
}

#[test]
fn edits_of_one_batch_are_told_apart_in_the_history() {
    let (mut circle, id) = with_note("one");
    edit_note(&mut circle, ANNA, &id, "two");
    let entry = read(&circle, ANNA, &id);
    circle.edit(
        ANNA,
        &edit(&entry, entry.happened, &values([("note", text("three"))]), NOW + 6).unwrap().unwrap(),
    );
    circle.settle();
    let told: Vec<_> = history(&circle.history(MARIE, &id), &People)
        .into_iter()
        .map(|change| (change.clock, change.fields.last().and_then(|field| field.to.clone())))
        .collect();
    let note = |text: &str| Some(text.into());
    assert_eq!(told[1..], [(Some(NOW + 5), note("two")), (Some(NOW + 6), note("three"))]);
}

#[test]
fn text_keys_are_names_that_fluent_takes_and_cover_every_row() {
    let keys = text_keys();
    for key in keys.keys() {
        assert!(
            key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{key}"
        );
    }
    for recipe in kinds().iter().flat_map(|kind| kind.rows) {
        assert_eq!(
            keys[recipe.key], recipe.fields,
            "{}: two rows of one key give different arguments",
            recipe.key
        );
    }
}

proptest! {
    #[test]
    fn rows_of_the_log_sort_newest_first(minutes in proptest::collection::vec(0_u32..3_000_000, 2..20)) {
        let zone = parse_zone("Europe/Paris").unwrap();
        let mut keys = Vec::new();
        for (index, minutes) in minutes.into_iter().enumerate() {
            let happened = When::MinutesAgo(minutes).resolve(NOW, zone).unwrap().happened;
            let mut circle = Circle::new(&log_document(NOW));
            let id = new_id([u8::try_from(index).unwrap(); 16]);
            circle.edit(ANNA, &add(&id, "dose", happened, &values([("medicine", text("M"))]), NOW).unwrap());
            let item: Item = circle.item(ANNA, &id).unwrap();
            let listed = rows(&log_document(NOW), &item);
            prop_assert_eq!(listed.iter().map(|row| row.0).collect::<Vec<_>>(), ["log", "dose"]);
            keys.push((listed[0].1.clone(), happened));
        }
        keys.sort();
        prop_assert!(keys.is_sorted_by(|one, next| one.1 >= next.1));
    }
}
