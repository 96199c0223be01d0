//! "Since you last looked": what others wrote since a moment, counted.

use std::collections::BTreeMap;

use crate::{LogEntry, Member};

/// What is new in the log to one member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Since {
    /// New entries, of all kinds.
    pub new: u32,
    /// Older entries that others changed.
    pub changed: u32,
    /// New entries by the kind's code.
    pub by_kind: BTreeMap<String, u32>,
    /// New entries by who wrote them.
    pub by_member: BTreeMap<Member, u32>,
}

/// Counts what others wrote after `looked_ms` (Unix milliseconds), by when it was written, not by when it happened:
/// an entry about yesterday is news too. Archived entries are not counted.
pub fn since<'a>(entries: impl IntoIterator<Item = &'a LogEntry>, looked_ms: u64, me: Member) -> Since {
    let mut since = Since::default();
    for entry in entries.into_iter().filter(|entry| !entry.archived) {
        if entry.written_ms > looked_ms {
            if entry.author == Some(me) {
                continue;
            }
            since.new += 1;
            *since.by_kind.entry(entry.kind.clone()).or_default() += 1;
            if let Some(author) = entry.author {
                *since.by_member.entry(author).or_default() += 1;
            }
        } else if entry.changed_ms > looked_ms && entry.changed_by != Some(me) {
            since.changed += 1;
        }
    }
    since
}
