//! The log: keeping, editing, putting away, and which part of it is on the screen.

use super::{
    dispatch::Commands,
    forms::FormState,
    membership::Membership,
    rows::WINDOW,
    state::Model,
    values::{from_form, happened_to_form, to_form, when},
    write::AfterKept,
};
use crate::event::{Action, FieldValue, Moment, Route};
use kith_document::EditScript;
use kith_domain::{FieldSpec, Happened, ItemId, LIST_LOG, LogEntry, WhenError, log, log::Fault};
use rand_core::Rng;

/// The form's field for when it happened; no kind has a field of this name.
pub const WHEN: &str = "when";

impl Model {
    pub(super) fn new_item_id(&mut self) -> String {
        let mut random = [0; 16];
        self.rng.fill_bytes(&mut random);
        kith_domain::new_id(random)
    }

    /// One tap: kept with its default, now; a kind that needs more opens its form.
    pub(super) fn quick_log(&mut self, code: &str) -> Commands {
        let Some(kind) = kith_domain::kind(code) else { return Commands::new() };
        if !kind.quick {
            self.leave_screen();
            self.place.replace(Route::LogForm { kind: code.to_owned(), id: None });
            return self.open_form();
        }
        let id = self.new_item_id();
        let Ok((happened, _)) = when(&FieldValue::Empty, self.now_ms, self.zone()) else {
            return Commands::new();
        };
        let Ok(script) = log::add(&id, code, happened, &log::defaults(code), self.now_ms) else {
            return Commands::new();
        };
        self.leave_screen();
        self.place.back();
        let details = Route::LogForm {
            kind: code.to_owned(),
            id: Some(ItemId::new(&script.document, &id).to_string()),
        };
        self.write_new_entry(script, &id, happened, code, Some(Action::Open(details)), None)
    }

    fn write_new_entry(
        &mut self,
        script: EditScript,
        id: &str,
        happened: Happened,
        code: &str,
        details: Option<Action>,
        form: Option<Box<(Route, FormState)>>,
    ) -> Commands {
        let item = ItemId::new(&script.document, id);
        let undo = Some(log::archive(&item, self.now_ms));
        let preview = crate::view::entry_of_script(&script, item, code, happened);
        let what = crate::view::entry_title(self, &preview);
        let said = self.text.with("kept", &[("what", (&what).into())]);
        self.write_here(script, AfterKept { said, undo, details, form })
    }

    pub(super) fn keep_log_entry(&mut self, code: &str, id: Option<&str>) -> Commands {
        let existing = id.and_then(|id| self.membership()?.entry(id));
        let Some((happened, values)) = self.read_log_form(code, existing.as_ref()) else {
            return Commands::new();
        };
        let fresh = self.new_item_id();
        let script = match &existing {
            Some(entry) => log::edit(entry, happened, &values, self.now_ms),
            None => log::add(&fresh, code, happened, &values, self.now_ms).map(Some),
        };
        let script = match script {
            Ok(Some(script)) => script,
            Ok(None) => return self.nothing_to_keep(),
            Err(faults) => {
                for fault in faults {
                    let said = self.fault_text(code, &fault.field, fault.fault);
                    self.set_fault(&fault.field, said);
                }
                return Commands::new();
            }
        };
        if let Some(entry) = existing {
            let what = crate::view::entry_title(self, &entry);
            let said = self.text.with("kept-changed", &[("what", (&what).into())]);
            return self.write_and_leave(script, said);
        }
        let form = self.take_form();
        self.leave_screen();
        self.place.open(Route::Log);
        let mut commands = self.arrive();
        commands.extend(self.write_new_entry(script, &fresh, happened, code, None, form));
        commands
    }

    fn nothing_to_keep(&mut self) -> Commands {
        let mut commands = self.drop_draft();
        commands.extend(self.go_back());
        commands
    }

    fn read_log_form(&mut self, code: &str, existing: Option<&LogEntry>) -> Option<(Happened, log::Values)> {
        let kind = kith_domain::kind(code)?;
        let form = self.form.clone()?;
        let (now_ms, zone) = (self.now_ms, self.zone());
        let mut values = log::Values::new();
        for spec in kind.fields {
            match from_form(spec, form.value(spec.id), now_ms, zone) {
                Ok(Some(value)) => drop(values.insert(spec.id.to_owned(), value)),
                Ok(None) => {}
                Err(error) => {
                    let said = self.when_text(&error);
                    self.set_fault(spec.id, said);
                    return None;
                }
            }
        }
        // A form shows minutes; a time that was not touched keeps its seconds.
        if let Some(entry) = existing.filter(|entry| *form.value(WHEN) == happened_to_form(entry.happened)) {
            return Some((entry.happened, values));
        }
        match when(form.value(WHEN), now_ms, zone) {
            Ok((happened, note)) => {
                if let Some(note) = note {
                    let key = match note {
                        kith_domain::ClockNote::Skipped => "time-skipped",
                        kith_domain::ClockNote::CameTwice => "time-twice",
                    };
                    self.say(crate::view::Tone::Amber, "clock", self.text.get(key));
                }
                Some((happened, values))
            }
            Err(error) => {
                let said = self.when_text(&error);
                self.set_fault(WHEN, said);
                None
            }
        }
    }

    pub(super) fn fill_log_form(&self, form: &mut FormState) {
        let super::FormSubject::LogEntry { kind, id } = form.subject.clone() else { return };
        let Some(spec) = kith_domain::kind(&kind) else { return };
        let existing = id.and_then(|id| self.membership()?.entry(&id));
        let values = existing.as_ref().map_or_else(|| log::defaults(&kind), |entry| entry.values.clone());
        for field in spec.fields {
            if let Some(value) = values.get(field.id) {
                form.set(field.id, to_form(field, value));
            }
        }
        let moment =
            existing.map_or(FieldValue::Moment(Moment::Now), |entry| happened_to_form(entry.happened));
        form.set(WHEN, moment);
    }

    fn when_text(&self, error: &WhenError) -> String {
        self.text.get(match error {
            WhenError::Future => "fault-future",
            WhenError::Unreadable => "fault-time",
        })
    }

    fn fault_text(&self, code: &str, field: &str, fault: Fault) -> String {
        let spec: Option<&FieldSpec> = kith_domain::kind(code).and_then(|kind| kind.field(field));
        match (fault, spec.map(|spec| spec.kind)) {
            (Fault::Missing, _) => self.text.get("required-missing"),
            (Fault::TooLong, _) => self.text.get("fault-long"),
            (Fault::OutOfRange, Some(kith_domain::FieldKind::Number { min, max, .. })) => {
                self.text.with("fault-number", &[("min", min.into()), ("max", max.into())])
            }
            (Fault::OutOfRange, Some(kith_domain::FieldKind::Duration { max })) => {
                self.text.with("fault-number", &[("min", 0_i64.into()), ("max", max.into())])
            }
            _ => self.text.get("fault-choose"),
        }
    }

    /// Puts an entry or a task away, or brings it back.
    pub(super) fn archive(&mut self, id: &str, away: bool) -> Commands {
        let Ok(item) = ItemId::parse(id) else { return Commands::new() };
        let Some(membership) = self.membership() else { return Commands::new() };
        let (what, script) = if let Some(entry) = membership.entry(id) {
            let script =
                if away { log::archive(&item, self.now_ms) } else { log::restore(&item, self.now_ms) };
            (crate::view::entry_title(self, &entry), script)
        } else if let Some(task) = membership.task(id) {
            let script = if away {
                kith_domain::task::archive(&item, self.now_ms)
            } else {
                kith_domain::task::restore(&item, self.now_ms)
            };
            (task.title, script)
        } else {
            return Commands::new();
        };
        let key = if away { "kept-archived" } else { "kept-restored" };
        let said = self.text.with(key, &[("what", (&what).into())]);
        if away {
            return self.write_and_leave(script, said);
        }
        let undo = self.undo_of(&script);
        self.write_here(script, AfterKept { said, undo, ..AfterKept::default() })
    }

    pub(super) fn choose_version(&mut self, id: &str, field: &str, index: u32) -> Commands {
        let Some(membership) = self.membership() else { return Commands::new() };
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let script = match (membership.entry(id), membership.task(id)) {
            (Some(entry), _) => log::choose(&entry, field, index, self.now_ms),
            (_, Some(task)) => kith_domain::task::choose(&task, field, index, self.now_ms),
            _ => None,
        };
        let Some(script) = script else { return Commands::new() };
        let undo = self.undo_of(&script);
        let said = self.text.get("kept-chosen");
        self.write_here(script, AfterKept { said, undo, ..AfterKept::default() })
    }

    pub(super) fn filter_log(&mut self, kind: String) -> Commands {
        self.lists.log_kind = kind;
        self.lists.windows = 1;
        self.fill_log_window()
    }

    pub(super) fn show_more(&mut self) -> Commands {
        self.lists.windows += 1;
        self.fill_log_window()
    }

    /// Reads on until the window is full of what was asked for, or the log ends.
    pub(super) fn fill_log_window(&mut self) -> Commands {
        if *self.place.top() != Route::Log {
            return Commands::new();
        }
        let Some((membership, id)) = self.membership().zip(self.current.clone()) else {
            return Commands::new();
        };
        let wanted = usize::try_from(self.lists.windows.max(1) * WINDOW).unwrap_or(usize::MAX);
        let shown = crate::view::matching_entries(self, membership).take(wanted + 1).count();
        let asked = self.questions.values().any(|question| {
            matches!(question, super::asking::Question::Rows { list: LIST_LOG, replica, .. } if *replica == id)
        });
        if shown > wanted || membership.rows.is_complete(LIST_LOG) || asked || !self.is_open() {
            return Commands::new();
        }
        self.ask_rows(&id, LIST_LOG, super::rows::PAGE, false)
    }

    pub(super) fn open_history(&mut self, id: &str) -> Commands {
        match ItemId::parse(id) {
            Ok(item) => self.ask_history(&item),
            Err(_) => Commands::new(),
        }
    }
}

impl Membership {
    /// An entry of the log by its id, if its row is in memory.
    pub(crate) fn entry(&self, id: &str) -> Option<LogEntry> {
        let id = ItemId::parse(id).ok()?;
        let row = self.rows.find(LIST_LOG, &id.item)?;
        LogEntry::read(&row.document, &row.item, &self.roster(), &self.history_of(&id.item))
    }
}
