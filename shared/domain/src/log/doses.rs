//! As-needed doses: what was given last, and which entries might be the same dose written twice. Nothing here says
//! what to give.

use std::collections::BTreeMap;

use crate::{Happened, ItemId, LogEntry, Value};

/// The last time a medicine was given, as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDose {
    pub entry: ItemId,
    pub medicine: String,
    /// As it was typed.
    pub dose: Option<String>,
    pub happened: Happened,
    /// Who gave it, when that was said; otherwise who wrote it.
    pub by: Option<Value>,
    pub before: Option<u8>,
    pub after: Option<u8>,
}

/// The last dose of each medicine, latest first. Entries may come in any order.
pub fn last_doses<'a>(entries: impl IntoIterator<Item = &'a LogEntry>) -> Vec<LastDose> {
    let mut last: BTreeMap<String, &LogEntry> = BTreeMap::new();
    for entry in entries.into_iter().filter(|entry| is_dose(entry)) {
        let Some(medicine) = entry.text("medicine") else { continue };
        let known = last.entry(plain(medicine)).or_insert(entry);
        if (entry.happened, &entry.id) > (known.happened, &known.id) {
            *known = entry;
        }
    }
    let mut doses: Vec<LastDose> = last.into_values().map(told).collect();
    doses.sort_by(|a, b| b.happened.cmp(&a.happened).then_with(|| a.entry.cmp(&b.entry)));
    doses
}

/// Other people's doses of the same medicine no more than `minutes` before or after: shown to those who decide
/// whether it was one dose or two. Both are kept and counted.
pub fn nearby_doses<'a>(
    entry: &LogEntry,
    others: impl IntoIterator<Item = &'a LogEntry>,
    minutes: u32,
) -> Vec<&'a LogEntry> {
    let near = |other: &&LogEntry| {
        let apart = other.happened.instant_ms().abs_diff(entry.happened.instant_ms());
        is_dose(other)
            && other.id != entry.id
            && other.author != entry.author
            && apart <= u64::from(minutes) * 60_000
            && match (entry.text("medicine"), other.text("medicine")) {
                (Some(one), Some(other)) => same_medicine(one, other),
                _ => false,
            }
    };
    if is_dose(entry) { others.into_iter().filter(near).collect() } else { Vec::new() }
}

/// Whether two names are one but for capitals and spaces.
pub fn same_medicine(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn is_dose(entry: &LogEntry) -> bool {
    entry.kind == "dose" && !entry.archived
}

fn plain(medicine: &str) -> String {
    medicine.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn told(entry: &LogEntry) -> LastDose {
    LastDose {
        entry: entry.id.clone(),
        medicine: entry.text("medicine").unwrap_or_default().to_owned(),
        dose: entry.text("dose").map(str::to_owned),
        happened: entry.happened,
        by: entry.values.get("by").cloned().or(entry.author.map(Value::Member)),
        before: entry.score("before"),
        after: entry.score("after"),
    }
}
