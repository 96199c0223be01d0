//! Edits on their way to storage, and what is said when they are kept.

use super::{
    asking::keys,
    dispatch::{Commands, platform},
    forms::FormState,
    state::{Model, Undo},
};
use crate::{
    effects::PlatformOperation,
    event::{Action, Route},
    view::Tone,
};
use kith_document::EditScript;
use kith_replica::{Input, NotKept};

/// What follows when an edit is durable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AfterKept {
    /// Said in the undo bar; empty for an edit that nobody waits for.
    pub said: String,
    /// Takes it back.
    pub undo: Option<EditScript>,
    pub details: Option<Action>,
    /// The form it came from, to be put back if it cannot be kept: nothing that was typed is gone.
    pub form: Option<Box<(Route, FormState)>>,
}

impl Model {
    /// Hands an edit to a replica; `after` happens when it is durable, never before.
    pub(super) fn write(&mut self, replica: &str, script: EditScript, after: AfterKept) -> Commands {
        let edit = self.next_edit;
        self.next_edit += 1;
        if let Some(membership) = self.memberships.get_mut(replica) {
            membership.edits.insert(edit, after);
        }
        self.tell(replica, Input::Edit { edit, script })
    }

    pub(super) fn write_quietly(&mut self, replica: &str, script: EditScript) -> Commands {
        self.write(replica, script, AfterKept::default())
    }

    /// An edit in the circle on the screen.
    pub(super) fn write_here(&mut self, script: EditScript, after: AfterKept) -> Commands {
        self.current.clone().map_or_else(Commands::new, |id| self.write(&id, script, after))
    }

    /// Keeps a form's edit and goes back to where the form was opened.
    pub(super) fn write_and_leave(&mut self, script: EditScript, said: String) -> Commands {
        let undo = self.undo_of(&script);
        let form = self.take_form();
        self.leave_screen();
        self.place.back();
        let mut commands = self.arrive();
        commands.extend(self.write_here(script, AfterKept { said, undo, details: None, form }));
        commands
    }

    /// The form on the screen and where it stands, for while its edit is on the way to storage.
    pub(super) fn take_form(&mut self) -> Option<Box<(Route, FormState)>> {
        let form = self.form.take()?;
        Some(Box::new((self.place.top().clone(), form)))
    }

    /// The edit that takes `script` back, from what stands there now.
    pub(super) fn undo_of(&self, script: &EditScript) -> Option<EditScript> {
        let membership = self.membership()?;
        kith_domain::undo_of(script, |document, id| membership.item(document, id), self.now_ms)
    }

    pub(super) fn kept(&mut self, id: &str, edit: u64) -> Commands {
        let after = self.memberships.get_mut(id).and_then(|membership| membership.edits.remove(&edit));
        let Some(after) = after.filter(|after| !after.said.is_empty()) else { return Commands::new() };
        let commands = after.form.map_or_else(Commands::new, |form| self.drop_draft_of(id, &form.1));
        match after.undo {
            Some(script) => {
                self.undo =
                    Some(Undo { replica: id.to_owned(), text: after.said, script, details: after.details });
            }
            None => self.say(Tone::Plain, "check", after.said),
        }
        commands
    }

    pub(super) fn not_kept(&mut self, id: &str, edit: u64, reason: &NotKept) -> Commands {
        let after = self.memberships.get_mut(id).and_then(|membership| membership.edits.remove(&edit));
        let quiet = after.as_ref().is_none_or(|after| after.said.is_empty());
        // What the app writes by itself, such as one's name, nobody typed.
        if quiet && *reason == NotKept::NoRight {
            return Commands::new();
        }
        if let Some(form) = after.and_then(|after| after.form).filter(|_| self.current.as_deref() == Some(id))
        {
            let (route, form) = *form;
            self.leave_screen();
            self.place.open(route);
            self.form = Some(form);
        }
        let key = match reason {
            NotKept::Storage(kith_replica::StorageError::Full) => "storage-full",
            NotKept::Storage(_) => "storage-broken",
            NotKept::NoRight if self.membership().is_some_and(|now| now.closed().is_some()) => {
                "not-kept-closed"
            }
            NotKept::NoRight => "not-kept-no-right",
            NotKept::DoesNotFit(_) => "not-kept-does-not-fit",
        };
        self.say(Tone::Brick, "triangle-alert", self.text.get(key));
        Commands::new()
    }

    pub(super) fn undo_last(&mut self) -> Commands {
        let Some(undo) = self.undo.take() else { return Commands::new() };
        let said = self.text.get("kept-undone");
        self.write(&undo.replica, undo.script, AfterKept { said, ..AfterKept::default() })
    }

    /// Puts what could not be shared on the clipboard, to be pasted elsewhere.
    pub(super) fn copy_draft(&mut self, drawer: u64) -> Commands {
        let text = self.membership().and_then(|membership| {
            let entry = membership.drawer.get(&drawer)?;
            Some(crate::view::drawer_copy(self, entry))
        });
        let Some(text) = text else { return Commands::new() };
        self.say(Tone::Leaf, "check", self.text.get("notice-copied"));
        vec![platform(PlatformOperation::CopyText { text })]
    }

    pub(super) fn offer_again(&mut self, drawer: u64) -> Commands {
        let edit = self.next_edit;
        self.next_edit += 1;
        let said = self.text.get("kept-offered");
        if let Some(membership) = self.membership_mut() {
            membership.edits.insert(edit, AfterKept { said, ..AfterKept::default() });
        }
        self.tell_current(Input::OfferAgain { edit, drawer })
    }

    /// The history of the item on the screen, read anew when something arrived.
    pub(super) fn refresh_history(&mut self, id: &str) -> Commands {
        if self.current.as_deref() != Some(id) || keys(id).is_none() {
            return Commands::new();
        }
        let open = self
            .membership()
            .and_then(|membership| membership.history.as_ref().map(|(item, _)| item.clone()));
        open.map_or_else(Commands::new, |item| self.open_history(&item))
    }
}
