//! The app's own questions to storage, and what their answers are for.

use super::{
    dispatch::Commands,
    membership::Opened,
    rows::{PAGE, WINDOW},
    state::{Blocked, Model},
};
use crate::{
    effects::{StorageFault, StorageOperation, StorageOutput, StoredPair},
    event::{Asker, Event, StorageAnswered},
};
use crux_core::Command;
use kith_domain::{ItemId, own};
use kith_replica::{DrawerEntry, Input, Keys, ReplicaId, StoredEdit, StoredRow};
use std::collections::BTreeMap;

/// What the app asked storage for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    Settings,
    Rows {
        replica: String,
        list: &'static str,
        limit: u32,
        opening: bool,
    },
    History {
        replica: String,
        item: String,
    },
    Drawer {
        replica: String,
    },
    Draft {
        form: String,
    },
    /// A page of what is cleared from this device, found or deleted.
    Erase {
        replica: String,
        prefix: Vec<u8>,
    },
    /// A write whose success changes nothing.
    Wrote,
}

/// The lists that are read when a circle is opened, with how many rows at first. The log grows window by window.
const LISTS: [(&str, u32); 6] =
    [("profile", 8), ("people", PAGE), ("self", 8), ("task", PAGE), ("dose", WINDOW), ("log", WINDOW)];

impl Model {
    pub(super) fn ask(&mut self, question: Question, operation: StorageOperation) -> Commands {
        let serial = self.next_question;
        self.next_question += 1;
        self.questions.insert(serial, question);
        vec![Command::request_from_shell(operation).then_send(move |output| {
            Event::StorageAnswered(Box::new(StorageAnswered { to: Asker::App(serial), output }))
        })]
    }

    pub(super) fn question_answered(&mut self, serial: u64, output: StorageOutput) -> Commands {
        let Some(question) = self.questions.remove(&serial) else { return Commands::new() };
        if let StorageOutput::Failed(fault) = output {
            return self.question_failed(&question, fault);
        }
        match question {
            Question::Settings => self.settings_read(first_value(output).as_deref()),
            Question::Rows { replica, list, limit, opening } => {
                self.rows_read(&replica, list, limit, opening, output)
            }
            Question::History { replica, item } => {
                let mut edits: Vec<StoredEdit> = decode_all(output).map(|(_, edit)| edit).collect();
                edits.reverse();
                if let Some(membership) = self.memberships.get_mut(&replica) {
                    membership.history = Some((item, edits));
                }
                Commands::new()
            }
            Question::Drawer { replica } => {
                let entries = decode_all::<DrawerEntry>(output)
                    .filter_map(|(key, entry)| Some((kith_replica::keys::last_number(&key)?, entry)));
                // That somebody has looked, the app has noted by itself: nobody misses it.
                let (quiet, drawer): (BTreeMap<_, _>, _) =
                    entries.partition(|(_, entry): &(u64, DrawerEntry)| entry.script.intent == own::LOOKED);
                if let Some(membership) = self.memberships.get_mut(&replica) {
                    membership.drawer = drawer;
                }
                quiet.into_keys().flat_map(|drawer| self.tell(&replica, Input::Discard { drawer })).collect()
            }
            Question::Draft { form } => {
                self.draft_read(&form, first_value(output).as_deref());
                Commands::new()
            }
            Question::Erase { replica, prefix } => self.erasing(&replica, prefix, output),
            Question::Wrote => Commands::new(),
        }
    }

    fn question_failed(&mut self, question: &Question, fault: StorageFault) -> Commands {
        if *question == Question::Settings || fault == StorageFault::NotOwner {
            let owner = fault == StorageFault::NotOwner;
            self.blocked = Some(if owner { Blocked::TakenOver } else { Blocked::StorageRefused });
        } else if fault == StorageFault::Full {
            self.say(crate::view::Tone::Brick, "triangle-alert", self.text.get("storage-full"));
        }
        match question {
            Question::Rows { replica, opening: true, .. } => self.one_list_read(replica),
            _ => Commands::new(),
        }
    }

    fn rows_read(
        &mut self,
        replica: &str,
        list: &'static str,
        limit: u32,
        opening: bool,
        output: StorageOutput,
    ) -> Commands {
        let Some(membership) = self.memberships.get_mut(replica) else { return Commands::new() };
        let prefix = keys(replica).map(|keys| keys.list(list).len()).unwrap_or_default();
        let page: Vec<(Vec<u8>, StoredRow)> = decode_all::<StoredRow>(output)
            .filter_map(|(key, row)| Some((key.get(prefix..)?.to_vec(), row)))
            .collect();
        let full = page.len() >= limit as usize;
        membership.rows.take_page(list, page, full);
        let mut commands = if opening { self.one_list_read(replica) } else { Commands::new() };
        if list == "log" {
            commands.extend(self.fill_log_window());
        }
        // Short lists are read to their end.
        if full && list != "log" {
            commands.extend(self.ask_rows(replica, list, PAGE, false));
        }
        commands
    }

    fn one_list_read(&mut self, replica: &str) -> Commands {
        let Some(membership) = self.memberships.get_mut(replica) else { return Commands::new() };
        let before = membership.opened;
        membership.opened = match membership.opened {
            Opened::Reading(n) if n > 1 => Opened::Reading(n - 1),
            Opened::Reading(_) => Opened::Open,
            other => other,
        };
        if membership.opened == Opened::Open && before != Opened::Open {
            return self.rows_ready(replica);
        }
        Commands::new()
    }

    /// The next page of a list, after what is loaded.
    pub(super) fn ask_rows(
        &mut self,
        replica: &str,
        list: &'static str,
        limit: u32,
        opening: bool,
    ) -> Commands {
        let Some(keys) = keys(replica) else { return Commands::new() };
        let Some(membership) = self.memberships.get(replica) else { return Commands::new() };
        let prefix = keys.list(list);
        let after = membership.rows.last_key(list).map(|key| [prefix.as_slice(), &key].concat());
        let question = Question::Rows { replica: replica.to_owned(), list, limit, opening };
        self.ask(question, StorageOperation::Scan { prefix, after, limit })
    }

    /// Reads every list anew.
    pub(super) fn reload_rows(&mut self, replica: &str) -> Commands {
        let Some(membership) = self.memberships.get_mut(replica) else { return Commands::new() };
        membership.rows.forget();
        membership.opened = Opened::Reading(u32::try_from(LISTS.len()).unwrap_or(0));
        LISTS.iter().flat_map(|(list, limit)| self.ask_rows(replica, list, *limit, true)).collect()
    }

    pub(super) fn ask_history(&mut self, id: &ItemId) -> Commands {
        let Some(replica) = self.current.clone() else { return Commands::new() };
        let Some(keys) = keys(&replica) else { return Commands::new() };
        let prefix = keys.history(&id.document, &id.item);
        self.ask(
            Question::History { replica, item: id.to_string() },
            StorageOperation::Scan { prefix, after: None, limit: PAGE },
        )
    }

    pub(super) fn ask_drawer(&mut self, replica: &str) -> Commands {
        let Some(keys) = keys(replica) else { return Commands::new() };
        self.ask(
            Question::Drawer { replica: replica.to_owned() },
            StorageOperation::Scan { prefix: keys.drawers(), after: None, limit: PAGE },
        )
    }

    pub(super) fn store(&mut self, puts: Vec<(Vec<u8>, Vec<u8>)>, deletes: Vec<Vec<u8>>) -> Commands {
        let puts = puts.into_iter().map(|(key, value)| StoredPair { key, value }).collect();
        self.ask(Question::Wrote, StorageOperation::Write { puts, deletes })
    }
}

pub(super) fn keys(replica: &str) -> Option<Keys> {
    ReplicaId::new(replica).map(|id| Keys::new(&id))
}

fn first_value(output: StorageOutput) -> Option<Vec<u8>> {
    match output {
        StorageOutput::Values(values) => values.into_iter().next()?.value,
        _ => None,
    }
}

/// What can be read of a scan; a value of a newer app is passed over, not lost.
fn decode_all<T: for<'b> minicbor::Decode<'b, ()>>(
    output: StorageOutput,
) -> impl Iterator<Item = (Vec<u8>, T)> {
    let pairs = match output {
        StorageOutput::Pairs(pairs) => pairs,
        _ => Vec::new(),
    };
    pairs.into_iter().filter_map(|pair| Some((pair.key, minicbor::decode(&pair.value).ok()?)))
}
