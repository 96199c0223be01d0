//! Tasks: adding, claiming, handing over, done.

use super::{
    dispatch::Commands,
    forms::{FormState, FormSubject},
    membership::Membership,
    state::Model,
    write::AfterKept,
};
use crate::event::{FieldValue, Moment, Route};
use kith_document::{DocumentName, EditScript, Item};
use kith_domain::{
    Due, ItemId, LIST_LOG, LIST_PEOPLE, LIST_PROFILE, LIST_SELF, LIST_TASKS, Profile, Task,
    log::Fault,
    task::{self, DraftFault, TaskDraft},
};
use std::collections::BTreeMap;

impl Model {
    pub(super) fn keep_task(&mut self, id: Option<&str>) -> Commands {
        let Some(draft) = self.read_task_form() else { return Commands::new() };
        let existing = id.and_then(|id| self.membership()?.task(id));
        let fresh = self.new_item_id();
        let script = match &existing {
            Some(task) => task::edit(task, &draft, self.now_ms),
            None => task::add(&fresh, &draft, self.now_ms).map(Some),
        };
        match script {
            Ok(Some(script)) => {
                let key = if existing.is_some() { "kept-changed" } else { "kept-task" };
                let said = self.text.with(key, &[("what", draft.title.trim().into())]);
                self.write_and_leave(script, said)
            }
            Ok(None) => {
                let mut commands = self.drop_draft();
                commands.extend(self.go_back());
                commands
            }
            Err(faults) => self.say_task_faults(faults),
        }
    }

    fn say_task_faults(&mut self, faults: Vec<DraftFault>) -> Commands {
        for fault in faults {
            let said = match fault.fault {
                Fault::Missing => self.text.get("required-missing"),
                Fault::TooLong => self.text.get("fault-long"),
                Fault::OutOfRange => {
                    let max = task::MAX_SLOTS;
                    self.text.with("fault-number", &[("min", 1_i64.into()), ("max", max.into())])
                }
                _ => self.text.get("fault-choose"),
            };
            self.set_fault(fault.field, said);
        }
        Commands::new()
    }

    fn read_task_form(&mut self) -> Option<TaskDraft> {
        let form = self.form.as_ref()?;
        let slots = match form.value("slots") {
            FieldValue::Number(number) => u32::try_from(*number).unwrap_or(0),
            _ => 1,
        };
        let due = match form.value("when") {
            FieldValue::Moment(Moment::Local(local)) => Due::parse(local),
            FieldValue::Moment(Moment::Day(day)) => Due::parse(day),
            _ => Some(Due::None),
        };
        let draft = TaskDraft {
            kind: form.choice("kind").unwrap_or_else(|| "other".into()),
            title: form.text("title"),
            due: due.unwrap_or_default(),
            place: form.text("place"),
            note: form.text("note"),
            slots,
        };
        if due.is_none() {
            let said = self.text.get("fault-time");
            self.set_fault("when", said);
            return None;
        }
        Some(draft)
    }

    pub(super) fn fill_task_form(&self, form: &mut FormState) {
        let FormSubject::Task { id } = form.subject.clone() else { return };
        let existing = id.and_then(|id| self.membership()?.task(&id));
        let Some(task) = existing else {
            let kind = match self.place.top() {
                Route::TaskForm { kind: Some(kind), .. } => kind.clone(),
                _ => String::new(),
            };
            if kith_domain::task_kind(&kind).is_some() {
                form.set("title", FieldValue::Text(self.text.get(&format!("suggest-{kind}"))));
                form.set("kind", FieldValue::Chosen(vec![kind]));
            }
            form.set("slots", FieldValue::Number(1));
            return;
        };
        form.set("title", FieldValue::Text(task.title));
        form.set("kind", FieldValue::Chosen(vec![task.kind]));
        form.set("place", FieldValue::Text(task.place));
        form.set("note", FieldValue::Text(task.note));
        form.set("slots", FieldValue::Number(i64::from(task.slots)));
        match task.due {
            Due::None => {}
            Due::At { from, .. } => {
                let local = from.format("%Y-%m-%dT%H:%M").to_string();
                form.set("when", FieldValue::Moment(Moment::Local(local)));
            }
            Due::Day(day) | Due::Before(day) => {
                form.set("when", FieldValue::Moment(Moment::Day(day.to_string())));
            }
        }
    }

    /// Takes a task; where a place was offered, that place.
    pub(super) fn claim(&mut self, id: &str) -> Commands {
        let claim = self.new_item_id();
        self.on_task(id, "kept-claimed", |task, _, now_ms| {
            Some(match &task.offer {
                Some(offer) => task::accept(&task.id, &offer.id, &claim, now_ms),
                None => task::claim(&task.id, &claim, now_ms),
            })
        })
    }

    pub(super) fn stand_down(&mut self, id: &str) -> Commands {
        self.on_task(id, "kept-stood-down", task::stand_down)
    }

    pub(super) fn set_done(&mut self, id: &str, done: bool) -> Commands {
        let key = if done { "kept-done" } else { "kept-reopened" };
        self.on_task(id, key, |task, _, now_ms| {
            Some(if done { task::done(&task.id, now_ms) } else { task::reopen(&task.id, now_ms) })
        })
    }

    pub(super) fn hand_over(&mut self, id: &str, to: u32) -> Commands {
        let offer = self.new_item_id();
        let script = self.membership().and_then(|membership| {
            task::hand_over(&membership.task(id)?, membership.me()?.0, to, &offer, self.now_ms)
        });
        let Some(script) = script else { return Commands::new() };
        let who = self.membership().map(|membership| membership.name_of(to)).unwrap_or_default();
        let said = self.text.with("kept-offered-to", &[("who", (&who).into())]);
        self.write_and_leave(script, said)
    }

    fn on_task(
        &mut self,
        id: &str,
        key: &str,
        edit: impl FnOnce(&Task, u32, u64) -> Option<EditScript>,
    ) -> Commands {
        let Some((membership, task)) = self.membership().and_then(|it| Some((it, it.task(id)?))) else {
            return Commands::new();
        };
        let Some(me) = membership.me() else { return Commands::new() };
        let Some(script) = edit(&task, me.0, self.now_ms) else { return Commands::new() };
        let said = self.text.with(key, &[("what", (&task.title).into())]);
        let undo = self.undo_of(&script);
        self.write_here(script, AfterKept { said, undo, ..AfterKept::default() })
    }

    /// "Since you last looked" was read: the next one begins now.
    pub(super) fn looked_at_since(&mut self) -> Commands {
        let now_ms = self.now_ms;
        let Some(me) = self.membership().and_then(Membership::me) else { return Commands::new() };
        if let Some(membership) = self.membership_mut() {
            membership.looked_from = Some(now_ms);
        }
        let script = kith_domain::own::looked(me.0, now_ms);
        let mut commands =
            self.current.clone().map_or_else(Commands::new, |id| self.write_quietly(&id, script));
        commands.extend(self.go(Route::Log));
        commands
    }
}

impl Membership {
    pub(crate) fn task(&self, id: &str) -> Option<Task> {
        let id = ItemId::parse(id).ok()?;
        let row = self.rows.find(LIST_TASKS, &id.item)?;
        Task::read(&row.document, &row.item, &self.roster(), &self.history_of(&id.item), self.me()?.0)
    }

    /// Every task in memory: the open ones by when they are due, then the done ones, the last first.
    pub(crate) fn tasks(&self) -> Vec<&Task> {
        self.rows.tasks(LIST_TASKS).collect()
    }

    pub(crate) fn profile(&self) -> Profile {
        self.rows.profile(LIST_PROFILE).cloned().unwrap_or_default()
    }

    /// The members' names: what each wrote of themselves, else the name they joined under.
    pub(super) fn learn_names(&mut self) {
        let joined = self.replica.join_names().into_iter().map(|(member, name)| (member.0, name));
        let mut names: BTreeMap<u32, String> = joined.collect();
        if let Some((_, row)) = self.rows.of(LIST_PEOPLE).next() {
            names.extend(kith_domain::people::names(&row.item, &self.roster(), &[]));
        }
        self.names = names;
    }

    pub(crate) fn name_of(&self, member: u32) -> String {
        self.names.get(&member).cloned().unwrap_or_default()
    }

    /// Members who are in now, with their names.
    pub(crate) fn people(&self) -> Vec<(u32, String)> {
        let Some(access) = self.replica.access() else { return Vec::new() };
        let inside = access.members().filter(|member| member.role().is_some());
        inside.map(|member| (member.number.0, self.name_of(member.number.0))).collect()
    }

    /// One's own name stands in the circle, written by oneself.
    pub(super) fn stands_by_name(&self) -> bool {
        let Some((me, (_, row))) = self.me().zip(self.rows.of(LIST_PEOPLE).next()) else { return false };
        kith_domain::people::names(&row.item, &self.roster(), &[]).contains_key(&me.0)
    }

    pub(crate) fn last_looked(&self) -> Option<u64> {
        let (_, row) = self.rows.of(LIST_SELF).next()?;
        kith_domain::own::last_looked(&row.item)
    }

    /// An item in memory as it stands.
    pub(crate) fn item(&self, document: &DocumentName, id: &str) -> Option<Item> {
        let lists = [LIST_LOG, LIST_TASKS, LIST_PEOPLE, LIST_PROFILE, LIST_SELF];
        let rows = lists.into_iter().flat_map(|list| self.rows.of(list));
        rows.map(|(_, row)| row)
            .find(|row| row.document == *document && row.item.id == id)
            .map(|row| row.item.clone())
    }
}
