//! Membership as it changes: roles, taking out, leaving, stepping in, and taking back what waits.

use super::{dispatch::Commands, membership::Membership, state::Model};
use crate::{event::Route, view::Tone};
use kith_protocol::{
    DeviceNumber, MemberNumber, Role, Stream,
    access::{Device, HEIR_WAIT_MS, Member, Standing},
};
use kith_replica::{Input, Phase};

/// How a membership ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Removed,
    Left,
    Refused,
    /// Only this device was taken out.
    Device,
}

impl Model {
    /// Keeps the form of a member's role.
    pub(super) fn change_role(&mut self, member: u32) -> Commands {
        let chosen = self.form_choice("role").and_then(|code| role_of(&code));
        let Some((role, membership)) = chosen.zip(self.membership()) else {
            let fault = self.text.get("fault-choose");
            self.set_fault("role", fault);
            return Commands::new();
        };
        if role != Role::Coordinator && membership.is_last_coordinator(member) {
            let fault = self.text.get("role-last");
            self.set_fault("role", fault);
            return Commands::new();
        }
        let mut commands = self.tell_current(Input::SetRole { member: MemberNumber(member), role });
        commands.extend(self.go_back());
        commands
    }

    pub(super) fn remove_member(&mut self, member: u32) -> Commands {
        let commands = self.tell_current(Input::Remove { member: MemberNumber(member) });
        self.leave_screen();
        self.place.open(Route::Circle);
        commands
    }

    pub(super) fn leave_circle(&mut self) -> Commands {
        let last = self.membership().is_none_or(Membership::cannot_leave);
        if last { Commands::new() } else { self.tell_current(Input::Leave) }
    }

    /// The heir becomes coordinator.
    pub(super) fn step_in(&mut self) -> Commands {
        let Some(member) = self.membership().and_then(Membership::me) else { return Commands::new() };
        self.tell_current(Input::SetRole { member, role: Role::Coordinator })
    }

    pub(super) fn dismiss_reminder(&mut self, for_good: bool) -> Commands {
        const MONTH_MS: u64 = 30 * 24 * 3_600_000;
        let from = if for_good { u64::MAX } else { self.now_ms.saturating_add(MONTH_MS) };
        let Some(id) = self.current.clone() else { return Commands::new() };
        self.change_settings(|settings| {
            if let Some(known) = settings.replicas.iter_mut().find(|known| known.id == id) {
                known.remind_from = Some(from);
            }
        })
    }

    /// One's own role is another now: that is said, with what follows from it.
    pub(super) fn notice_own_role(&mut self, id: &str) {
        let Some(membership) = self.memberships.get_mut(id) else { return };
        let now = membership.my_role();
        let before = std::mem::replace(&mut membership.role, now);
        let (Some(before), Some(now)) = (before, now) else { return };
        if before == now || self.current.as_deref() != Some(id) {
            return;
        }
        let role = self.text.get(&format!("role-{}", crate::view::role_code(now)));
        let key = match (reads_care(before), reads_care(now)) {
            (true, false) => "notice-role-less",
            (false, true) => "notice-role-more",
            _ => "notice-role",
        };
        let said = self.text.with(key, &[("role", (&role).into())]);
        self.say(Tone::Amber, "info", said);
        if reads_care(before) && !reads_care(now) {
            self.leave_what_cannot_be_seen();
        }
    }

    fn leave_what_cannot_be_seen(&mut self) {
        let care = matches!(
            self.place.top(),
            Route::Log | Route::QuickLog | Route::AllKinds | Route::LogEntry { .. } | Route::LogForm { .. }
        );
        if care {
            self.form = None;
            self.place.open(Route::Today);
        }
    }
}

fn reads_care(role: Role) -> bool {
    role.reads(Stream::Care)
}

/// The role of an option of a form.
pub fn role_of(code: &str) -> Option<Role> {
    [Role::Coordinator, Role::Caregiver, Role::Professional, Role::Helper, Role::Friend]
        .into_iter()
        .find(|role| crate::view::role_code(*role) == code)
}

impl Membership {
    /// Somebody who belongs to the circle now.
    pub(crate) fn active_member(&self, member: u32) -> Option<Member> {
        self.replica.access()?.member(MemberNumber(member)).filter(|member| member.role().is_some()).cloned()
    }

    /// Everybody who belongs to the circle now, in the order in which they came.
    pub(crate) fn active_members(&self) -> Vec<Member> {
        let access = self.replica.access();
        let members = access.iter().flat_map(|access| access.members());
        members.filter(|member| member.role().is_some()).cloned().collect()
    }

    pub(crate) fn is_coordinator(&self) -> bool {
        self.my_role() == Some(Role::Coordinator)
    }

    /// A coordinator beside whom there is no other with a device.
    pub(crate) fn is_last_coordinator(&self, member: u32) -> bool {
        let coordinators: Vec<u32> = self
            .active_members()
            .iter()
            .filter(|one| one.role() == Some(Role::Coordinator))
            .map(|one| one.number.0)
            .collect();
        let others = coordinators.iter().filter(|one| **one != member);
        coordinators.contains(&member) && others.copied().all(|other| self.devices_of(other).is_empty())
    }

    pub(crate) fn cannot_leave(&self) -> bool {
        self.me().is_none_or(|me| self.is_last_coordinator(me.0))
    }

    /// Active devices with their number among the member's own ("phone 2"); recovery kits have none.
    pub(crate) fn devices_of(&self, member: u32) -> Vec<(Option<usize>, Device)> {
        self.all_devices_of(member).into_iter().filter(|(_, device)| device.active()).collect()
    }

    /// The same with those that were taken out.
    fn all_devices_of(&self, member: u32) -> Vec<(Option<usize>, Device)> {
        let Some(access) = self.replica.access() else { return Vec::new() };
        let of_member = access.devices().iter().filter(|device| device.member.0 == member);
        let mut phones = 0;
        let numbered = of_member.map(|device| {
            phones += usize::from(!device.recovery);
            ((!device.recovery).then_some(phones), device.clone())
        });
        numbered.collect()
    }

    /// The active devices that this one has added, and those that they have: whoever holds it may have. Without the one
    /// in hand, and what was added here.
    pub(crate) fn added_by(&self, device: u32) -> Vec<(Option<usize>, Device)> {
        let access = self.replica.access();
        let owner = access.and_then(|access| access.member_of(DeviceNumber(device)));
        let Some(owner) = owner else { return Vec::new() };
        let here = self.my_device();
        let (mut adders, mut added) = (vec![DeviceNumber(device)], Vec::new());
        // Whoever adds came first.
        for (n, one) in self.all_devices_of(owner.0) {
            let theirs = one.added_by.is_some_and(|by| adders.contains(&by));
            if theirs && here != Some(one.number) {
                adders.push(one.number);
                added.push((n, one));
            }
        }
        added.retain(|(_, device)| device.active());
        added
    }

    /// Of a device that was added by one which was taken out since: that one's number among the member's own.
    #[expect(clippy::option_option, reason = "a kit has no number, and is a device that adds")]
    pub(crate) fn added_by_gone(&self, device: &Device) -> Option<Option<usize>> {
        let by = device.added_by.filter(|_| self.my_device() != Some(device.number))?;
        let all = self.all_devices_of(device.member.0);
        all.into_iter().find(|(_, one)| one.number == by && one.until.is_some()).map(|(n, _)| n)
    }

    pub(crate) fn my_device(&self) -> Option<DeviceNumber> {
        self.replica.me().map(|(_, device)| device)
    }

    /// The recovery kits that count, oldest first.
    pub(crate) fn kits(&self) -> Vec<DeviceNumber> {
        let mine = self.me().map(|me| self.devices_of(me.0)).unwrap_or_default();
        mine.into_iter().filter(|(_, device)| device.recovery).map(|(_, device)| device.number).collect()
    }

    /// Whether there is a kit whose words are on paper, as far as this device knows.
    pub(crate) fn has_kit(&self) -> bool {
        let unchecked = self.kit.as_ref().map(|kit| kit.device);
        self.kits().into_iter().any(|kit| Some(kit) != unchecked)
    }

    /// A kit that was revoked before its words were checked need not be checked any more.
    pub(super) fn forget_given_up_kit(&mut self) {
        let kits = self.kits();
        self.kit = self.kit.take().filter(|kit| kits.contains(&kit.device));
    }

    /// Somebody of the same name who came in later: perhaps the same person with a new phone.
    pub(crate) fn came_again(&self, member: u32) -> Option<Member> {
        let name = self.name_of(member).to_lowercase();
        let same = |one: &Member| {
            one.number.0 > member && !name.is_empty() && self.name_of(one.number.0).to_lowercase() == name
        };
        self.active_members().into_iter().find(same)
    }

    /// Whether this member may make itself coordinator now, because no coordinator has done anything for long.
    pub(crate) fn may_step_in(&self, now_ms: u64) -> bool {
        let Some((access, me)) = self.replica.access().zip(self.me()) else { return false };
        let silent = now_ms >= access.coordinators_heard().saturating_add(HEIR_WAIT_MS);
        silent
            && access.settings().heir == Some(me)
            && self.my_role().is_some_and(|role| role != Role::Coordinator)
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&self) -> Option<Ended> {
        if self.replica.phase() != Phase::Ended {
            return None;
        }
        let member = self.me().and_then(|me| self.replica.access()?.member(me).cloned());
        Some(match member.map(|member| member.standing) {
            Some(Standing::Left) => Ended::Left,
            Some(Standing::Refused | Standing::Pending) => Ended::Refused,
            Some(Standing::Active) => Ended::Device,
            Some(Standing::Removed) | None => Ended::Removed,
        })
    }
}
