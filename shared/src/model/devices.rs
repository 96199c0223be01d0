//! One's own devices: another one by a link and four words, taking one out.

use super::{
    dispatch::{Commands, platform},
    forms::FormSubject,
    state::Model,
};
use crate::{
    effects::PlatformOperation,
    event::{FieldValue, Route},
    view::Tone,
};
use kith_protocol::{DeviceNumber, pairing::PairingLink};
use kith_replica::{Input, PairingEnd};

/// A pairing that this device opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pairing {
    Asked,
    /// Until when is by the server's clock, Unix milliseconds.
    Ready {
        link: String,
        expires: u64,
    },
    Answered {
        words: [&'static str; 4],
    },
    /// The words are the same; the device is being added.
    Confirmed,
    Ended(PairingEnd),
}

/// How a device came into a circle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Came {
    #[default]
    Invited,
    Paired,
    Restored,
}

impl Came {
    /// By the name under which the settings remember a replica's link.
    pub fn by(link: &str) -> Self {
        match link.split_once('-') {
            Some(("pairing", _)) => Self::Paired,
            Some(("kit", _)) => Self::Restored,
            _ => Self::Invited,
        }
    }
}

impl Model {
    pub(super) fn offer_device(&mut self) -> Commands {
        let request = self.next_edit;
        self.next_edit += 1;
        if let Some(membership) = self.membership_mut() {
            membership.pairing = Some(Pairing::Asked);
        }
        self.leave_screen();
        self.place.open(Route::AddDevice);
        self.tell_current(Input::OfferDevice { request })
    }

    pub(super) fn confirm_device(&mut self) -> Commands {
        if let Some(membership) = self.membership_mut() {
            membership.pairing = Some(Pairing::Confirmed);
        }
        self.tell_current(Input::ConfirmDevice)
    }

    pub(super) fn decline_device(&mut self) -> Commands {
        let mut commands = self.tell_current(Input::DeclineDevice);
        if let Some(membership) = self.membership_mut() {
            membership.pairing = None;
        }
        self.leave_screen();
        self.place.open(Route::Devices);
        commands.extend(self.arrive());
        commands
    }

    /// A pairing that this device opened goes on.
    pub(super) fn pairing_is(&mut self, id: &str, pairing: Pairing) -> Commands {
        let added = matches!(pairing, Pairing::Ended(PairingEnd::Added(_)));
        // What was declined here is forgotten already.
        let declined = matches!(pairing, Pairing::Ended(PairingEnd::Declined));
        if let Some(membership) = self.memberships.get_mut(id)
            && !(declined && membership.pairing.is_none())
        {
            membership.pairing = (!added && !declined).then_some(pairing);
        }
        if added && self.current.as_deref() == Some(id) && *self.place.top() == Route::AddDevice {
            self.leave_screen();
            self.place.open(Route::Devices);
            self.say(Tone::Leaf, "check", self.text.get("notice-device-added"));
        }
        Commands::new()
    }

    pub(super) fn give_pairing(&mut self, operation: impl Fn(String) -> PlatformOperation) -> Commands {
        let pairing = self.membership().and_then(|membership| membership.pairing.clone());
        let Some(Pairing::Ready { link, .. }) = pairing else { return Commands::new() };
        self.say(Tone::Leaf, "check", self.text.get("notice-link-given"));
        vec![platform(operation(link))]
    }

    /// Takes a device out, and what was chosen of those that it had added.
    pub(super) fn revoke_device(&mut self, device: u32) -> Commands {
        let form = self.form.as_ref().filter(|form| form.subject == FormSubject::RevokeDevice { device });
        let chosen = match form.map(|form| form.value("also")) {
            Some(FieldValue::Chosen(chosen)) => chosen.clone(),
            _ => Vec::new(),
        };
        let added = self.membership().map(|membership| membership.added_by(device)).unwrap_or_default();
        let also = added.into_iter().map(|(_, one)| one.number.0).filter(|n| chosen.contains(&n.to_string()));
        // The one that was lost first: until then it can add others.
        let all: Vec<u32> = std::iter::once(device).chain(also).collect();
        let mut commands = Commands::new();
        for device in all {
            commands.extend(self.tell_current(Input::RevokeDevice { device: DeviceNumber(device) }));
        }
        commands.extend(self.go_back());
        commands
    }

    /// On the new device: the words of the link it was opened with.
    pub(super) fn pairing_words(&mut self, id: &str, words: [&'static str; 4]) -> Commands {
        if let Some(membership) = self.memberships.get_mut(id) {
            membership.pairing_words = Some(words);
        }
        Commands::new()
    }

    pub(super) fn pairing_opened(&mut self, link: PairingLink) -> Commands {
        let name = format!("pairing-{}", link.id().text());
        self.begin(Came::Paired, name, Input::OpenPairing(link))
    }

    /// A replica that begins without an invitation. The same link again goes on with the replica it led to.
    pub(super) fn begin(&mut self, came: Came, name: String, first: Input) -> Commands {
        let id = self.on_the_way_by(&name).unwrap_or_else(|| self.new_replica_id());
        if !self.memberships.contains_key(&id) && !self.add_membership(&id) {
            return Commands::new();
        }
        if let Some(membership) = self.memberships.get_mut(&id) {
            membership.came = came;
            membership.problem = None;
        }
        self.leave_screen();
        self.current = Some(id.clone());
        self.place.open(Route::Join);
        let mut commands = self.tell(&id, first);
        commands.extend(self.tell(&id, Input::Connect));
        commands.extend(self.change_settings(|settings| {
            if settings.replicas.iter().all(|known| known.id != id) {
                settings.remember(&id, "");
            }
            settings.came_by(&id, name);
            settings.current = Some(id);
        }));
        commands
    }

    /// What was asked of one's devices could not be done: nothing goes on waiting for it.
    pub(super) fn devices_refused(&mut self, id: &str) {
        if let Some(membership) = self.memberships.get_mut(id)
            && matches!(membership.pairing, Some(Pairing::Asked | Pairing::Confirmed))
        {
            membership.pairing = None;
        }
    }
}
