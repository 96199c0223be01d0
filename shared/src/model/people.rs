//! Inviting, letting in, and what is known of the members.

use super::{
    dispatch::{Commands, platform},
    membership::Membership,
    replicas::is_local,
    state::Model,
};
use crate::{effects::PlatformOperation, event::Route, view::Tone};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kith_protocol::{InviteId, MemberNumber, Role, invite::Greeting};
use kith_replica::{Input, Invitation};

/// How long a link stands: two weeks, and a day for one that is scanned at once.
const LINK_LASTS_MS: u64 = 14 * 24 * 3_600_000;

impl Model {
    /// Keeps the invite form: asks for an invitation, and shows it as soon as it stands.
    pub(super) fn invite(&mut self) -> Commands {
        let role = match self.form_choice("role").as_deref() {
            Some("caregiver") => Role::Caregiver,
            Some("professional") => Role::Professional,
            Some("friend") => Role::Friend,
            Some("helper") => Role::Helper,
            _ => {
                let fault = self.text.get("fault-choose");
                self.set_fault("role", fault);
                return Commands::new();
            }
        };
        let uses = match self.form_choice("uses").as_deref() {
            Some("family") => 8,
            _ => 1,
        };
        let Some(membership) = self.membership() else { return Commands::new() };
        let greeting = Greeting {
            person: membership.profile().person.unwrap_or_default(),
            inviter: membership.my_name(),
            language: self.text.locale.tag().to_owned(),
            to: None,
        };
        // Roles that read the log wait to be let in, with four words to compare by phone.
        let direct = matches!(role, Role::Helper | Role::Friend);
        let request = self.next_edit;
        self.next_edit += 1;
        let invitation = Invitation { role, uses, lasts_ms: LINK_LASTS_MS, direct, greeting };
        let mut commands = self.tell_current(Input::Invite { request, invitation });
        self.leave_screen();
        self.place.replace(Route::Invitation { id: String::new() });
        commands.extend(self.arrive());
        commands
    }

    pub(super) fn invite_ready(
        &mut self,
        id: &str,
        _request: u64,
        invite: &InviteId,
        link: String,
    ) -> Commands {
        let name = invite_name(invite);
        if let Some(membership) = self.memberships.get_mut(id) {
            let link = match link.strip_prefix("https://") {
                Some(rest) if is_local(rest.split('/').next().unwrap_or_default()) => {
                    format!("http://{rest}")
                }
                _ => link,
            };
            membership.links.insert(name.clone(), link);
        }
        let waits = matches!(self.place.top(), Route::Invitation { id } if id.is_empty() || *id == name);
        if self.current.as_deref() == Some(id) && waits {
            self.place.replace(Route::Invitation { id: name });
        }
        Commands::new()
    }

    /// The link of an invitation that this device made earlier.
    pub(super) fn show_link(&mut self, name: &str) -> Commands {
        let known = self.membership().is_some_and(|membership| membership.links.contains_key(name));
        match invite_id(name) {
            Some(invite) if !known => {
                let request = self.next_edit;
                self.next_edit += 1;
                self.tell_current(Input::ShowLink { request, invite })
            }
            _ => Commands::new(),
        }
    }

    pub(super) fn cancel_invite(&mut self, name: &str) -> Commands {
        let Some(invite) = invite_id(name) else { return Commands::new() };
        self.leave_screen();
        self.place.open(Route::Circle);
        self.say(Tone::Plain, "check", self.text.get("notice-invite-cancelled"));
        self.tell_current(Input::CancelInvite { invite })
    }

    pub(super) fn give_link(
        &mut self,
        name: &str,
        operation: impl Fn(String) -> PlatformOperation,
    ) -> Commands {
        let link = self.membership().and_then(|membership| membership.links.get(name).cloned());
        let Some(link) = link else { return Commands::new() };
        self.say(Tone::Leaf, "check", self.text.get("notice-link-given"));
        vec![platform(operation(link))]
    }

    pub(super) fn admit(&mut self, member: u32) -> Commands {
        self.tell_current(Input::Admit { member: MemberNumber(member) })
    }

    pub(super) fn refuse(&mut self, member: u32) -> Commands {
        self.tell_current(Input::Refuse { member: MemberNumber(member) })
    }

    pub(super) fn action_refused(&mut self, action: &str, _reason: &str) -> Commands {
        let key = format!("action-{action}");
        let what = self.text.get(if self.text.has(&key) { &key } else { "action-other" });
        let text = self.text.with("notice-action-refused", &[("what", (&what).into())]);
        self.say(Tone::Brick, "triangle-alert", text);
        Commands::new()
    }

    pub(super) fn access_changed(&mut self, id: &str) -> Commands {
        if let Some(membership) = self.memberships.get_mut(id) {
            membership.learn_names();
        }
        Commands::new()
    }
}

impl Membership {
    pub(crate) fn me(&self) -> Option<MemberNumber> {
        self.replica.me().map(|(member, _)| member)
    }

    pub(crate) fn my_role(&self) -> Option<Role> {
        let member = self.me()?;
        self.replica.access()?.member(member)?.role()
    }

    pub(crate) fn reads_care(&self) -> bool {
        matches!(self.my_role(), Some(Role::Coordinator | Role::Caregiver | Role::Professional))
    }

    /// Who may admit, and who may invite anybody.
    pub(crate) fn may_invite(&self, role: Role) -> bool {
        self.me().zip(self.replica.access()).is_some_and(|(me, access)| access.may_invite(me, role))
    }

    pub(crate) fn my_name(&self) -> String {
        self.me().map(|me| self.name_of(me.0)).unwrap_or_default()
    }
}

pub fn invite_name(invite: &InviteId) -> String {
    URL_SAFE_NO_PAD.encode(invite.0)
}

pub fn invite_id(name: &str) -> Option<InviteId> {
    let bytes = URL_SAFE_NO_PAD.decode(name).ok()?;
    Some(InviteId(bytes.try_into().ok()?))
}
