//! Closing a circle, on one phone without reception: what is said first, what waits, what is taken back. Phones that see
//! each other are in `tests/tests/people/closing.rs`.

use crate::{Shell, launch};
use shared::{
    Action, Launch, Route,
    view::{BlockView, ViewModel},
};

fn circle(launch: Launch) -> Shell {
    let mut shell = Shell::started(launch);
    shell.start_circle();
    shell
}

/// Banners, points and buttons, as they are read out.
fn read_out(view: ViewModel) -> String {
    let mut lines = vec![view.screen.heading];
    for block in view.screen.blocks {
        match block {
            BlockView::Banner(banner) => {
                lines.extend([banner.title, banner.detail]);
                lines.extend(banner.actions.into_iter().map(|button| format!("[{}]", button.label)));
            }
            BlockView::Points(points) => lines.extend(points.into_iter().map(|point| point.text)),
            BlockView::Form(form) => {
                lines.extend(form.fields.into_iter().flat_map(|f| [f.label, f.hint, f.fault]));
            }
            BlockView::Buttons(buttons) => {
                lines.extend(buttons.into_iter().map(|button| format!("[{}]", button.label)));
            }
            _ => {}
        }
    }
    lines.extend(view.screen.primary.map(|button| format!("[{}]", button.label)));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

#[test]
fn what_closing_does_is_said_before_it_is_announced() {
    let mut shell = circle(launch());
    shell.open(Route::CircleSettings);
    let way = shell.rows().into_iter().find(|row| row.title == "Close this circle").unwrap();
    shell.act(way.open.unwrap());
    assert_eq!(shell.view().path, "/settings/circle/closing");
    insta::assert_snapshot!("closing_en", read_out(shell.view()));
    let mut shell = circle(Launch { languages: vec!["fr-FR".into()], ..launch() });
    shell.open(Route::Closing);
    insta::assert_snapshot!("closing_fr", read_out(shell.view()));
}

#[test]
fn an_announcement_without_reception_waits_says_so_and_can_be_taken_back() {
    let mut shell = circle(launch());
    shell.open(Route::Closing);
    shell.press("Announce that it will be closed");
    let waits =
        "Everybody is told that the circle will be closed\nThis happens as soon as there is reception.";
    assert!(read_out(shell.view()).contains(waits), "{}", read_out(shell.view()));
    assert!(!read_out(shell.view()).contains("[Announce"), "it was said already");
    let mut shell = shell.reopened_at("/circle");
    assert!(read_out(shell.view()).contains(waits));
    shell.open(Route::Today);
    shell.press("Take it back");
    shell.open(Route::Closing);
    assert!(read_out(shell.view()).contains("[Announce that it will be closed]"));
}

#[test]
fn nothing_is_closed_that_nobody_announced() {
    let mut shell = circle(launch());
    shell.act(Action::CloseCircle);
    shell.act(Action::KeepOpen);
    shell.open(Route::Closing);
    shell.act(Action::CloseCircle);
    shell.open(Route::Circle);
    assert!(shell.view().notice.is_none(), "{:?}", shell.view().notice);
    assert!(shell.view().log_button.is_some());
}
