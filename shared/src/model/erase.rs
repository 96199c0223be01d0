//! Clearing a circle from this device: page by page, and gone on with at the next start if the app goes down on the way.

use super::{Membership, asking::Question, dispatch::Commands, state::Model};
use crate::{
    effects::{Effect, SocketOperation, StorageOperation, StorageOutput},
    event::{Event, Route},
    view::Tone,
};
use crux_core::Command;
use kith_replica::{Input, Phase};

/// Keys that are cleared at a time.
const PAGE: u32 = 512;

impl Model {
    /// Lets go of the circle on the screen. Other circles on this device stay as they are.
    pub(super) fn erase_circle(&mut self) -> Commands {
        let Some(id) = self.current.take() else { return Commands::new() };
        let mut commands = self.tell(&id, Input::Disconnect);
        if let Some(membership) = self.memberships.remove(&id) {
            commands.push(close(&membership));
        }
        self.current = self.memberships.keys().next().cloned();
        let (gone, current) = (id.clone(), self.current.clone());
        commands.extend(self.change_settings(|settings| {
            settings.replicas.retain(|known| known.id != gone);
            settings.current = current;
            settings.erasing.push(gone);
        }));
        commands.extend(self.go_on_erasing(&id));
        self.leave_screen();
        self.place.open(if self.current.is_some() { Route::Today } else { Route::Welcome });
        commands.extend(self.arrive());
        commands
    }

    /// Gives up coming in: nothing of the circle is on this device yet.
    pub(super) fn stop_waiting(&mut self) -> Commands {
        if !self.membership().is_some_and(Membership::may_stop_waiting) {
            return Commands::new();
        }
        let commands = self.erase_circle();
        let said = self.text.get("notice-stopped-waiting");
        self.say(Tone::Leaf, "check", said);
        commands
    }

    /// What an earlier start had begun to clear.
    pub(super) fn finish_erasing(&mut self) -> Commands {
        let unfinished = self.settings.erasing.clone();
        unfinished.iter().flat_map(|id| self.go_on_erasing(id)).collect()
    }

    fn go_on_erasing(&mut self, id: &str) -> Commands {
        // Keys first: without them the rest cannot be read.
        self.erase_page(id, format!("secret/r/{id}/").into_bytes())
    }

    fn erase_page(&mut self, id: &str, prefix: Vec<u8>) -> Commands {
        let question = Question::Erase { replica: id.to_owned(), prefix: prefix.clone() };
        self.ask(question, StorageOperation::Scan { prefix, after: None, limit: PAGE })
    }

    /// A page was found, or cleared.
    pub(super) fn erasing(&mut self, id: &str, prefix: Vec<u8>, output: StorageOutput) -> Commands {
        match output {
            StorageOutput::Pairs(pairs) if !pairs.is_empty() => {
                let deletes = pairs.into_iter().map(|pair| pair.key).collect();
                let question = Question::Erase { replica: id.to_owned(), prefix };
                self.ask(question, StorageOperation::Write { puts: Vec::new(), deletes })
            }
            StorageOutput::Written => self.erase_page(id, prefix),
            _ if prefix.starts_with(b"secret/") => self.erase_page(id, format!("r/{id}/").into_bytes()),
            _ => self.change_settings(|settings| settings.erasing.retain(|erasing| erasing != id)),
        }
    }
}

impl Membership {
    /// Whether this device is on its way in, and stands nowhere in the circle as far as it knows.
    pub(crate) fn may_stop_waiting(&self) -> bool {
        let coming = matches!(self.replica.phase(), Phase::Invited | Phase::Joining | Phase::Pairing);
        coming && self.replica.me().is_none()
    }
}

/// Whatever its socket still does, nobody listens any more.
fn close(membership: &super::Membership) -> Command<Effect, Event> {
    Command::notify_shell(SocketOperation::Close { id: membership.socket_id() }).into()
}
