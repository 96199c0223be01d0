//! Edits of the log: each thing a person can do as an `EditScript`.

use std::collections::BTreeMap;

use kith_document::{EditScript, Scalar, Step};

use crate::undo::flag;
use crate::value::Fault;
use crate::{Happened, ItemId, LogEntry, Value, kind, log_document};

/// Values by field id.
pub type Values = BTreeMap<String, Value>;

/// A field whose value cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {fault}")]
pub struct FieldFault {
    pub field: String,
    pub fault: Fault,
}

/// What one tap keeps: every field's default.
pub fn defaults(code: &str) -> Values {
    let fields = kind(code).map(|kind| kind.fields).unwrap_or_default();
    fields.iter().filter_map(|field| Some((field.id.to_owned(), field.default_value()?))).collect()
}

/// A new entry under a fresh `id` ([`new_id`](crate::new_id)), in the document of this month.
pub fn add(
    id: &str,
    code: &str,
    happened: Happened,
    values: &Values,
    now_ms: u64,
) -> Result<EditScript, Vec<FieldFault>> {
    check(code, values)?;
    let mut steps = vec![
        Step::make(["items", id]),
        Step::put(["items", id, "at"], now_ms),
        Step::put(["items", id, "kind"], code),
        Step::put(["items", id, "t"], happened.to_string()),
    ];
    let kept = values.iter().filter(|(_, value)| !is_blank(value));
    steps.extend(kept.map(|(field, value)| Step::put(["items", id, field], value.to_scalar())));
    Ok(EditScript { document: log_document(now_ms), intent: "log.add".to_owned(), steps })
}

/// Brings an entry to `happened` and `values`: only what differs is written, so that edits of other fields by others
/// stay. A field of the kind that is not in `values` is emptied. None when nothing differs.
pub fn edit(
    entry: &LogEntry,
    happened: Happened,
    values: &Values,
    now_ms: u64,
) -> Result<Option<EditScript>, Vec<FieldFault>> {
    check(&entry.kind, values)?;
    let id = entry.id.item.as_str();
    let mut steps = Vec::new();
    if happened != entry.happened {
        steps.push(Step::put(["items", id, "t"], happened.to_string()));
    }
    for field in entry.spec().map(|kind| kind.fields).unwrap_or_default() {
        let path = ["items", id, field.id];
        let before = entry.values.get(field.id);
        match values.get(field.id).filter(|value| !is_blank(value)) {
            Some(value) if before != Some(value) => {
                // Without the delete, writing the very value that is ignored would change nothing.
                steps.extend(
                    entry.ignored.iter().any(|ignored| ignored == field.id).then(|| Step::delete(path)),
                );
                steps.push(Step::put(path, value.to_scalar()));
            }
            None if before.is_some() => steps.push(Step::delete(path)),
            _ => {}
        }
    }
    Ok((!steps.is_empty()).then(|| script(&entry.id, "log.edit", steps, now_ms)))
}

/// Takes an entry out of the lists. It stays, and can be brought back.
pub fn archive(id: &ItemId, now_ms: u64) -> EditScript {
    script(id, "log.archive", flag(["items", &id.item, "arch"], true), now_ms)
}

/// Brings an archived entry back.
pub fn restore(id: &ItemId, now_ms: u64) -> EditScript {
    script(id, "log.restore", flag(["items", &id.item, "arch"], false), now_ms)
}

/// Settles a contested field on version `index` of its versions; none when there is no such version.
pub fn choose(entry: &LogEntry, field: &str, index: usize, now_ms: u64) -> Option<EditScript> {
    let contested = entry.contested.iter().find(|contested| contested.field == field)?;
    let value: Scalar = contested.versions.get(index)?.value.to_scalar();
    let steps = vec![Step::put(["items", &entry.id.item, field], value)];
    Some(script(&entry.id, "log.choose", steps, now_ms))
}

fn script(id: &ItemId, intent: &str, mut steps: Vec<Step>, now_ms: u64) -> EditScript {
    steps.insert(0, Step::put(["items", &id.item, "at"], now_ms));
    EditScript { document: id.document.clone(), intent: intent.to_owned(), steps }
}

fn check(code: &str, values: &Values) -> Result<(), Vec<FieldFault>> {
    let Some(kind) = kind(code) else {
        return Err(vec![FieldFault { field: "kind".to_owned(), fault: Fault::NotAChoice }]);
    };
    let mut faults = Vec::new();
    for field in kind.fields {
        let checked = match values.get(field.id) {
            Some(value) => value.check(field),
            None if field.required => Err(Fault::Missing),
            None => Ok(()),
        };
        faults.extend(checked.err().map(|fault| FieldFault { field: field.id.to_owned(), fault }));
    }
    for field in values.keys().filter(|id| kind.field(id).is_none()) {
        faults.push(FieldFault { field: field.clone(), fault: Fault::NoSuchField });
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        Value::Choices(codes) => codes.is_empty(),
        _ => false,
    }
}
