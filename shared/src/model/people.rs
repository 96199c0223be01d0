//! Inviting, letting in, and what is known of the members.

use super::{
    dispatch::{Commands, platform},
    members::role_of,
    membership::Membership,
    replicas::is_local,
    state::Model,
};
use crate::{
    effects::PlatformOperation,
    event::{FieldValue, Route},
    view::Tone,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kith_protocol::{InviteId, MemberNumber, Role, invite::Greeting};
use kith_replica::{Input, Invitation, StorageError};

const DAY_MS: u64 = 24 * 3_600_000;

/// The most who may come by one link, as the circle takes it.
pub const MOST_USES: u32 = kith_protocol::access::MAX_USES;

/// How long a link may stand: the option of the form, and milliseconds.
pub const LASTS: [(&str, u64); 3] = [("day", DAY_MS), ("week", 7 * DAY_MS), ("month", 30 * DAY_MS)];

impl Model {
    /// Keeps the invite form: asks for an invitation, and shows it as soon as it stands.
    pub(super) fn invite(&mut self) -> Commands {
        let role = self.form_choice("role").and_then(|code| role_of(&code));
        let Some(role) = role.filter(|role| *role != Role::Coordinator) else {
            let fault = self.text.get("fault-choose");
            self.set_fault("role", fault);
            return Commands::new();
        };
        let Some(uses) = self.chosen_uses() else {
            let bounds = [("min", 1_u32.into()), ("max", MOST_USES.into())];
            let fault = self.text.with("fault-number", &bounds);
            self.set_fault("count", fault);
            return Commands::new();
        };
        let chosen = self.form_choice("lasts").unwrap_or_default();
        let lasts_ms =
            LASTS.into_iter().find(|(code, _)| *code == chosen).map_or(7 * DAY_MS, |(_, lasts_ms)| lasts_ms);
        self.ask_invitation(role, uses, lasts_ms, None)
    }

    fn chosen_uses(&self) -> Option<u32> {
        if self.form_choice("uses").as_deref() != Some("family") {
            return Some(1);
        }
        let count = match self.form.as_ref()?.value("count") {
            FieldValue::Number(count) => u32::try_from(*count).ok()?,
            _ => return None,
        };
        (1..=MOST_USES).contains(&count).then_some(count)
    }

    /// A link by which a member comes in again, with the same role, from another phone.
    pub(super) fn fresh_link(&mut self, member: u32) -> Commands {
        let known = self.membership().and_then(|membership| {
            Some((membership.active_member(member)?.role()?, membership.name_of(member)))
        });
        let Some((role, name)) = known else { return Commands::new() };
        // Nobody is invited as coordinator; a coordinator makes them one again.
        let role = if role == Role::Coordinator { Role::Caregiver } else { role };
        // The way back from the link leads to the member.
        self.place.open(Route::Invite);
        self.ask_invitation(role, 1, 7 * DAY_MS, (!name.is_empty()).then_some(name))
    }

    fn ask_invitation(&mut self, role: Role, uses: u32, lasts_ms: u64, to: Option<String>) -> Commands {
        let Some(membership) = self.membership() else { return Commands::new() };
        let greeting = Greeting {
            person: membership.profile().person.unwrap_or_default(),
            inviter: membership.my_name(),
            language: self.text.locale.tag().to_owned(),
            to,
        };
        // Roles that read the log wait to be let in, with four words to compare by phone.
        let direct = matches!(role, Role::Helper | Role::Friend);
        let request = self.next_edit;
        self.next_edit += 1;
        let invitation = Invitation { role, uses, lasts_ms, direct, greeting };
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

    pub(super) fn action_refused(&mut self, id: &str, action: &str) -> Commands {
        self.devices_refused(id);
        let key = format!("action-{}", action.replace('_', "-"));
        let what = self.text.get(if self.text.has(&key) { &key } else { "action-other" });
        let text = self.text.with("notice-action-refused", &[("what", (&what).into())]);
        self.say(Tone::Brick, "triangle-alert", text);
        Commands::new()
    }

    /// What was wished is nowhere: whoever waits for a link waits in vain, so the screen before it stands again.
    pub(super) fn wish_not_kept(&mut self, id: &str, reason: &StorageError) -> Commands {
        let waits = matches!(self.place.top(), Route::Invitation { id } if id.is_empty());
        let here = self.current.as_deref() == Some(id);
        let commands = if waits && here { self.go_back() } else { Commands::new() };
        let key = if *reason == StorageError::Full { "storage-full" } else { "storage-broken" };
        self.say(Tone::Brick, "triangle-alert", self.text.get(key));
        commands
    }

    /// What follows from an access stream that is longer than the one seen last.
    pub(super) fn look_at_access(&mut self, id: &str) {
        let Some(membership) = self.memberships.get_mut(id) else { return };
        let roster = membership.roster();
        if roster.is_same(&membership.seen) {
            return;
        }
        membership.seen = roster;
        membership.learn_names();
        self.notice_own_role(id);
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
