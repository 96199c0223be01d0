//! Keeping, editing, taking back, finding.

use crate::{EVENING, Shell, launch};
use shared::{Action, FieldValue, Moment, Route, view::SharingKind};

fn circle() -> Shell {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell
}

fn note(shell: &mut Shell, text: &str) {
    shell.open(Route::LogForm { kind: "note".into(), id: None });
    shell.type_in("note", text);
    shell.act(Action::Keep);
}

#[test]
fn two_taps_keep_a_drink_and_one_takes_it_back() {
    let mut shell = circle();
    shell.open(Route::QuickLog);
    shell.act(Action::QuickLog { kind: "drink".into() });
    let undo = shell.view().undo.unwrap();
    assert_eq!(undo.text, "Kept: Drink, 200 ml");
    assert!(undo.details.is_some());
    assert_eq!(shell.view().path, "/today");
    shell.act(Action::Undo);
    assert_eq!(shell.view().undo, None);
    shell.open(Route::Log);
    assert!(shell.titles().is_empty());
}

#[test]
fn details_are_added_to_what_one_tap_kept() {
    let mut shell = circle();
    shell.act(Action::QuickLog { kind: "meal".into() });
    let details = shell.view().undo.unwrap().details.unwrap();
    shell.act(details.act);
    shell.type_in("what", "Tomato soup");
    shell.act(Action::Keep);
    shell.open(Route::Log);
    assert_eq!(shell.titles(), ["Tomato soup, about half"]);
}

#[test]
fn an_entry_may_have_happened_earlier_but_not_later_than_now() {
    let mut shell = circle();
    note(&mut shell, "Slept in the chair");
    shell.open(Route::LogForm { kind: "note".into(), id: None });
    shell.type_in("note", "Robin at the window");
    shell.fill("when", FieldValue::Moment(Moment::Local("2026-11-23T08:00".into())));
    shell.act(Action::Keep);
    assert_eq!(shell.faults(), [("when".into(), "That is still to come. Choose a time up to now.".into())]);
    shell.fill("when", FieldValue::Moment(Moment::Local("2026-11-21T08:00".into())));
    shell.act(Action::Keep);
    shell.open(Route::Log);
    assert_eq!(
        shell.titles(),
        ["Slept in the chair", "Robin at the window"],
        "newest first, by when it happened"
    );
}

#[test]
fn an_edit_keeps_its_history_with_who_and_when() {
    let mut shell = circle();
    note(&mut shell, "Pain in the left knee");
    shell.now_ms = EVENING + 5 * 60_000;
    shell.open(Route::Log);
    shell.act(shell.rows()[0].open.clone().unwrap());
    shell.press("Edit");
    shell.type_in("note", "Pain in the right knee");
    shell.act(Action::Keep);
    assert_eq!(shell.view().screen.heading, "Pain in the right knee");
    assert_eq!(
        shell.titles().iter().filter(|title| title.contains("When")).count(),
        1,
        "the time was not touched"
    );
    let history: Vec<(String, String)> =
        shell.rows().into_iter().rev().take(2).map(|row| (row.title, row.detail)).collect();
    assert_eq!(history[0].0, "Anna wrote it");
    assert!(history[0].1.starts_with("5 min ago"), "{history:?}");
    assert_eq!(history[1].0, "Anna changed “What happened?”");
}

#[test]
fn what_is_put_away_can_be_brought_back() {
    let mut shell = circle();
    note(&mut shell, "Twice by mistake");
    shell.open(Route::Log);
    let open = shell.rows()[0].open.clone().unwrap();
    shell.act(open.clone());
    shell.press("Put away");
    assert_eq!(shell.view().path, "/log");
    assert!(shell.titles().is_empty());
    shell.act(open);
    shell.press("Bring back");
    shell.open(Route::Log);
    assert_eq!(shell.titles(), ["Twice by mistake"]);
}

#[test]
fn a_half_written_note_survives_the_phone_dying() {
    let mut shell = circle();
    shell.open(Route::LogForm { kind: "note".into(), id: None });
    shell.type_in("note", "She asked for the window to be op");
    // The browser opens again where it was.
    let mut shell = shell.reopened_at("/log/new/note");
    shell.act(Action::Keep);
    shell.open(Route::Log);
    assert_eq!(shell.titles(), ["She asked for the window to be op"]);
    shell.open(Route::LogForm { kind: "note".into(), id: None });
    shell.act(Action::Keep);
    assert_eq!(shell.faults().len(), 1, "what was kept is no draft any more");
}

#[test]
fn the_log_is_found_by_kind_and_by_word_and_grows_by_windows() {
    let mut shell = circle();
    for n in 0..130 {
        shell.now_ms += 60_000;
        note(&mut shell, &format!("Note number {n}"));
    }
    shell.act(Action::QuickLog { kind: "drink".into() });
    let mut shell = shell.reopened();
    shell.open(Route::Log);
    assert_eq!(shell.titles().len(), 60);
    shell.press("Show more");
    assert_eq!(shell.titles().len(), 120);
    shell.press("Show more");
    assert_eq!(shell.titles().len(), 131);
    shell.type_in("find", "number 7");
    assert_eq!(shell.titles().len(), 11);
    shell.type_in("find", "");
    shell.act(Action::FilterLog { kind: "drink".into() });
    assert_eq!(shell.titles(), ["Drink, 200 ml"]);
    // A word far back is found before its page was ever read.
    let mut shell = shell.reopened();
    shell.open(Route::Log);
    shell.type_in("find", "number 0");
    assert_eq!(shell.titles(), ["Note number 0"]);
}

#[test]
fn everything_waits_without_reception_and_says_how_much() {
    let mut shell = circle();
    shell.act(Action::QuickLog { kind: "drink".into() });
    let sharing = shell.view().bar.unwrap().sharing;
    assert_eq!(sharing.kind, SharingKind::NoReception);
    assert!(sharing.text.starts_with("No reception, "), "{}", sharing.text);
}

#[test]
fn what_is_read_from_memory_is_what_is_read_from_storage() {
    let mut shell = circle();
    for kind in ["drink", "meal", "drink"] {
        shell.act(Action::QuickLog { kind: kind.into() });
    }
    note(&mut shell, "Pain in the left knee");
    let looked = |shell: &mut Shell| {
        [Route::Today, Route::Log, Route::QuickLog].map(|route| {
            shell.open(route);
            shell.view().screen
        })
    };
    // Every row has been read before it changes.
    let before = looked(&mut shell);
    shell.open(Route::Log);
    shell.act(shell.rows()[0].open.clone().unwrap());
    shell.press("Edit");
    shell.type_in("note", "Pain in the right knee");
    shell.act(Action::Keep);
    shell.open(Route::Log);
    shell.act(shell.rows().last().unwrap().open.clone().unwrap());
    shell.press("Put away");
    let warm = looked(&mut shell);
    assert_ne!(warm, before);
    assert_eq!(warm[1].blocks.len(), before[1].blocks.len(), "the same day, the same kinds");
    assert_eq!(looked(&mut shell.reopened()), warm);
}

#[test]
fn the_month_is_loaded_after_the_first_view_and_before_the_first_tap() {
    let mut shell = circle();
    note(&mut shell, "Slept well");
    let mut shell = shell.reopened();
    assert_eq!((shell.view().path.as_str(), shell.documents_read), ("/today", 0));
    shell.pass(1_000);
    assert_eq!(shell.documents_read, 1, "the log of this month");
    shell.act(Action::QuickLog { kind: "drink".into() });
    assert!(shell.view().undo.is_some());
    assert_eq!(shell.documents_read, 1);
}
