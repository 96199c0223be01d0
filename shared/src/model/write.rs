//! Edits on their way to storage, and what is said when they are kept.

use super::{
    asking::keys,
    dispatch::{Commands, platform},
    state::{Model, Undo},
};
use crate::{effects::PlatformOperation, event::Action, view::Tone};
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
        let mut commands = self.drop_draft();
        self.leave_screen();
        self.place.back();
        commands.extend(self.arrive());
        commands.extend(self.write_here(script, AfterKept { said, undo, details: None }));
        commands
    }

    /// The edit that takes `script` back, from what stands there now.
    pub(super) fn undo_of(&self, script: &EditScript) -> Option<EditScript> {
        let membership = self.membership()?;
        kith_domain::undo_of(script, |document, id| membership.item(document, id), self.now_ms)
    }

    pub(super) fn kept(&mut self, id: &str, edit: u64) -> Commands {
        let after = self.memberships.get_mut(id).and_then(|membership| membership.edits.remove(&edit));
        let Some(after) = after.filter(|after| !after.said.is_empty()) else { return Commands::new() };
        match after.undo {
            Some(script) => {
                self.undo =
                    Some(Undo { replica: id.to_owned(), text: after.said, script, details: after.details });
            }
            None => self.say(Tone::Plain, "check", after.said),
        }
        Commands::new()
    }

    pub(super) fn not_kept(&mut self, id: &str, edit: u64, reason: &NotKept) -> Commands {
        if let Some(membership) = self.memberships.get_mut(id) {
            membership.edits.remove(&edit);
        }
        let key = match reason {
            NotKept::Storage(kith_replica::StorageError::Full) => "storage-full",
            NotKept::Storage(_) => "storage-broken",
            NotKept::NoRight => "not-kept-no-right",
            NotKept::DoesNotFit(_) => "not-kept-does-not-fit",
        };
        self.say(Tone::Brick, "triangle-alert", self.text.get(key));
        Commands::new()
    }

    pub(super) fn undo_last(&mut self) -> Commands {
        let Some(undo) = self.undo.take() else { return Commands::new() };
        let said = self.text.get("kept-undone");
        self.write(&undo.replica, undo.script, AfterKept { said, undo: None, details: None })
    }

    /// Puts what could not be shared on the clipboard, to be pasted elsewhere.
    pub(super) fn copy_draft(&mut self, drawer: u64) -> Commands {
        let text = self.membership().and_then(|membership| {
            let entry = membership.drawer.get(&drawer)?;
            Some(crate::view::drawer_text(entry))
        });
        text.map_or_else(Commands::new, |text| vec![platform(PlatformOperation::CopyText { text })])
    }

    pub(super) fn offer_again(&mut self, drawer: u64) -> Commands {
        let edit = self.next_edit;
        self.next_edit += 1;
        let said = self.text.get("kept-offered");
        if let Some(membership) = self.membership_mut() {
            membership.edits.insert(edit, AfterKept { said, undo: None, details: None });
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
