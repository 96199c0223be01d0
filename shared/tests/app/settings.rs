//! Language, text and theme, and the way back.

use crate::{Shell, launch};
use shared::{Action, Event, Launch, Route, Theme};

#[test]
fn the_language_follows_the_device_until_one_is_chosen() {
    let mut shell = Shell::started(Launch { languages: vec!["pt".into(), "fr-CA".into()], ..launch() });
    assert_eq!(shell.view().appearance.language, "fr-CA");
    shell.start_circle();
    assert_eq!(shell.view().screen.heading, "Bonsoir, Anna");
    shell.act(Action::ChooseLanguage { tag: "en-CA".into() });
    assert_eq!(shell.view().screen.heading, "Good evening, Anna");
    shell.open(Route::Circle);
    assert_eq!(shell.rows()[0].detail, "Coordinator");
}

#[test]
fn appearance_is_kept_on_the_device() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell.open(Route::Settings);
    shell.act(Action::ChooseTheme { theme: Theme::Night });
    shell.act(Action::ChooseTextSize { percent: 200 });
    let appearance = shell.reopened().view().appearance;
    assert_eq!((appearance.theme, appearance.text_percent), (Theme::Night, 200));
}

#[test]
fn the_way_back_leads_where_one_came_from_and_ends_at_today() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell.open(Route::Circle);
    shell.open(Route::Settings);
    shell.open(Route::About);
    for path in ["/settings", "/circle", "/today", "/today"] {
        shell.act(Action::Back);
        assert_eq!(shell.view().path, path);
    }
    shell.send(Event::PathOpened { path: "/tasks".into() });
    assert_eq!(shell.view().path, "/tasks");
    shell.send(Event::PathOpened { path: "/no/such/place".into() });
    assert_eq!(shell.view().path, "/tasks");
}

#[test]
fn a_zone_that_does_not_exist_is_refused_with_an_example() {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell.open(Route::CircleSettings);
    shell.type_in("zone", "Atlantis");
    shell.act(Action::Keep);
    assert_eq!(shell.faults()[0].0, "zone");
    shell.type_in("zone", "America/Toronto");
    shell.type_in("person", "Rosie");
    shell.act(Action::Keep);
    assert_eq!(shell.view().bar.unwrap().person, "Rosie");
    shell.open(Route::Today);
    assert_eq!(shell.view().screen.heading, "Good afternoon, Anna");
}
