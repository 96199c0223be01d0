//! Forms as data: a new entry type is new data in the core, and appears on every phone.

use crate::event::FieldValue;
use facet::Facet;
use serde::{Deserialize, Serialize};

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct FormView {
    /// Changes when another form is on the screen: shells then take every value anew.
    pub id: String,
    pub fields: Vec<FieldView>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    pub id: String,
    pub label: String,
    pub hint: String,
    /// What is wrong with it, in words; empty when nothing is.
    pub fault: String,
    pub required: bool,
    pub kind: FieldKind,
    /// Not written back while the field has the focus.
    pub value: FieldValue,
}

/// The small set that a shell knows how to draw.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum FieldKind {
    /// One line. `purpose`: `name`, `link` or empty, for autofill and keyboards.
    Line {
        max_length: u32,
        purpose: String,
    },
    LongText {
        max_length: u32,
    },
    /// `FieldValue::Number`, scaled by `decimals`; plus and minus buttons by `step`.
    Number {
        unit: String,
        min: i64,
        max: i64,
        step: i64,
        decimals: u32,
    },
    /// 0-10 as a radio group; words at both ends. `FieldValue::Number`.
    Scale {
        low: String,
        high: String,
    },
    /// One of few, as chips. `FieldValue::Chosen` with one id.
    Choice {
        options: Vec<OptionView>,
    },
    /// Any of few, as chips.
    Choices {
        options: Vec<OptionView>,
    },
    YesNo {
        yes: String,
        no: String,
    },
    /// When it happened. Presets first, then a local date and time no later than `latest`. `FieldValue::Moment`.
    Time {
        presets: Vec<MomentPreset>,
        earlier: String,
        latest: String,
    },
    /// When it should be: none, a day, or a day and time.
    When {
        earliest: String,
    },
    /// Minutes. `FieldValue::Number`.
    Duration {
        max_minutes: u32,
    },
    /// A member, as chips with faces (`FieldValue::Chosen`), or somebody else by name (`FieldValue::Text`).
    Person {
        options: Vec<OptionView>,
        somebody_else: String,
        max_length: u32,
    },
    /// A medicine: suggestions, and free text. `FieldValue::Text`.
    Medicine {
        suggestions: Vec<String>,
        max_length: u32,
    },
    /// How much of it: none, a quarter, half, three quarters, all. `FieldValue::Number` in quarters.
    Fraction {
        options: Vec<OptionView>,
    },
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct OptionView {
    pub id: String,
    pub label: String,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct MomentPreset {
    pub label: String,
    pub moment: crate::event::Moment,
}
