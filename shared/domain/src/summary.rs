//! Which words say an entry in one line: a text key and its arguments, for the app to put into a language.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Amount, FieldKind, FieldSpec, Happened, LogEntry, Member, Value, kinds, task_kinds};

/// A text key and its arguments by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub key: String,
    pub arguments: BTreeMap<String, Argument>,
}

/// An argument that the app formats in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// What somebody typed.
    Text(String),
    Number(i64),
    Amount(Amount),
    Minutes(u32),
    Time(Happened),
    Member(Member),
    /// A text key.
    Key(String),
    Keys(Vec<String>),
}

/// The line for an entry. A kind of a newer version is `row-unknown` with its code as `kind`.
pub fn summary(entry: &LogEntry) -> Summary {
    let Some(kind) = entry.spec() else {
        let arguments = BTreeMap::from([("kind".to_owned(), Argument::Text(entry.kind.clone()))]);
        return Summary { key: "row-unknown".to_owned(), arguments };
    };
    for recipe in kind.rows {
        let arguments: Option<BTreeMap<String, Argument>> = recipe
            .fields
            .iter()
            .map(|id| Some(((*id).to_owned(), argument(entry.values.get(*id)?)?)))
            .collect();
        if let Some(arguments) = arguments {
            return Summary { key: recipe.key.to_owned(), arguments };
        }
    }
    Summary { key: kind.label_key(), arguments: BTreeMap::new() }
}

/// A value as an argument; none for an empty text and for what this build cannot place.
pub fn argument(value: &Value) -> Option<Argument> {
    Some(match value {
        Value::Text(text) if text.trim().is_empty() => return None,
        Value::Text(text) => Argument::Text(text.clone()),
        Value::Amount(amount) => Argument::Amount(amount.clone()),
        Value::Scale(score) => Argument::Number(i64::from(*score)),
        Value::Choice(code) => Argument::Key(FieldSpec::option_key(code)),
        Value::Choices(codes) if codes.is_empty() => return None,
        Value::Choices(codes) => {
            Argument::Keys(codes.iter().map(|code| FieldSpec::option_key(code)).collect())
        }
        Value::YesNo(true) => Argument::Key("yes".to_owned()),
        Value::YesNo(false) => Argument::Key("no".to_owned()),
        Value::Time(time) => Argument::Time(*time),
        Value::Minutes(minutes) => Argument::Minutes(*minutes),
        Value::Member(member) => Argument::Member(*member),
        Value::Quarters(quarters) => Argument::Key(format!("fraction-{quarters}")),
        Value::Other(_) => return None,
    })
}

/// Every text key that this crate can ask for, with the arguments it gives: what each language must have.
pub fn text_keys() -> BTreeMap<String, Vec<&'static str>> {
    let mut keys = BTreeMap::new();
    keys.insert("row-unknown".to_owned(), vec!["kind"]);
    let mut options = BTreeSet::new();
    for kind in kinds() {
        keys.insert(kind.label_key(), Vec::new());
        for recipe in kind.rows {
            keys.insert(recipe.key.to_owned(), recipe.fields.to_vec());
        }
        for field in kind.fields {
            keys.insert(field.label_key(kind), Vec::new());
            options.extend(field.options().iter().map(|code| FieldSpec::option_key(code)));
            if field.kind == FieldKind::Fraction {
                options.extend((0..=4).map(|quarters| format!("fraction-{quarters}")));
            }
        }
    }
    options.extend(["yes".to_owned(), "no".to_owned()]);
    options.extend(task_kinds().iter().map(crate::TaskKind::label_key));
    keys.extend(options.into_iter().map(|key| (key, Vec::new())));
    keys
}
