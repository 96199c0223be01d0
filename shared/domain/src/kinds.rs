//! The kinds of log entries. A new kind is a new element here and its texts, nothing else.

use crate::kind::{FieldKind, FieldSpec, Kind, Preset, Recipe, Tone};

const SYMPTOMS: &[&str] =
    &["pain", "breath", "nausea", "vomiting", "agitation", "noisy", "tired", "anxious", "other"];
const RATERS: &[&str] = &["person", "carer", "pro"];

const fn may(id: &'static str, kind: FieldKind) -> FieldSpec {
    FieldSpec { id, kind, required: false, default: None }
}

const fn must(id: &'static str, kind: FieldKind) -> FieldSpec {
    FieldSpec { id, kind, required: true, default: None }
}

const fn usual(id: &'static str, kind: FieldKind, default: Preset) -> FieldSpec {
    FieldSpec { id, kind, required: true, default: Some(default) }
}

const fn row(key: &'static str, fields: &'static [&'static str]) -> Recipe {
    Recipe { key, fields }
}

const NOTE: FieldSpec = may("note", FieldKind::LongText);

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        code: "drink",
        icon: "glass-water",
        tone: Tone::Teal,
        fields: &[
            usual(
                "ml",
                FieldKind::Number { unit: "ml", min: 0, max: 3000, step: 50, decimals: 0 },
                Preset::Number(200),
            ),
            may("what", FieldKind::Text),
            NOTE,
        ],
        quick: true,
        rows: &[row("row-drink-what", &["what", "ml"]), row("row-drink", &["ml"]), row("kind-drink", &[])],
    },
    Kind {
        code: "meal",
        icon: "utensils",
        tone: Tone::Teal,
        fields: &[
            usual("eaten", FieldKind::Fraction, Preset::Quarters(2)),
            may("what", FieldKind::Text),
            NOTE,
        ],
        quick: true,
        rows: &[row("row-meal-what", &["what", "eaten"]), row("row-meal", &["eaten"]), row("kind-meal", &[])],
    },
    Kind {
        code: "dose",
        icon: "pill",
        tone: Tone::Amber,
        fields: &[
            must("medicine", FieldKind::Medicine),
            // As it was typed: a dose is never computed with (ADR 0051).
            may("dose", FieldKind::Text),
            may("for", FieldKind::Choice { options: SYMPTOMS }),
            may("before", FieldKind::Scale),
            may("rated", FieldKind::Choice { options: RATERS }),
            may("by", FieldKind::Person),
            may("after", FieldKind::Scale),
            may("after-at", FieldKind::Time),
            NOTE,
        ],
        quick: false,
        rows: &[
            row("row-dose-for", &["medicine", "dose", "for"]),
            row("row-dose", &["medicine", "dose"]),
            row("row-dose-medicine-for", &["medicine", "for"]),
            row("row-dose-medicine", &["medicine"]),
            row("kind-dose", &[]),
        ],
    },
    Kind {
        code: "symptom",
        icon: "activity",
        tone: Tone::Amber,
        fields: &[
            must("what", FieldKind::Choice { options: SYMPTOMS }),
            must("score", FieldKind::Scale),
            may("other", FieldKind::Text),
            may("rated", FieldKind::Choice { options: RATERS }),
            NOTE,
        ],
        quick: false,
        rows: &[
            row("row-symptom-other", &["other", "score"]),
            row("row-symptom", &["what", "score"]),
            row("kind-symptom", &[]),
        ],
    },
    Kind {
        code: "sleep",
        icon: "moon",
        tone: Tone::Plain,
        fields: &[
            must("mins", FieldKind::Duration { max: 24 * 60 }),
            may("quality", FieldKind::Choice { options: &["sound", "broken", "restless"] }),
            NOTE,
        ],
        quick: false,
        rows: &[
            row("row-sleep-quality", &["mins", "quality"]),
            row("row-sleep", &["mins"]),
            row("kind-sleep", &[]),
        ],
    },
    Kind {
        code: "mood",
        icon: "smile",
        tone: Tone::Leaf,
        fields: &[
            must(
                "mood",
                FieldKind::Choice { options: &["calm", "cheerful", "low", "worried", "cross", "confused"] },
            ),
            may("score", FieldKind::Scale),
            NOTE,
        ],
        quick: false,
        rows: &[row("row-mood-score", &["mood", "score"]), row("row-mood", &["mood"]), row("kind-mood", &[])],
    },
    Kind {
        code: "visit",
        icon: "user-round",
        tone: Tone::Leaf,
        fields: &[must("who", FieldKind::Person), may("said", FieldKind::LongText)],
        quick: false,
        rows: &[row("row-visit-said", &["who", "said"]), row("row-visit", &["who"]), row("kind-visit", &[])],
    },
    Kind {
        code: "note",
        icon: "notebook-pen",
        tone: Tone::Plain,
        fields: &[must("note", FieldKind::LongText)],
        quick: false,
        rows: &[row("row-note", &["note"]), row("kind-note", &[])],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn stored_names_are_short_unique_and_not_those_of_the_frame() {
        let codes: BTreeSet<&str> = KINDS.iter().map(|kind| kind.code).collect();
        assert_eq!(codes.len(), KINDS.len());
        for kind in KINDS {
            let ids: BTreeSet<&str> = kind.fields.iter().map(|field| field.id).collect();
            assert_eq!(ids.len(), kind.fields.len(), "{}", kind.code);
            for id in ids {
                assert!(id.len() <= 8 && !crate::log::FRAME.contains(&id), "{}: {id}", kind.code);
            }
        }
    }

    #[test]
    fn every_kind_can_be_said_and_kept_in_one_tap_where_it_promises_to() {
        for kind in KINDS {
            assert!(kind.rows.last().is_some_and(|recipe| recipe.fields.is_empty()), "{}", kind.code);
            for id in kind.rows.iter().flat_map(|recipe| recipe.fields) {
                assert!(kind.field(id).is_some(), "{}: {id}", kind.code);
            }
            let missing = kind.fields.iter().any(|field| field.required && field.default_value().is_none());
            assert_eq!(kind.quick, !missing, "{}", kind.code);
            for field in kind.fields {
                assert_eq!(field.default.is_some(), field.default_value().is_some(), "{}", field.id);
            }
        }
    }
}
