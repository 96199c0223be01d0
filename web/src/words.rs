//! The few words that only a browser needs, where the view has none: parts of a date field, plus and minus, names for
//! who hears the screen.

use crate::page;

pub struct Words {
    pub day: &'static str,
    pub time: &'static str,
    pub hours: &'static str,
    pub minutes: &'static str,
    pub less: &'static str,
    pub more: &'static str,
    pub tabs: &'static str,
    /// The Log button, where the tab is named Log as well.
    pub log: &'static str,
}

const ENGLISH: Words = Words {
    day: "Day",
    time: "Time",
    hours: "hours",
    minutes: "minutes",
    less: "Less",
    more: "More",
    tabs: "Parts of the app",
    log: "Log what happened",
};

const FRENCH: Words = Words {
    day: "Jour",
    time: "Heure",
    hours: "heures",
    minutes: "minutes",
    less: "Moins",
    more: "Plus",
    tabs: "Parties de l’application",
    log: "Noter ce qui s’est passé",
};

/// In the language that the view is written in.
pub fn words() -> &'static Words {
    let language = page::root().map(|root| root.lang()).unwrap_or_default();
    if language.starts_with("fr") { &FRENCH } else { &ENGLISH }
}
