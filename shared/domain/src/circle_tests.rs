//! Profile, names and the marker of who last looked, on real documents.

use std::collections::BTreeMap;

use kith_document::{EditScript, Step};

use crate::testing::{ANNA, Circle, JOAN, JOANS_TABLET, LOU, MARIE, NOW, People};
use crate::{Phase, Profile, own, people, people_document, profile, profile_document, rows, self_document};

#[test]
fn only_a_coordinator_says_who_the_circle_is_for_and_which_clock_it_keeps() {
    let mut circle = Circle::new(&profile_document());
    circle.share(ANNA, &profile::set("Rose", "Europe/London", "en-GB", NOW));
    circle.share(MARIE, &profile::set_phase(Phase::Bereavement, NOW + 1));
    circle.share(JOAN, &profile::set("Nobody", "Moon/Base", "xx", NOW + 2));
    let item = circle.item(LOU, "meta").unwrap();
    let read = Profile::read(&item, &People, &circle.history(LOU, "meta"));
    let expected = Profile {
        person: Some("Rose".into()),
        zone: Some("Europe/London".into()),
        phase: Phase::Caring,
        language: Some("en-GB".into()),
    };
    assert_eq!(read, expected);
    assert_eq!(Profile::read(&item, &People, &[]), Profile::default());
    circle.share(ANNA, &profile::set_phase(Phase::LastDays, NOW + 3));
    assert_eq!(Profile::read(&circle.item(LOU, "meta").unwrap(), &People, &[]).phase, Phase::LastDays);
    assert_eq!(rows(&profile_document(), &item)[0].0, "profile");
}

#[test]
fn everybody_says_their_own_name_from_any_of_their_devices_and_nobody_anothers() {
    let mut circle = Circle::new(&people_document());
    circle.share(JOAN, &people::set_name(JOAN, " Joan ", NOW));
    circle.share(JOANS_TABLET, &people::set_name(JOAN, "Joanie", NOW + 1));
    circle.share(LOU, &people::set_name(LOU, "Lou", NOW + 2));
    circle.share(ANNA, &people::set_name(LOU, "Lucifer", NOW + 3));
    let steps = vec![Step::put(["meta", "name#04"], "Nobody"), Step::put(["meta", "name#99999999999"], "x")];
    circle.share(JOAN, &EditScript { document: people_document(), intent: "forged".into(), steps });
    for device in 1..=6 {
        let item = circle.item(device, "meta").unwrap();
        let blind = people::names(&item, &People, &[]);
        assert_eq!(blind, BTreeMap::from([(JOAN, "Joanie".into())]));
        let names = people::names(&item, &People, &circle.history(device, "meta"));
        assert_eq!(names, BTreeMap::from([(JOAN, "Joanie".into()), (LOU, "Lou".into())]));
    }
}

#[test]
fn one_has_looked_when_any_of_ones_devices_has() {
    let mut circle = Circle::new(&self_document(JOAN));
    assert_eq!(own::last_looked(&circle.item(JOAN, "meta").unwrap()), None);
    circle.edit(JOAN, &own::looked(JOAN, NOW + 9));
    circle.edit(JOANS_TABLET, &own::looked(JOAN, NOW + 5));
    circle.settle();
    for device in [JOAN, JOANS_TABLET] {
        assert_eq!(own::last_looked(&circle.item(device, "meta").unwrap()), Some(NOW + 9));
    }
}
