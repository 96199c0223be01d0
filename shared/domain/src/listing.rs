//! In which lists an item stands and under which key, so that a screen reads its rows and nothing else.
//!
//! Rows know nothing of rights: archived entries stay in their lists, and a done that does not count moves a task to
//! the done ones. What counts is what `LogEntry` and `Task` say (ADR 0054).

use kith_document::{DocumentName, Item, Scalar};
use kith_replica::{Listing, RowKey};

use crate::lawful::{stamp, unsigned};
use crate::{Due, Happened};

/// Log entries, newest first.
pub const LIST_LOG: &str = "log";
/// As-needed doses, newest first; they stand in the log too.
pub const LIST_DOSES: &str = "dose";
/// Tasks: keys that begin with `o` are open, by when they are due; with `x` done, the last done first.
pub const LIST_TASKS: &str = "task";
/// The `meta` map of `commons/people`, one row.
pub const LIST_PEOPLE: &str = "people";
/// The `meta` map of `commons/profile`, one row.
pub const LIST_PROFILE: &str = "profile";
/// The `meta` map of `private/<member>/self`, one row.
pub const LIST_SELF: &str = "self";

/// The rows of an item: a list and a key that sorts bytewise and is unique in its list. Empty when it is in none.
pub fn rows(document: &DocumentName, item: &Item) -> Vec<(&'static str, Vec<u8>)> {
    let name = document.as_str();
    let only = |list| if item.id == "meta" { vec![(list, b"meta".to_vec())] } else { Vec::new() };
    match name {
        "commons/people" => only(LIST_PEOPLE),
        "commons/profile" => only(LIST_PROFILE),
        _ if name.starts_with("private/") && name.ends_with("/self") => only(LIST_SELF),
        _ if name.starts_with("care/log-") => {
            let Some(key) = log_key(name, item) else { return Vec::new() };
            let is_dose = item.value("kind").and_then(Scalar::as_text) == Some("dose");
            let lists = [Some(LIST_LOG), is_dose.then_some(LIST_DOSES)];
            lists.into_iter().flatten().map(|list| (list, key.clone())).collect()
        }
        _ if name.starts_with("commons/tasks-") => {
            task_key(name, item).map(|key| (LIST_TASKS, key)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// [`rows`], as the engine asks for them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lists;

impl Listing for Lists {
    fn rows(&self, document: &DocumentName, item: &Item) -> Vec<RowKey> {
        rows(document, item).into_iter().map(|(list, key)| RowKey { list: list.to_owned(), key }).collect()
    }
}

/// Eight bytes that sort the latest instant first, then the document and the id.
fn log_key(document: &str, item: &Item) -> Option<Vec<u8>> {
    let happened = Happened::parse(item.value("t")?.as_text()?)?;
    let mut key = newest_first(happened.instant_ms()).to_vec();
    key.extend_from_slice(unique(document, item).as_bytes());
    Some(key)
}

fn task_key(document: &str, item: &Item) -> Option<Vec<u8>> {
    item.value("title")?;
    let last_word = item.fields.get("done").and_then(|versions| versions.first());
    let mut key = if let Some(done) = last_word.filter(|done| done.value == Scalar::Bool(true)) {
        let at = stamp(&done.source).or_else(|| item.value("at").and_then(unsigned)).unwrap_or_default();
        let mut key = b"x".to_vec();
        key.extend_from_slice(&newest_first(i64::try_from(at).unwrap_or(i64::MAX)));
        key
    } else {
        let due = item.value("when").and_then(Scalar::as_text).and_then(Due::parse).unwrap_or_default();
        format!("o{} ", due.sort_text()).into_bytes()
    };
    key.extend_from_slice(unique(document, item).as_bytes());
    Some(key)
}

fn newest_first(instant_ms: i64) -> [u8; 8] {
    // Flipping the sign bit makes signed numbers sort as bytes; inverting all turns the order round.
    (!(instant_ms.cast_unsigned() ^ (1 << 63))).to_be_bytes()
}

/// Ids are unique in a document only.
fn unique(document: &str, item: &Item) -> String {
    format!("{}.{}", document.rsplit('-').next().unwrap_or_default(), item.id)
}
