//! Adding, claiming, done; one phone.

use crate::{Shell, launch};
use shared::{Action, FieldValue, Moment, Route};

fn with_task() -> Shell {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell.open(Route::Tasks);
    shell.open(Route::TaskForm { id: None, kind: Some("transport".into()) });
    shell.type_in("title", "Drive to the hospital");
    shell.fill("when", FieldValue::Moment(Moment::Local("2026-11-23T09:30".into())));
    shell.type_in("note", "Blue folder in the hall");
    shell.act(Action::Keep);
    shell
}

#[test]
fn a_task_is_taken_in_place_and_done_and_opened_again() {
    let mut shell = with_task();
    let row = shell.rows().remove(0);
    assert_eq!(row.title, "Drive to the hospital");
    assert_eq!(row.detail, "Tomorrow, 09:30. Nobody has this yet");
    shell.act(row.actions[0].act.clone());
    assert_eq!(shell.view().undo.unwrap().text, "You have it: Drive to the hospital");
    assert!(shell.rows()[0].detail.contains("You have this"));
    shell.act(shell.rows()[0].open.clone().unwrap());
    shell.press("Done");
    shell.act(Action::Undo);
    shell.press("Done");
    shell.open(Route::Tasks);
    assert!(!shell.titles().contains(&"Drive to the hospital".to_owned()));
    shell.act(Action::FilterTasks { filter: "done".into() });
    assert_eq!(shell.titles(), ["Drive to the hospital"]);
}

#[test]
fn standing_down_frees_the_place_and_undo_takes_it_again() {
    let mut shell = with_task();
    shell.act(shell.rows()[0].actions[0].act.clone());
    shell.act(shell.rows()[0].open.clone().unwrap());
    shell.press("Can't after all");
    assert!(shell.rows()[0].title.contains("Nobody has this yet"), "{:?}", shell.titles());
    shell.act(Action::Undo);
    assert!(shell.rows()[0].title.contains("You have this"), "{:?}", shell.titles());
}

#[test]
fn a_task_needs_a_title_and_keeps_what_was_typed_meanwhile() {
    let mut shell = with_task();
    shell.open(Route::TaskForm { id: None, kind: None });
    shell.type_in("note", "For two people");
    shell.act(Action::Keep);
    assert_eq!(shell.faults(), [("title".into(), "Please fill this in.".into())]);
    shell.type_in("title", "Supper");
    shell.act(Action::Keep);
    assert!(shell.titles().contains(&"Supper".to_owned()));
}

#[test]
fn an_empty_list_offers_what_others_ask_for() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell.open(Route::Tasks);
    let idea = shell.rows().remove(0);
    shell.act(idea.open.unwrap());
    shell.act(Action::Keep);
    shell.open(Route::Tasks);
    assert_eq!(shell.titles(), [idea.title]);
}
