//! The form on the screen: what was typed, what is wrong with it, and the draft that survives a dead phone.

use super::{asking::Question, dispatch::Commands, rules::NOBODY, state::Model};
use crate::{
    effects::StorageOperation,
    event::{FieldValue, Route},
};
use std::collections::BTreeMap;

/// What a form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormSubject {
    Start,
    Paste,
    Join,
    Invite,
    CircleSettings,
    Closing,
    Server,
    ChangeRole { member: u32 },
    RevokeDevice { device: u32 },
    KitCheck,
    Restore,
    LogEntry { kind: String, id: Option<String> },
    Task { id: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormState {
    pub subject: FormSubject,
    pub values: BTreeMap<String, FieldValue>,
    /// What was in it when it was opened.
    filled: BTreeMap<String, FieldValue>,
    /// Field to sentence.
    pub faults: BTreeMap<String, String>,
    /// Fields the person touched: a draft read late does not overwrite them.
    touched: bool,
}

impl FormState {
    pub fn new(subject: FormSubject) -> Self {
        Self {
            subject,
            values: BTreeMap::new(),
            filled: BTreeMap::new(),
            faults: BTreeMap::new(),
            touched: false,
        }
    }

    /// Its name for the shells and for its draft.
    pub fn id(&self) -> String {
        match &self.subject {
            FormSubject::Start => "start".into(),
            FormSubject::Paste => "paste".into(),
            FormSubject::Join => "join".into(),
            FormSubject::Invite => "invite".into(),
            FormSubject::CircleSettings => "circle".into(),
            FormSubject::Closing => "closing".into(),
            FormSubject::Server => "server".into(),
            FormSubject::ChangeRole { member } => format!("role-{member}"),
            FormSubject::RevokeDevice { device } => format!("revoke-{device}"),
            FormSubject::KitCheck => "kit-check".into(),
            FormSubject::Restore => "restore".into(),
            FormSubject::LogEntry { kind, id: None } => format!("log-{kind}"),
            FormSubject::LogEntry { id: Some(id), .. } => format!("log-{id}"),
            FormSubject::Task { id: None } => "task".into(),
            FormSubject::Task { id: Some(id) } => format!("task-{id}"),
        }
    }

    /// Things a person wrote at length; an invitation's link is a secret and is no draft.
    fn has_draft(&self) -> bool {
        matches!(self.subject, FormSubject::LogEntry { .. } | FormSubject::Task { .. })
    }

    pub fn value(&self, field: &str) -> &FieldValue {
        const EMPTY: &FieldValue = &FieldValue::Empty;
        self.values.get(field).unwrap_or(EMPTY)
    }

    pub fn text(&self, field: &str) -> String {
        match self.value(field) {
            FieldValue::Text(text) => text.trim().to_owned(),
            _ => String::new(),
        }
    }

    pub fn choice(&self, field: &str) -> Option<String> {
        match self.value(field) {
            FieldValue::Chosen(chosen) => chosen.first().cloned(),
            _ => None,
        }
    }

    /// Whether a field says something else than when the form was opened.
    pub fn changed(&self, field: &str) -> bool {
        self.values.get(field) != self.filled.get(field)
    }

    pub fn set(&mut self, field: &str, value: FieldValue) {
        self.values.insert(field.to_owned(), value);
    }
}

impl Model {
    /// The form that belongs to the screen one has come to, with what is known already.
    pub(super) fn open_form(&mut self) -> Commands {
        let subject = match self.place.top().clone() {
            Route::Start => FormSubject::Start,
            Route::Paste | Route::SecondDevice => FormSubject::Paste,
            Route::ChangeRole { member } => FormSubject::ChangeRole { member },
            Route::RevokeDevice { device } => FormSubject::RevokeDevice { device },
            Route::KitCheck => FormSubject::KitCheck,
            Route::Restore => FormSubject::Restore,
            Route::Join => FormSubject::Join,
            Route::Invite => FormSubject::Invite,
            Route::CircleSettings => FormSubject::CircleSettings,
            Route::Closing => FormSubject::Closing,
            Route::Server => FormSubject::Server,
            Route::LogForm { kind, id } => FormSubject::LogEntry { kind, id },
            Route::TaskForm { id, .. } => FormSubject::Task { id },
            Route::Invitation { id } => return self.show_link(&id),
            _ => return Commands::new(),
        };
        let mut form = FormState::new(subject);
        self.fill_in(&mut form);
        form.filled.clone_from(&form.values);
        let id = form.id();
        let draft = self.current.as_ref().filter(|_| form.has_draft()).map(|replica| draft_key(replica, &id));
        self.form = Some(form);
        match draft {
            Some(key) => self.ask(Question::Draft { form: id }, StorageOperation::Read { keys: vec![key] }),
            None => Commands::new(),
        }
    }

    fn fill_in(&mut self, form: &mut FormState) {
        match &form.subject {
            FormSubject::Invite => {
                form.set("role", FieldValue::Chosen(vec!["helper".into()]));
                form.set("uses", FieldValue::Chosen(vec!["one".into()]));
                form.set("count", FieldValue::Number(8));
                form.set("lasts", FieldValue::Chosen(vec!["week".into()]));
            }
            FormSubject::Closing => form.set("wait", FieldValue::Chosen(vec!["fortnight".into()])),
            FormSubject::CircleSettings => {
                let profile = self.membership().map(super::Membership::profile).unwrap_or_default();
                form.set("person", FieldValue::Text(profile.person.unwrap_or_default()));
                form.set("zone", FieldValue::Text(profile.zone.unwrap_or_default()));
                let rules = self.membership().and_then(|membership| membership.replica.access());
                if let Some(rules) = rules.map(|access| access.settings()) {
                    let heir = rules.heir.map_or_else(|| NOBODY.to_owned(), |heir| heir.0.to_string());
                    form.set("caregivers", FieldValue::Flag(rules.caregivers_invite));
                    form.set("heir", FieldValue::Chosen(vec![heir]));
                }
            }
            FormSubject::LogEntry { .. } => self.fill_log_form(form),
            FormSubject::Task { .. } => self.fill_task_form(form),
            FormSubject::ChangeRole { member } => {
                let role = self.membership().and_then(|membership| membership.active_member(*member)?.role());
                if let Some(role) = role {
                    form.set("role", FieldValue::Chosen(vec![crate::view::role_code(role).into()]));
                }
            }
            // Who comes again with another phone keeps the name they had.
            FormSubject::Join => {
                let shown = self.membership().and_then(|membership| membership.shown.as_ref());
                if let Some(name) = shown.and_then(|shown| shown.greeting.to.clone()) {
                    form.set("name", FieldValue::Text(name));
                }
            }
            FormSubject::Server
            | FormSubject::RevokeDevice { .. }
            | FormSubject::Start
            | FormSubject::Paste
            | FormSubject::KitCheck
            | FormSubject::Restore => {}
        }
    }

    pub(super) fn field_changed(&mut self, field: String, value: FieldValue) -> Commands {
        if *self.place.top() == Route::Log && field == "find" {
            self.lists.log_text = match value {
                FieldValue::Text(text) => text,
                _ => String::new(),
            };
            return self.fill_log_window();
        }
        let Some(form) = self.form.as_mut() else { return Commands::new() };
        form.faults.remove(&field);
        form.values.insert(field, value);
        form.touched = true;
        self.keep_draft()
    }

    pub(super) fn keep(&mut self) -> Commands {
        match self.form.as_ref().map(|form| form.subject.clone()) {
            Some(FormSubject::Start) => self.start_circle(),
            Some(FormSubject::Paste) => self.paste_link(),
            Some(FormSubject::Join) => self.join(),
            Some(FormSubject::Invite) => self.invite(),
            Some(FormSubject::CircleSettings) => self.keep_circle_settings(),
            Some(FormSubject::ChangeRole { member }) => self.change_role(member),
            Some(FormSubject::Server) => self.look_at_host(),
            Some(FormSubject::KitCheck) => self.kit_checked(),
            Some(FormSubject::Restore) => self.restore(),
            Some(FormSubject::LogEntry { kind, id }) => self.keep_log_entry(&kind, id.as_deref()),
            Some(FormSubject::Task { id }) => self.keep_task(id.as_deref()),
            // Each of their steps has a button of its own.
            Some(FormSubject::Closing | FormSubject::RevokeDevice { .. }) | None => Commands::new(),
        }
    }

    pub(super) fn form_text(&self, field: &str) -> String {
        self.form.as_ref().map(|form| form.text(field)).unwrap_or_default()
    }

    pub(super) fn form_choice(&self, field: &str) -> Option<String> {
        self.form.as_ref()?.choice(field)
    }

    /// False when there is no form to say it in.
    pub(super) fn set_fault(&mut self, field: &str, fault: String) -> bool {
        match self.form.as_mut() {
            Some(form) => {
                form.faults.insert(field.to_owned(), fault);
                true
            }
            None => false,
        }
    }

    fn keep_draft(&mut self) -> Commands {
        let Some(form) = self.form.as_ref().filter(|form| form.has_draft()) else { return Commands::new() };
        let (Some(replica), Ok(bytes)) = (&self.current, serde_json::to_vec(&form.values)) else {
            return Commands::new();
        };
        self.store(vec![(draft_key(replica, &form.id()), bytes)], Vec::new())
    }

    /// The form on the screen is left without keeping anything.
    pub(super) fn drop_draft(&mut self) -> Commands {
        match (self.current.clone(), self.form.take()) {
            (Some(replica), Some(form)) => self.drop_draft_of(&replica, &form),
            _ => Commands::new(),
        }
    }

    pub(super) fn drop_draft_of(&mut self, replica: &str, form: &FormState) -> Commands {
        if form.has_draft() {
            self.store(Vec::new(), vec![draft_key(replica, &form.id())])
        } else {
            Commands::new()
        }
    }

    pub(super) fn draft_read(&mut self, id: &str, stored: Option<&[u8]>) {
        let Some(form) = self.form.as_mut().filter(|form| form.id() == id && !form.touched) else { return };
        let draft: Option<BTreeMap<String, FieldValue>> =
            stored.and_then(|bytes| serde_json::from_slice(bytes).ok());
        if let Some(draft) = draft {
            form.values.extend(draft);
        }
    }
}

/// Beside the replica's own keys, so that it goes when the membership is erased.
fn draft_key(replica: &str, form: &str) -> Vec<u8> {
    format!("r/{replica}/draft/{form}").into_bytes()
}
