//! What a kind of log entry is made of. The kinds themselves are data, in `kinds`.

use crate::{Value, kinds::KINDS};

/// The colour family in which an entry stands on the screen; never the only sign of anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Teal,
    Amber,
    Leaf,
    Brick,
}

/// A kind of log entry.
#[derive(Debug)]
pub struct Kind {
    /// Stored; never changes.
    pub code: &'static str,
    /// Name of the icon in Lucide.
    pub icon: &'static str,
    pub tone: Tone,
    pub fields: &'static [FieldSpec],
    /// One tap keeps an entry with every field's default. Without it a tap opens the form.
    pub quick: bool,
    /// Ways to say an entry in one line; the first whose fields all have a value is taken. The last asks for none.
    pub rows: &'static [Recipe],
}

/// A field of a kind.
#[derive(Debug)]
pub struct FieldSpec {
    /// Stored; at most 8 characters; never changes.
    pub id: &'static str,
    pub kind: FieldKind,
    pub required: bool,
    /// What a new entry starts with.
    pub default: Option<Preset>,
}

/// A default as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// A number in the field's unit, scaled by its decimals.
    Number(i64),
    Quarters(u8),
}

/// What a field holds, and how a shell asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    LongText,
    /// `min`, `max` and `step` are scaled by ten to the power of `decimals`.
    Number {
        unit: &'static str,
        min: i64,
        max: i64,
        step: i64,
        decimals: u32,
    },
    /// 0 to 10.
    Scale,
    /// One of these codes.
    Choice {
        options: &'static [&'static str],
    },
    /// Any of these codes.
    Choices {
        options: &'static [&'static str],
    },
    YesNo,
    Time,
    /// Minutes, at most this many.
    Duration {
        max: u32,
    },
    /// A member, or somebody by name.
    Person,
    /// A medicine by name.
    Medicine,
    /// How much of it, in quarters: 0 to 4.
    Fraction,
}

/// A text key and the fields whose values are its arguments, each under the field's id.
#[derive(Debug)]
pub struct Recipe {
    pub key: &'static str,
    pub fields: &'static [&'static str],
}

/// Every kind that this build knows, in the order in which they are offered.
pub fn kinds() -> &'static [Kind] {
    KINDS
}

/// The kind with this code; none for a kind of a newer version.
pub fn kind(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

impl Kind {
    /// Text key of its name: `kind-drink`.
    pub fn label_key(&self) -> String {
        format!("kind-{}", self.code)
    }

    pub fn field(&self, id: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|field| field.id == id)
    }
}

impl FieldSpec {
    /// Text key of its label in `kind`: `field-drink-ml`.
    pub fn label_key(&self, kind: &Kind) -> String {
        format!("field-{}-{}", kind.code, self.id)
    }

    /// The codes to choose from; empty for other kinds of field.
    pub fn options(&self) -> &'static [&'static str] {
        match self.kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } => options,
            _ => &[],
        }
    }

    /// Text key of one of its options: `option-breath`. Options of one code mean the same in every field.
    pub fn option_key(option: &str) -> String {
        format!("option-{option}")
    }

    /// What a new entry starts with.
    pub fn default_value(&self) -> Option<Value> {
        match (self.default?, self.kind) {
            (Preset::Number(scaled), FieldKind::Number { unit, decimals, .. }) => {
                Some(Value::Amount(crate::Amount { scaled, decimals, unit: unit.to_owned() }))
            }
            (Preset::Quarters(quarters), FieldKind::Fraction) => Some(Value::Quarters(quarters)),
            _ => None,
        }
    }
}
