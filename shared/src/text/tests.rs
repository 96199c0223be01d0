//! Both languages say everything, with the same variables, and the code asks for nothing else.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// Key to the names of its variables.
fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            current = key.to_owned();
            found.entry(current.clone()).or_default();
        }
        let variables = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
        found.entry(current.clone()).or_default().extend(variables.map(str::to_owned));
    }
    found.remove("");
    found
}

#[test]
fn english_and_french_have_the_same_keys_and_variables() {
    assert_eq!(keys(include_str!("en.ftl")), keys(include_str!("fr.ftl")));
}

#[test]
fn variants_only_say_what_exists() {
    let english = keys(include_str!("en.ftl"));
    for variant in [include_str!("en-CA.ftl"), include_str!("fr-CA.ftl")] {
        for (key, variables) in keys(variant) {
            assert_eq!(english.get(&key), Some(&variables), "{key}");
        }
    }
}

#[test]
fn every_source_parses_whole() {
    for locale in Locale::ALL {
        for source in locale.sources() {
            assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{}", locale.tag());
        }
    }
}

#[test]
fn every_text_can_be_said_in_every_locale() {
    let english = keys(include_str!("en.ftl"));
    for locale in Locale::ALL {
        let text = Text::new(locale);
        for (key, variables) in &english {
            let arguments: Vec<(&str, Argument<'_>)> = variables
                .iter()
                .map(|name| (name.as_str(), if name == "n" { 3_i64.into() } else { "x".into() }))
                .collect();
            let said = text.with(key, &arguments);
            assert!(
                !said.contains("{ $") && (said != *key || !key.contains('-')),
                "{} {key}: {said}",
                locale.tag()
            );
        }
    }
}

#[test]
fn numbers_choose_their_form() {
    let english = Text::new(Locale::EnGb);
    assert_eq!(english.with("today-since-doses", &[("n", 1_i64.into())]), "1 dose");
    assert_eq!(english.with("today-since-doses", &[("n", 2_i64.into())]), "2 doses");
    // French counts nothing as singular.
    assert_eq!(Text::new(Locale::FrFr).with("today-since-doses", &[("n", 0_i64.into())]), "0 prise");
}

#[test]
fn times_are_said_as_people_do() {
    let zone = "Europe/London".parse().unwrap();
    // Sunday 22 November 2026, 20:00 UTC.
    let now_ms = 1_795_377_600_000;
    let hour = 3_600_000;
    for (locale, expected) in [
        (
            Locale::EnGb,
            ["just now", "20 min ago", "18:00", "yesterday, 20:00", "Thursday 19 November, 20:00"],
        ),
        (
            Locale::EnCa,
            [
                "just now",
                "20 min ago",
                "6:00 p.m.",
                "yesterday, 8:00 p.m.",
                "Thursday 19 November, 8:00 p.m.",
            ],
        ),
        (Locale::FrFr, ["à l'instant", "il y a 20 min", "18:00", "hier, 20:00", "jeudi 19 novembre, 20:00"]),
        (
            Locale::FrCa,
            ["à l'instant", "il y a 20 min", "18 h 00", "hier, 20 h 00", "jeudi 19 novembre, 20 h 00"],
        ),
    ] {
        let text = Text::new(locale);
        let clock = Clock { text: &text, zone, now_ms };
        let said = [0, hour / 3, 2 * hour, 24 * hour, 72 * hour].map(|ago| clock.ago(now_ms - ago));
        assert_eq!(said, expected);
    }
}

#[test]
fn every_text_that_the_domain_asks_for_is_there() {
    let english = keys(include_str!("en.ftl"));
    for (key, arguments) in kith_domain::text_keys() {
        let variables = english.get(&key).unwrap_or_else(|| panic!("{key} is missing"));
        for variable in variables {
            assert!(arguments.contains(&variable.as_str()), "{key} says {variable}, which is not given");
        }
    }
}

#[test]
fn every_text_that_the_code_names_is_there() {
    let english = keys(include_str!("en.ftl"));
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut named = 0;
    for part in ["view", "model"] {
        for file in std::fs::read_dir(source.join(part)).unwrap() {
            let code = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for call in ["text.get(\"", "text.with(\""] {
                for key in code.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    assert!(english.contains_key(key), "{key} is missing");
                    named += 1;
                }
            }
        }
    }
    assert!(named > 100, "the code names its texts in another way now: {named}");
}

#[test]
fn french_marks_never_begin_a_line() {
    for source in [include_str!("fr.ftl"), include_str!("fr-CA.ftl")] {
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            let broken = [" ?", " !", " :", " ;", " »", "« "].iter().any(|mark| line.contains(mark));
            assert!(!broken, "a plain space beside a mark: {line}");
        }
    }
}
