//! What an action must bring along: which classes get new keys, and for exactly whom keys are sealed.
//! Builders and the server both ask here, so that they cannot disagree.

use super::action::Action;
use super::log::AccessLog;
use super::state::{Device, Member};
use crate::identity::{DeviceNumber, InviteId, MemberNumber, Role};
use crate::sabotage::{Safeguard, is_off};
use crate::stream::Stream;
use crate::wrap::{Party, WrapSubject};
use std::collections::BTreeSet;

/// What must travel with an action, and what it leaves to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// The classes whose keys it changes, ascending.
    pub rotations: Vec<Stream>,
    /// Exactly the wraps beside it.
    pub wraps: BTreeSet<(Party, WrapSubject)>,
    /// The classes that it makes due, because its author must not choose the new key or cannot.
    pub due: Vec<Stream>,
}

impl Needs {
    /// The key of the class as it is now, for these recipients.
    fn share(&mut self, log: &AccessLog, stream: Stream, to: impl IntoIterator<Item = Party>) {
        let epoch = log.epoch(stream);
        if epoch > 0 {
            self.wraps.extend(to.into_iter().map(|party| (party, WrapSubject::Epoch(stream, epoch))));
        }
    }

    /// A new key of the class, for all its recipients but those.
    fn rotate(&mut self, log: &AccessLog, stream: Stream, now_ms: u64, but: impl Fn(Party) -> bool) {
        let subject = WrapSubject::Epoch(stream, log.epoch(stream).saturating_add(1));
        let recipients = log.recipients(stream, now_ms).into_iter().map(|(party, _)| party);
        self.wraps.extend(recipients.filter(|party| !but(*party)).map(|party| (party, subject)));
        self.rotations.push(stream);
    }
}

impl AccessLog {
    /// What `action` by `author` needs at this head and time. Meaningful for actions that the rules permit.
    pub fn needs(&self, author: DeviceNumber, action: &Action, now_ms: u64) -> Needs {
        let mut needs = Needs::default();
        let by = self.device(author);
        match action {
            Action::Found(_) => needs.rotations = Stream::SHARED.to_vec(),
            Action::Invite(invite) if invite.direct => {
                for stream in shared(Some(invite.role)) {
                    needs.share(self, stream, [Party::Invitation(invite.id)]);
                }
            }
            Action::CancelInvite(id, _) => {
                if let Some(known) = self.invitations.get(id).filter(|known| known.invite.direct) {
                    for stream in shared(Some(known.invite.role)) {
                        needs.rotate(self, stream, now_ms, |party| party == Party::Invitation(*id));
                    }
                }
            }
            Action::Join(join) => {
                if let Some(known) = self.invitations.get(&join.invite) {
                    let name = WrapSubject::Name(self.next_member());
                    let admitters = self.admitters(known.invite.role);
                    needs.wraps = admitters.map(|device| (Party::Device(device), name)).collect();
                }
            }
            Action::Admit(member) => {
                let role = self.members.get(member).and_then(|pending| self.asked_role(pending));
                for stream in shared(role) {
                    needs.share(self, stream, [Party::Device(DeviceNumber(member.0))]);
                }
            }
            Action::SetRole(member, role, _) => self.set_role_needs(&mut needs, by, *member, *role, now_ms),
            Action::Remove(..) if is_off(Safeguard::Rotation) => {}
            Action::Remove(member, _) => {
                let role = self.members.get(member).and_then(Member::role);
                for stream in shared(role) {
                    needs.rotate(self, stream, now_ms, |party| self.known_to(party, *member));
                }
            }
            Action::Leave => {
                let role = by.and_then(|device| self.members.get(&device.member)).and_then(Member::role);
                needs.due = shared(role).collect();
            }
            Action::AddDevice(..) => {
                let new = Party::Device(DeviceNumber(self.next_member().0));
                for stream in self.streams_of(author) {
                    needs.share(self, stream, [new]);
                }
            }
            Action::RevokeDevice(device, _) => self.revoke_needs(&mut needs, author, *device, now_ms),
            Action::RotateKeys(rotations) => {
                for rotation in rotations {
                    needs.rotate(self, rotation.stream, now_ms, |_| false);
                }
            }
            _ => {}
        }
        needs
    }

    fn set_role_needs(
        &self,
        needs: &mut Needs,
        by: Option<&Device>,
        member: MemberNumber,
        role: Role,
        now_ms: u64,
    ) {
        let Some(old) = self.members.get(&member).and_then(Member::role) else { return };
        let own = by.is_some_and(|device| device.member == member);
        for stream in Stream::SHARED {
            match (old.reads(stream), role.reads(stream)) {
                // Who steps down must not choose the key that shuts them out.
                (true, false) if own => needs.due.push(stream),
                (true, false) => needs.rotate(self, stream, now_ms, |party| self.known_to(party, member)),
                // An heir does not have the keys that it gains; whoever has them uploads the wraps.
                (false, true) if !own => {
                    let devices: Vec<_> = self.devices_of(member).map(|d| Party::Device(d.number)).collect();
                    needs.share(self, stream, devices);
                }
                _ => {}
            }
        }
    }

    fn revoke_needs(&self, needs: &mut Needs, author: DeviceNumber, device: DeviceNumber, now_ms: u64) {
        let Some(owner) = self.member_of(device) else { return };
        let shut_out = |party| match party {
            Party::Device(other) => other == device,
            Party::Invitation(id) => self.knows_link(owner, &id),
        };
        for stream in self.streams_of(device).into_iter().filter(|stream| self.epoch(*stream) > 0) {
            if author != device && self.may_read(author, stream, self.head()) {
                needs.rotate(self, stream, now_ms, shut_out);
            } else {
                needs.due.push(stream);
            }
        }
    }

    /// The number that the next device, and a member who joins with it, gets.
    pub fn next_member(&self) -> MemberNumber {
        MemberNumber(u32::try_from(self.devices.len()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// The role that a pending member asks for.
    pub(super) fn asked_role(&self, member: &Member) -> Option<Role> {
        self.invitations.get(&member.invite?).map(|known| known.invite.role)
    }

    /// The member whose links an action closes: who loses a class knows the secrets of the invitations that they
    /// made or came by, and could return with them. A device that others take out may be in wrong hands.
    pub(super) fn loser(&self, author: DeviceNumber, action: &Action) -> Option<MemberNumber> {
        match action {
            Action::Remove(member, _) => Some(*member),
            Action::Leave => self.member_of(author),
            Action::RevokeDevice(device, _) if *device != author => self.member_of(*device),
            Action::SetRole(member, role, _) => {
                let old = self.members.get(member).and_then(Member::role)?;
                Stream::SHARED.iter().any(|s| old.reads(*s) && !role.reads(*s)).then_some(*member)
            }
            _ => None,
        }
    }

    /// Whether a member made an invitation or came by it.
    pub(super) fn knows_link(&self, member: MemberNumber, id: &InviteId) -> bool {
        let came = self.members.get(&member).is_some_and(|known| known.invite == Some(*id));
        came || self.invitations.get(id).is_some_and(|known| known.by == member)
    }

    fn known_to(&self, party: Party, member: MemberNumber) -> bool {
        match party {
            Party::Device(device) => self.member_of(device) == Some(member),
            Party::Invitation(id) => self.knows_link(member, &id),
        }
    }
}

/// The shared classes that a role reads.
fn shared(role: Option<Role>) -> impl Iterator<Item = Stream> {
    Stream::SHARED.into_iter().filter(move |stream| role.is_some_and(|role| role.reads(*stream)))
}
