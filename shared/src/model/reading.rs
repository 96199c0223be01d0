//! What a stored row says, read once: every view asks for the same entries again, and reading one weighs who wrote each of
//! its values and what they were allowed to.

use super::roster::Roster;
use kith_domain::{LogEntry, Profile, Task};
use kith_protocol::MemberNumber;
use kith_replica::StoredRow;
use std::sync::OnceLock;

/// Who is who, and who reads: all that a reading depends on besides the row itself.
#[derive(Default)]
pub struct Reader {
    roster: Roster,
    me: Option<MemberNumber>,
}

impl Reader {
    /// Whether anything is different from now on.
    pub fn change(&mut self, roster: Roster, me: Option<MemberNumber>) -> bool {
        let changed = !self.roster.is_same(&roster) || self.me != me;
        if changed {
            *self = Self { roster, me };
        }
        changed
    }
}

/// A row's reading, made when it is first asked for. Without the item's history: who has that reads for themselves.
#[derive(Default)]
pub struct Read {
    entry: OnceLock<Option<Box<LogEntry>>>,
    task: OnceLock<Option<Box<Task>>>,
    profile: OnceLock<Box<Profile>>,
}

impl Read {
    pub fn entry(&self, row: &StoredRow, reader: &Reader) -> Option<&LogEntry> {
        let read = || LogEntry::read(&row.document, &row.item, &reader.roster, &[]).map(Box::new);
        self.entry.get_or_init(read).as_deref()
    }

    pub fn task(&self, row: &StoredRow, reader: &Reader) -> Option<&Task> {
        let read = || Task::read(&row.document, &row.item, &reader.roster, &[], reader.me?.0).map(Box::new);
        self.task.get_or_init(read).as_deref()
    }

    pub fn profile(&self, row: &StoredRow, reader: &Reader) -> &Profile {
        self.profile.get_or_init(|| Box::new(Profile::read(&row.item, &reader.roster, &[])))
    }
}
