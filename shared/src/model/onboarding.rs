//! Starting a circle, opening an invitation, joining.

use super::{dispatch::Commands, forms::FormSubject, people::invite_name, state::Model};
use crate::{event::Route, view::Tone};
use kith_protocol::{Language, invite::InviteLink, kit::Kit, pairing::PairingLink};
use kith_replica::{Founding, Input, InvitationShown, Invited, LinkProblem, Phase};

/// Bytes of a name, of the cared-for person or one's own.
pub const NAME_MAX: usize = 60;

/// Who founds a circle is its first device, and so its first member.
const FOUNDER: u32 = 1;

impl Model {
    /// "Rose", "I am Anna": keeps the circle on this device at once; the host hears of it when it can be reached.
    pub(super) fn start_circle(&mut self) -> Commands {
        let Some((person, name)) = self.two_names() else { return Commands::new() };
        let Some(host) = self.launch.as_ref().map(|launch| host_of(&launch.origin)) else {
            return Commands::new();
        };
        let id = self.new_replica_id();
        if !self.add_membership(&id) {
            return Commands::new();
        }
        let language = if self.text.locale.is_french() { Language::French } else { Language::English };
        let mut commands = self.tell(&id, Input::Found(Founding { host, language, caregivers_invite: true }));
        self.current = Some(id.clone());
        commands.extend(self.remember_current(&person));
        let zone = self.launch.as_ref().map(|launch| launch.zone.clone()).unwrap_or_default();
        let language = self.text.locale.tag();
        let profile = kith_domain::profile::set(&person, &zone, language, self.now_ms);
        commands.extend(self.write_quietly(&id, profile));
        let own_name = kith_domain::people::set_name(FOUNDER, &name, self.now_ms);
        commands.extend(self.write_quietly(&id, own_name));
        self.leave_screen();
        self.place.open(Route::Today);
        commands
    }

    /// A link was pasted, scanned, or the app was opened with it.
    pub(super) fn link_opened(&mut self, link: &str) -> Commands {
        if let Ok(pairing) = PairingLink::parse(link) {
            return self.pairing_opened(pairing);
        }
        if let Ok(kit) = Kit::parse(link, "") {
            return self.restored_by(kit);
        }
        let link = match InviteLink::parse(link) {
            Ok(link) => link,
            Err(error) => {
                let key = match error {
                    kith_protocol::invite::LinkError::NoSecret => "link-cut-off",
                    _ => "link-malformed",
                };
                let fault = self.text.get(key);
                if !self.set_fault("link", fault.clone()) {
                    self.say(Tone::Brick, "triangle-alert", fault);
                }
                return Commands::new();
            }
        };
        let invite = invite_name(&link.id);
        let id = self.on_the_way_by(&invite).unwrap_or_else(|| self.new_replica_id());
        if !self.memberships.contains_key(&id) && !self.add_membership(&id) {
            return Commands::new();
        }
        if let Some(membership) = self.memberships.get_mut(&id) {
            membership.problem = None;
        }
        self.leave_screen();
        self.current = Some(id.clone());
        self.place.open(Route::Join);
        let mut commands = self.tell(&id, Input::OpenInvite(Invited { link }));
        commands.extend(self.tell(&id, Input::Connect));
        commands.extend(self.change_settings(|settings| {
            if settings.replicas.iter().all(|known| known.id != id) {
                settings.remember(&id, "");
            }
            settings.came_by(&id, invite);
            settings.current = Some(id);
        }));
        commands
    }

    pub(super) fn paste_link(&mut self) -> Commands {
        let link = self.form_text("link");
        if link.is_empty() {
            let fault = self.text.get("link-malformed");
            self.set_fault("link", fault);
            return Commands::new();
        }
        self.link_opened(&link)
    }

    pub(super) fn invitation_shown(&mut self, id: &str, shown: InvitationShown) -> Commands {
        let person = shown.greeting.person.clone();
        if let Some(membership) = self.memberships.get_mut(id) {
            membership.shown = Some(shown);
            membership.problem = None;
        }
        let id = id.to_owned();
        let mut commands = self.change_settings(|settings| settings.remember(&id, &person));
        if self.current.as_deref() == Some(id.as_str()) && *self.place.top() == Route::Join {
            commands.extend(self.open_form());
        }
        commands
    }

    /// The link leads nowhere: says so, and clears it away at the next start; what was typed of a kit must not stay here.
    pub(super) fn link_unusable(&mut self, id: &str, problem: LinkProblem) -> Commands {
        if let Some(membership) = self.memberships.get_mut(id) {
            membership.problem = Some(problem);
        }
        // An updated app goes on with it.
        if problem == LinkProblem::Newer {
            return Commands::new();
        }
        let id = id.to_owned();
        self.change_settings(|settings| {
            settings.replicas.retain(|known| known.id != id);
            if !settings.erasing.contains(&id) {
                settings.erasing.push(id.clone());
            }
            if settings.current.as_deref() == Some(id.as_str()) {
                settings.current = settings.replicas.first().map(|known| known.id.clone());
            }
        })
    }

    pub(super) fn join(&mut self) -> Commands {
        let name = self.form_text("name");
        if !self.check_name("name", &name) {
            return Commands::new();
        }
        let mut commands = Commands::new();
        if let Some(id) = self.current.clone() {
            // Kept until it stands in the circle: a full phone or a restart on the way must not make a nameless member.
            let kept = name.clone();
            commands.extend(self.change_settings(|settings| {
                if let Some(known) = settings.replicas.iter_mut().find(|known| known.id == id) {
                    known.name = Some(kept);
                }
            }));
        }
        commands.extend(self.tell_current(Input::Join { name }));
        commands
    }

    /// Writes one's own name into the circle where it does not stand yet.
    pub(super) fn name_myself(&mut self, id: &str) -> Commands {
        let known =
            self.settings.replicas.iter().find(|known| known.id == id).and_then(|known| known.name.clone());
        let Some((name, membership)) = known.zip(self.memberships.get(id)) else { return Commands::new() };
        let is_member =
            membership.replica.phase() == Phase::Member && membership.opened == super::Opened::Open;
        if !is_member || membership.stands_by_name() {
            Commands::new()
        } else {
            self.write_own_name(id, &name)
        }
    }

    /// Let in: one's own name goes where everybody sees it.
    pub(super) fn admitted(&mut self, id: &str) -> Commands {
        let known = self.settings.replicas.iter().find(|known| known.id == id);
        let name = known.and_then(|known| known.name.clone()).or_else(|| {
            let replica = &self.memberships.get(id)?.replica;
            replica.join_names().get(&replica.me()?.0).cloned()
        });
        let mut commands = name.map_or_else(Commands::new, |name| self.write_own_name(id, &name));
        if self.current.as_deref() == Some(id) && *self.place.top() == Route::Join {
            self.leave_screen();
            self.place.open(Route::Today);
        }
        if let Some(membership) = self.memberships.get_mut(id) {
            membership.shown = None;
        }
        commands.extend(self.reload_rows(id));
        commands
    }

    pub(super) fn removed(&mut self, id: &str) -> Commands {
        if self.current.as_deref() == Some(id) {
            self.leave_screen();
            self.place.open(Route::Today);
        }
        self.ask_drawer(id)
    }

    fn write_own_name(&mut self, id: &str, name: &str) -> Commands {
        let me = self.memberships.get(id).and_then(|membership| membership.replica.me());
        let Some((member, _)) = me else { return Commands::new() };
        if name.is_empty() {
            return Commands::new();
        }
        let script = kith_domain::people::set_name(member.0, name, self.now_ms);
        self.write_quietly(id, script)
    }

    fn remember_current(&mut self, person: &str) -> Commands {
        let Some(id) = self.current.clone() else { return Commands::new() };
        let person = person.to_owned();
        self.change_settings(|settings| {
            settings.remember(&id, &person);
            settings.current = Some(id);
        })
    }

    fn two_names(&mut self) -> Option<(String, String)> {
        if self.form.as_ref().map(|form| &form.subject) != Some(&FormSubject::Start) {
            return None;
        }
        let (person, name) = (self.form_text("person"), self.form_text("name"));
        let (person_fits, name_fits) = (self.check_name("person", &person), self.check_name("name", &name));
        (person_fits && name_fits).then_some((person, name))
    }

    /// Says under the field what is wrong with a name.
    pub(super) fn check_name(&mut self, field: &str, name: &str) -> bool {
        let key = if name.is_empty() {
            "fault-name-missing"
        } else if name.len() > NAME_MAX {
            "fault-name-long"
        } else {
            return true;
        };
        let fault = self.text.get(key);
        self.set_fault(field, fault);
        false
    }

    /// Is the person on the way in: a link is open, or a join waits.
    pub(crate) fn is_joining(&self) -> bool {
        self.current.as_ref().is_some_and(|id| self.is_on_the_way_in(id))
    }

    /// The replica that this link led to, if it is on the way in still. Several people of a family may join by one
    /// link, also on one device.
    pub(super) fn on_the_way_by(&self, link: &str) -> Option<String> {
        let again = self.settings.replicas.iter().find(|known| known.invite.as_deref() == Some(link));
        again.map(|known| known.id.clone()).filter(|id| self.is_on_the_way_in(id))
    }

    fn is_on_the_way_in(&self, id: &str) -> bool {
        let phase = self.memberships.get(id).map(|membership| membership.replica.phase());
        matches!(phase, Some(Phase::Invited | Phase::Joining | Phase::Pairing | Phase::Opening))
    }
}

/// The host of an origin, as it is dialled: `https://kith.example/x` is `kith.example`.
pub fn host_of(origin: &str) -> String {
    let rest = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_lowercase()
}
