//! What a checked entry changes.

use super::action::{Action, Rotation};
use super::entry::{AccessRecord, SignedAccess};
use super::log::{AccessLog, Checked};
use super::refusal::AccessRefusal;
use super::state::{Closing, Device, EpochRun, Invitation, Member, Moved, RoleRun, Standing};
use crate::identity::{DeviceNumber, DevicePublic, MemberNumber, Role};

impl AccessLog {
    /// Takes an entry that [`Self::check`] found right at this head.
    pub fn push(&mut self, checked: Checked) -> Result<(), AccessRefusal> {
        let continues = checked.entry.seq == self.head() + 1 && checked.entry.previous == self.head_hash();
        if !continues {
            return Err(AccessRefusal::Head(self.head(), self.head_hash()));
        }
        self.apply(checked);
        Ok(())
    }

    /// Checks a record and takes it: for whoever holds a verified prefix already.
    pub fn replay(&mut self, record: &AccessRecord) -> Result<(), AccessRefusal> {
        let checked = self.check(&record.signed, record.stamp)?;
        self.push(checked)
    }

    /// Verifies a whole stream from Found.
    pub fn verify_all<'a>(
        records: impl IntoIterator<Item = &'a AccessRecord>,
    ) -> Result<Self, AccessRefusal> {
        let mut records = records.into_iter();
        let first: &AccessRecord = records.next().ok_or(AccessRefusal::Target)?;
        let mut log = Self::found(&first.signed, first.stamp)?;
        records.try_for_each(|record| log.replay(record))?;
        Ok(log)
    }

    /// The log of a circle that has only its Found entry.
    pub fn found(signed: &SignedAccess, stamp: u64) -> Result<Self, AccessRefusal> {
        let (mut log, checked) = super::found::check_found(signed, stamp)?;
        log.apply(checked);
        Ok(log)
    }

    fn apply(&mut self, checked: Checked) {
        let Checked { entry, hash, stamp } = checked;
        let n = entry.seq;
        let needs = self.needs(entry.author, &entry.action, stamp);
        let by = self.member_of(entry.author);
        let by_coordinator = |log: &Self| {
            by.and_then(|member| log.members.get(&member)).and_then(Member::role) == Some(Role::Coordinator)
        };
        let before = by_coordinator(self);
        for stream in needs.due {
            self.classes.entry(stream).or_default().due = Some(n);
        }
        for rotation in entry.action.rotations() {
            self.begin_epoch(n, *rotation);
        }
        if let Some(loser) = self.loser(entry.author, &entry.action) {
            self.close_links(n, loser);
        }
        self.apply_action(n, by, entry.author, entry.action);
        if before || by_coordinator(self) || n == 1 {
            self.coordinator_stamp = stamp;
        }
        self.hashes.push(hash);
        self.stamps.push(stamp);
    }

    fn apply_action(&mut self, n: u64, by: Option<MemberNumber>, author: DeviceNumber, action: Action) {
        match action {
            Action::Found(found) => {
                let member = self.next_member();
                let roles = vec![RoleRun { from: n, role: Some(Role::Coordinator) }];
                let standing = Standing::Active;
                let (joined, admitted_by) = (n, None);
                let founder =
                    Member { number: member, standing, roles, invite: None, joined, name: None, admitted_by };
                self.members.insert(member, founder);
                self.add_device(member, found.keys, false, Some(n), None);
            }
            Action::Invite(invite) => {
                let (id, uses_left) = (invite.id, invite.uses);
                let by = by.unwrap_or(MemberNumber(author.0));
                self.invitations.insert(id, Invitation { invite, by, since: n, uses_left, cancelled: None });
            }
            Action::CancelInvite(id, _) => {
                if let Some(known) = self.invitations.get_mut(&id) {
                    known.cancelled = Some(n);
                }
            }
            Action::Join(join) => self.apply_join(n, join),
            Action::Admit(member) => self.admit(n, member, by),
            Action::Refuse(member) => self.end_member(n, member, Standing::Refused),
            Action::SetRole(member, role, _) => {
                if let Some(known) = self.members.get_mut(&member) {
                    known.roles.push(RoleRun { from: n, role: Some(role) });
                }
            }
            Action::Remove(member, _) => self.end_member(n, member, Standing::Removed),
            Action::Leave => {
                if let Some(member) = by {
                    self.end_member(n, member, Standing::Left);
                }
            }
            Action::AddDevice(keys, recovery, _) => {
                if let Some(member) = by {
                    self.add_device(member, keys, recovery, Some(n), Some(author));
                }
            }
            Action::RevokeDevice(device, _) => self.end_devices(n, |known| known.number == device),
            Action::RotateKeys(_) => {}
            Action::Settings(settings) => self.settings = settings,
            Action::Move(host) => {
                self.host = Some(host);
                self.moved = Some(Moved { by: by.unwrap_or(MemberNumber(author.0)), since: n });
            }
            Action::EraseStream(stream) => self.classes.entry(stream).or_default().erased = Some(n),
            Action::Close => (self.closed, self.closed_by) = (Some(n), by),
            Action::Closing(at) => {
                let by = by.unwrap_or(MemberNumber(author.0));
                self.closing = at.map(|at| Closing { at, by, since: n });
                self.closing_said = Some(n);
            }
        }
    }

    fn close_links(&mut self, n: u64, member: MemberNumber) {
        let known: Vec<_> =
            self.invitations.keys().filter(|id| self.knows_link(member, id)).copied().collect();
        for id in known {
            if let Some(invitation) = self.invitations.get_mut(&id) {
                invitation.cancelled.get_or_insert(n);
            }
        }
    }

    fn apply_join(&mut self, n: u64, join: super::action::Join) {
        let number = self.next_member();
        let Some(known) = self.invitations.get_mut(&join.invite) else { return };
        known.uses_left = known.uses_left.saturating_sub(1);
        let direct = known.invite.direct;
        let (invite, name) = (Some(join.invite), Some(join.name));
        let standing = Standing::Pending;
        let (roles, admitted_by) = (Vec::new(), None);
        let pending = Member { number, standing, roles, invite, joined: n, name, admitted_by };
        self.members.insert(number, pending);
        self.add_device(number, join.keys, false, None, None);
        if direct {
            self.admit(n, number, None);
        }
    }

    fn admit(&mut self, n: u64, member: MemberNumber, by: Option<MemberNumber>) {
        let role = self.members.get(&member).and_then(|pending| self.asked_role(pending));
        if let Some(known) = self.members.get_mut(&member) {
            known.standing = Standing::Active;
            known.admitted_by = by;
            known.roles.push(RoleRun { from: n, role });
        }
        for device in self.devices.iter_mut().filter(|device| device.member == member) {
            device.from = Some(n);
        }
    }

    fn add_device(
        &mut self,
        member: MemberNumber,
        public: DevicePublic,
        recovery: bool,
        from: Option<u64>,
        added_by: Option<DeviceNumber>,
    ) {
        let number = DeviceNumber(self.next_member().0);
        self.devices.push(Device { number, public, member, recovery, from, until: None, added_by });
    }

    fn end_member(&mut self, n: u64, member: MemberNumber, standing: Standing) {
        if let Some(known) = self.members.get_mut(&member) {
            known.standing = standing;
            known.roles.push(RoleRun { from: n, role: None });
        }
        self.end_devices(n, |device| device.member == member);
    }

    fn end_devices(&mut self, n: u64, which: impl Fn(&Device) -> bool) {
        for device in self.devices.iter_mut().filter(|device| which(device) && device.until.is_none()) {
            device.until = Some(n);
        }
    }

    fn begin_epoch(&mut self, n: u64, rotation: Rotation) {
        let class = self.classes.entry(rotation.stream).or_default();
        class.epochs.push(EpochRun { from: n, rotation });
        class.due = None;
    }
}
