//! Who may read, write, invite and hold keys.

use super::log::AccessLog;
use super::state::Standing;
use crate::identity::{DeviceNumber, MemberNumber, Role};
use crate::stream::Stream;
use crate::wrap::Party;

impl AccessLog {
    /// Whether a device may write a stream after entry `n`: check 3 of an envelope.
    pub fn may_write(&self, device: DeviceNumber, stream: Stream, n: u64) -> bool {
        let Some(known) = self.device(device).filter(|known| known.active_at(n) && !known.recovery) else {
            return false;
        };
        if self.closed.is_some_and(|closed| closed <= n) {
            return false;
        }
        self.role_of(known.member, n).is_some_and(|role| match stream {
            Stream::Private(member) => member == known.member,
            shared => role.writes(shared),
        })
    }

    /// Whether a device may read a stream after entry `n`. Who waits to be admitted reads access only.
    pub fn may_read(&self, device: DeviceNumber, stream: Stream, n: u64) -> bool {
        let Some(known) = self.device(device) else { return false };
        if !known.active_at(n) {
            // Only a member's first device ever waits.
            let first = known.number.0 == known.member.0;
            let admitted = known.from.is_some_and(|from| from <= n);
            let waiting = first && !admitted && known.until.is_none_or(|until| n < until);
            return stream == Stream::Access
                && waiting
                && self.members.get(&known.member).is_some_and(|member| member.joined <= n);
        }
        self.role_of(known.member, n).is_some_and(|role| Self::role_reads(role, known.member, stream))
    }

    /// How far a device may read the access stream now: to its head while it belongs to the circle or waits to be
    /// admitted; later, for good, to the entry that ended it, which is signed, as a server's word is not.
    pub fn reads_access_to(&self, device: DeviceNumber) -> Option<u64> {
        let head = self.head();
        if self.may_read(device, Stream::Access, head) { Some(head) } else { self.device(device)?.until }
    }

    pub(super) fn role_reads(role: Role, own: MemberNumber, stream: Stream) -> bool {
        match stream {
            Stream::Private(member) => member == own,
            shared => role.reads(shared),
        }
    }

    /// The streams that a device reads now, access first.
    pub fn streams_of(&self, device: DeviceNumber) -> Vec<Stream> {
        let own = self.member_of(device).map(Stream::Private);
        let all = [Stream::Access, Stream::Commons, Stream::Network, Stream::Care].into_iter().chain(own);
        all.filter(|stream| self.may_read(device, *stream, self.head())).collect()
    }

    /// Who must get a new key of a class now, with the box key of each: the active devices that read it
    /// (recovery kits too) and the direct invitations that are open at this time.
    pub fn recipients(&self, stream: Stream, now_ms: u64) -> Vec<(Party, [u8; 32])> {
        let devices = self.devices.iter().filter(|device| {
            device.active()
                && self
                    .members
                    .get(&device.member)
                    .and_then(super::state::Member::role)
                    .is_some_and(|role| Self::role_reads(role, device.member, stream))
        });
        let invitations = self.invitations.values().filter(|invitation| {
            invitation.invite.direct && invitation.open(now_ms) && invitation.invite.role.reads(stream)
        });
        devices
            .map(|device| (Party::Device(device.number), device.public.seal))
            .chain(invitations.map(|open| (Party::Invitation(open.invite.id), open.invite.keys.seal)))
            .collect()
    }

    /// Whose wraps an active device is given: its own, and those of the direct invitation that it joined by.
    pub fn parties_of(&self, device: DeviceNumber) -> Vec<Party> {
        if !self.device_active(device, self.head()) {
            return Vec::new();
        }
        let joined = self.members.get(&MemberNumber(device.0)).and_then(|member| member.invite);
        let direct = joined.filter(|id| self.invitations.get(id).is_some_and(|known| known.invite.direct));
        [Some(Party::Device(device)), direct.map(Party::Invitation)].into_iter().flatten().collect()
    }

    /// The box key of a recipient that is known, active or not.
    pub fn seal_key(&self, party: Party) -> Option<[u8; 32]> {
        match party {
            Party::Device(number) => self.device(number).map(|device| device.public.seal),
            Party::Invitation(id) => self.invitations.get(&id).map(|known| known.invite.keys.seal),
        }
    }

    /// Whether a member may invite, cancel, admit and refuse for this role now.
    pub fn may_invite(&self, member: MemberNumber, role: Role) -> bool {
        match self.members.get(&member).and_then(super::state::Member::role) {
            Some(Role::Coordinator) => role != Role::Coordinator,
            Some(Role::Caregiver) => {
                self.settings.caregivers_invite && matches!(role, Role::Helper | Role::Friend)
            }
            _ => false,
        }
    }

    /// The devices that may admit somebody to this role: they get the key of a joiner's name.
    pub(super) fn admitters(&self, role: Role) -> impl Iterator<Item = DeviceNumber> {
        self.devices
            .iter()
            .filter(move |device| device.active() && !device.recovery && self.may_invite(device.member, role))
            .map(|device| device.number)
    }

    /// The classes that need a new key: somebody who knew the old one went without it being changed, or a
    /// direct invitation expired unused. Whoever may write such a class should rotate it, after a random
    /// 0 to 30 s so that one does.
    pub fn due_classes(&self, now_ms: u64) -> Vec<Stream> {
        let due = self.classes.iter().filter(|(stream, class)| {
            let Some(last) = class.epochs.last() else { return false };
            let rotated = self.stamp_at(last.from).unwrap_or(0);
            let expired = self.invitations.values().any(|invitation| {
                invitation.invite.direct
                    && invitation.invite.role.reads(**stream)
                    && invitation.cancelled.is_none()
                    && invitation.uses_left > 0
                    && invitation.invite.expires <= now_ms
                    && rotated < invitation.invite.expires
            });
            class.due.is_some() || expired
        });
        due.map(|(stream, _)| *stream).collect()
    }

    /// Whether somebody other than `member` could still run the circle.
    pub(super) fn coordinator_beside(&self, member: MemberNumber) -> bool {
        self.members.values().any(|other| {
            other.number != member
                && other.standing == Standing::Active
                && other.role() == Some(Role::Coordinator)
                && self.devices_of(other.number).next().is_some()
        })
    }
}
