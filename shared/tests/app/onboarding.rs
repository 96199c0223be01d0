//! Starting, and links that lead nowhere.

use crate::{Shell, launch};
use kith_protocol::{
    CircleId, Refusal,
    invite::InviteState,
    message::{Frame, Frames, Subject},
    session::{Nonce, Token},
};
use shared::{
    Action, Event, Launch, Ownership, Route,
    effects::{PlatformOperation, StorageFault},
    view::{ScreenKind, SharingKind},
};

#[test]
fn the_first_start_welcomes() {
    let shell = Shell::started(launch());
    let view = shell.view();
    assert_eq!((view.screen.kind, view.path.as_str()), (ScreenKind::Onboarding, "/welcome"));
    assert_eq!(view.bar, None);
    let labels: Vec<String> = shell.buttons().into_iter().map(|button| button.label).collect();
    assert_eq!(
        labels,
        ["Start a circle", "I have an invitation", "This is my second phone", "I have a recovery kit"]
    );
}

#[test]
fn a_circle_starts_without_reception_and_is_there_when_the_app_opens_again() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    let view = shell.view();
    assert_eq!(view.screen.heading, "Good evening, Anna");
    let bar = view.bar.clone().unwrap();
    assert_eq!((bar.person.as_str(), bar.sharing.kind), ("Rose", SharingKind::NoReception));
    assert_eq!(
        view.tabs.iter().map(|tab| tab.label.as_str()).collect::<Vec<_>>(),
        ["Today", "Log", "Tasks", "Circle"]
    );
    let shell = shell.reopened();
    let view = shell.view();
    assert_eq!(view.screen.heading, "Good evening, Anna");
    assert_eq!(view.bar.map(|bar| bar.person), Some("Rose".into()));
}

#[test]
fn both_names_are_needed_and_each_fault_stands_at_its_field() {
    let mut shell = Shell::started(launch());
    shell.open(Route::Start);
    shell.type_in("name", &"Anna ".repeat(30));
    shell.act(Action::StartCircle);
    let faults = shell.faults();
    assert_eq!(faults.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["person", "name"]);
    shell.type_in("person", "Rose");
    assert_eq!(shell.faults().len(), 1, "typing takes the fault away");
    assert_eq!(shell.view().path, "/start");
}

#[test]
fn a_link_that_is_none_says_what_to_do() {
    let mut shell = Shell::started(launch());
    shell.open(Route::Paste);
    for (link, begin) in [
        ("", "This is not an invitation link."),
        ("https://kith.example/today", "This is not an invitation link."),
        ("https://kith.example/i/AAAAAAAAAAAAAAAAAAAAAA", "The end of the link is missing."),
        ("https://kith.example/i/AAAAAAAAAAAAAAAAAAAAAA#AAAA", "The end of the link is missing."),
    ] {
        shell.type_in("link", link);
        shell.act(Action::PasteLink);
        let faults = shell.faults();
        assert!(faults.len() == 1 && faults[0].1.starts_with(begin), "{link}: {faults:?}");
        assert!(faults[0].1.contains("Nothing was lost"));
    }
}

#[test]
fn a_link_opened_without_reception_is_kept_and_waits() {
    let mut shell = Shell::started(launch());
    let link = "https://kith.example/i/AAAAAAAAAAAAAAAAAAAAAA#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    shell.send(Event::LinkOpened { link: link.into() });
    assert_eq!(shell.view().path, "/join");
    let shell = shell.reopened();
    assert_eq!(shell.view().path, "/join");
    assert_eq!(shell.view().screen.heading, "Opening the invitation");
}

#[test]
fn a_link_that_the_app_is_opened_with_does_not_hide_the_circles_that_are_there() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    let link = "https://kith.example/i/AAAAAAAAAAAAAAAAAAAAAA#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    // Both come before storage answers.
    let mut shell =
        Shell::on(shell.disk, [Event::Started(launch()), Event::LinkOpened { link: link.into() }]);
    assert_eq!(shell.view().path, "/join");
    shell.open(Route::Circles);
    assert_eq!(shell.titles().len(), 2, "{:?}", shell.titles());
    shell.send(Event::LinkOpened { link: link.into() });
    shell.open(Route::Circles);
    assert_eq!(shell.titles().len(), 2, "a link opened twice leads to one membership");
    assert_eq!(shell.reopened().view().path, "/join");
}

/// A host that is real, and speaks no version that this app knows.
fn newer_host(path: &str) -> Vec<u8> {
    match path {
        "/v1/challenge" => Nonce { circle: CircleId([0; 32]), nonce: [1; 32] }.encode(),
        "/v1/token" => Token { token: vec![1], expires: u64::MAX }.encode(),
        "/v1/sync" => Frames(vec![Frame::Refused(Subject::Session, Refusal::Newer)]).encode(),
        _ => InviteState::Open.encode(),
    }
}

#[test]
fn a_link_to_what_is_newer_asks_for_an_update_and_stays_until_then() {
    let mut shell = Shell::started(launch());
    shell.host = Some(newer_host);
    let link = "https://kith.example/i/AAAAAAAAAAAAAAAAAAAAAA#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    shell.send(Event::LinkOpened { link: link.into() });
    shell.send(Event::ReceptionChanged { online: true });
    let view = shell.view();
    assert_eq!(view.screen.heading, "Please update Kith");
    let labels: Vec<String> = shell.buttons().into_iter().map(|button| button.label).collect();
    assert!(labels.contains(&"Update now".to_owned()), "{labels:?}");
    let mut shell = shell.reopened();
    assert_eq!(shell.view().screen.heading, "Please update Kith", "it asks again by itself");
    shell.host = None;
    let mut shell = shell.reopened();
    assert_eq!(shell.view().screen.heading, "Opening the invitation");
    shell.act(Action::StopWaiting);
    assert_eq!(shell.view().path, "/welcome");
    assert!(shell.disk.keys().all(|key| key.starts_with(b"device/") || key == b"schema"), "{:?}", shell.disk);
}

#[test]
fn a_second_tab_says_so_and_can_take_over() {
    let mut shell = Shell::started(Launch { ownership: Ownership::Elsewhere, ..launch() });
    assert_eq!(shell.view().screen.kind, ScreenKind::Blocked);
    assert!(shell.disk.is_empty(), "it writes nothing");
    shell.act(Action::StartCircle);
    assert_eq!(shell.asked_platform, []);
    shell.press("Use it here");
    assert_eq!(shell.asked_platform, [PlatformOperation::TakeOver]);
}

#[test]
fn a_tab_that_was_taken_over_stops_and_says_that_all_is_kept() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell.send(Event::OwnershipLost);
    let before = shell.disk.clone();
    shell.act(Action::QuickLog { kind: "drink".into() });
    assert_eq!(shell.disk, before);
    assert_eq!(shell.view().screen.heading, "Kith now runs in another tab");
}

#[test]
fn settings_of_a_newer_app_stop_the_start_and_change_nothing() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell.disk.insert(b"device/settings".to_vec(), b"not what this app writes".to_vec());
    let before = shell.disk.clone();
    let shell = shell.reopened();
    assert_eq!(shell.view().screen.heading, "Please update Kith");
    assert_eq!(shell.disk, before);
}

#[test]
fn without_room_nothing_is_said_to_be_kept() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell.fault = Some(StorageFault::Full);
    shell.act(Action::QuickLog { kind: "drink".into() });
    let view = shell.view();
    assert_eq!(view.undo, None);
    assert!(view.notice.unwrap().text.starts_with("There is no room left"));
    shell.open(Route::Log);
    assert_eq!(shell.titles(), Vec::<String>::new());
    shell.open(Route::LogForm { kind: "note".into(), id: None });
    shell.type_in("note", "The tap drips again");
    shell.act(Action::Keep);
    assert_eq!(shell.view().path, "/log/new/note", "what was typed is still on the screen");
    shell.fault = None;
    shell.act(Action::Keep);
    shell.now_ms += 1;
    shell.act(Action::QuickLog { kind: "drink".into() });
    shell.open(Route::Log);
    assert_eq!(shell.titles(), ["Drink, 200 ml", "The tap drips again"]);
}
