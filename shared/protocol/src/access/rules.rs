//! Whether an entry continues the access stream: form, place, author, and the rules of each action.

use super::action::{Action, Invite, Join, Rotation, Settings};
use super::entry::{AccessEntry, SignedAccess};
use super::log::{AccessLog, Checked};
use super::refusal::AccessRefusal;
use super::state::{Device, Member, Standing};
use crate::hash::Tuple;
use crate::identity::{DeviceNumber, DevicePublic, MemberNumber, Role, Signature, SignatureKind};
use crate::stream::Stream;

/// The most devices that a circle ever numbers.
pub const MAX_DEVICES: usize = 1024;
/// The most invitations that are open at a time.
pub const MAX_OPEN_INVITATIONS: usize = 64;
/// The most uses of an invitation.
pub const MAX_USES: u32 = 50;
/// The longest that an invitation stays open: 90 days in milliseconds.
pub const MAX_INVITATION_MS: u64 = 90 * 86_400_000;
/// How long the coordinators must have been silent before the heir may step in: 30 days in milliseconds.
pub const HEIR_WAIT_MS: u64 = 30 * 86_400_000;
/// How long before it is closed a circle must have been told: 7 days in milliseconds.
pub const CLOSING_NOTICE_MS: u64 = 7 * 86_400_000;
/// How far ahead that may be announced: 90 days in milliseconds.
pub const MAX_CLOSING_MS: u64 = 90 * 86_400_000;
/// The most bytes of a sealed greeting.
pub(super) const MAX_GREETING: usize = 512;
/// The most bytes of a joiner's sealed name.
pub(super) const MAX_SEALED_NAME: usize = 256;

type Rule = Result<(), AccessRefusal>;

/// The rule holds, or that is why not.
fn ensure(holds: bool, otherwise: AccessRefusal) -> Rule {
    if holds { Ok(()) } else { Err(otherwise) }
}

impl AccessLog {
    /// Checks an entry against this head, as of `stamp` (the server's time, Unix milliseconds). The wraps beside
    /// it are the server's business: [`crate::accept::accept_access`].
    pub fn check(&self, signed: &SignedAccess, stamp: u64) -> Result<Checked, AccessRefusal> {
        let entry = AccessEntry::decode(&signed.bytes)?;
        let next = self.head() + 1;
        let continues = entry.seq == next && entry.previous == self.head_hash();
        ensure(continues, AccessRefusal::Head(self.head(), self.head_hash()))?;
        ensure(stamp >= self.head_stamp(), AccessRefusal::Stamp)?;
        ensure(self.closed.is_none(), AccessRefusal::Closed)?;
        if let Action::Join(join) = &entry.action {
            ensure(entry.author.0 == 0, AccessRefusal::Author)?;
            self.verify(signed, &join.keys)?;
            self.check_join(join, stamp)?;
        } else {
            let author = self.device(entry.author).filter(|device| device.active());
            let author = author.ok_or(AccessRefusal::Author)?;
            self.verify(signed, &author.public)?;
            self.check_action(author, &entry.action, stamp)?;
        }
        self.check_rotations(&entry, stamp)?;
        Ok(Checked { hash: signed.chain(&self.head_hash(), next, stamp), entry, stamp })
    }

    fn verify(&self, signed: &SignedAccess, keys: &DevicePublic) -> Rule {
        let right = signed.signature.verifies(&keys.sign, SignatureKind::Access, &self.circle, &signed.bytes);
        ensure(right, AccessRefusal::Signature)
    }

    fn check_action(&self, author: &Device, action: &Action, stamp: u64) -> Rule {
        let member = self.members.get(&author.member).ok_or(AccessRefusal::Author)?;
        let role = member.role().ok_or(AccessRefusal::Author)?;
        let of_devices = matches!(action, Action::AddDevice(..) | Action::RevokeDevice(..));
        ensure(!author.recovery || of_devices, AccessRefusal::NoRight)?;
        let coordinator = || ensure(role == Role::Coordinator, AccessRefusal::NoRight);
        match action {
            Action::Found(_) | Action::Join(_) | Action::EraseStream(Stream::Access) => {
                Err(AccessRefusal::Target)
            }
            Action::Invite(invite) => self.check_invite(member.number, invite, stamp),
            Action::CancelInvite(id, _) => {
                let known = self.invitations.get(id).ok_or(AccessRefusal::Target)?;
                ensure(self.may_invite(member.number, known.invite.role), AccessRefusal::NoRight)?;
                ensure(known.cancelled.is_none() && known.uses_left > 0, AccessRefusal::Target)
            }
            Action::Admit(pending) | Action::Refuse(pending) => {
                let pending = self.members.get(pending).filter(|other| other.standing == Standing::Pending);
                let asked = pending.and_then(|pending| self.asked_role(pending));
                let asked = asked.ok_or(AccessRefusal::Target)?;
                ensure(self.may_invite(member.number, asked), AccessRefusal::NoRight)
            }
            Action::SetRole(target, new, _) => self.check_set_role(member, *target, *new, stamp),
            Action::Remove(target, _) => {
                coordinator()?;
                let active = self.members.get(target).is_some_and(|other| other.standing == Standing::Active);
                ensure(active && *target != member.number, AccessRefusal::Target)
            }
            Action::Leave => self.keeps_coordinator(member),
            Action::AddDevice(keys, _, signature) => self.check_new_device(member.number, keys, signature),
            Action::RevokeDevice(device, _) => self.check_revoke(member, *device),
            Action::RotateKeys(rotations) => self.check_rotate(author, role, rotations, stamp),
            Action::Settings(settings) => {
                coordinator()?;
                self.check_settings(settings)
            }
            Action::Move(host) => {
                coordinator()?;
                ensure(valid_host(host), AccessRefusal::Value)
            }
            Action::EraseStream(Stream::Private(owner)) => {
                ensure(*owner == member.number, AccessRefusal::NoRight)
            }
            Action::EraseStream(_) => coordinator(),
            Action::Closing(at) => {
                coordinator()?;
                self.check_closing(*at, stamp)
            }
            Action::Close => {
                coordinator()?;
                ensure(self.closing.is_some_and(|closing| stamp >= closing.at), AccessRefusal::Early)
            }
        }
    }

    fn check_invite(&self, by: MemberNumber, invite: &Invite, stamp: u64) -> Rule {
        ensure(self.may_invite(by, invite.role), AccessRefusal::NoRight)?;
        ensure((1..=MAX_USES).contains(&invite.uses), AccessRefusal::Value)?;
        ensure(invite.expires > stamp, AccessRefusal::Expired)?;
        ensure(invite.expires - stamp <= MAX_INVITATION_MS, AccessRefusal::Value)?;
        ensure(invite.greeting.len() <= MAX_GREETING, AccessRefusal::Value)?;
        ensure(!self.invitations.contains_key(&invite.id), AccessRefusal::Keys)?;
        ensure(self.invitations(stamp).count() < MAX_OPEN_INVITATIONS, AccessRefusal::Full)?;
        self.check_keys(&invite.keys)
    }

    fn check_join(&self, join: &Join, stamp: u64) -> Rule {
        let known = self.invitations.get(&join.invite).ok_or(AccessRefusal::Target)?;
        ensure(known.cancelled.is_none(), AccessRefusal::Target)?;
        ensure(stamp < known.invite.expires, AccessRefusal::Expired)?;
        ensure(known.uses_left > 0, AccessRefusal::UsedUp)?;
        ensure(join.name.sealed.len() <= MAX_SEALED_NAME, AccessRefusal::Value)?;
        let message = join_message(join);
        let invited = join.invite_signature.verifies(
            &known.invite.keys.sign,
            SignatureKind::Join,
            &self.circle,
            &message,
        );
        ensure(invited, AccessRefusal::Signature)?;
        ensure(self.devices.len() < MAX_DEVICES, AccessRefusal::Full)?;
        self.check_keys(&join.keys)
    }

    fn check_set_role(&self, by: &Member, target: MemberNumber, new: Role, stamp: u64) -> Rule {
        let member = self.members.get(&target).filter(|member| member.standing == Standing::Active);
        let member = member.ok_or(AccessRefusal::Target)?;
        ensure(member.role() != Some(new), AccessRefusal::Target)?;
        if by.role() == Some(Role::Coordinator) {
            return if new == Role::Coordinator { Ok(()) } else { self.keeps_coordinator(member) };
        }
        let inherits =
            self.settings.heir == Some(by.number) && target == by.number && new == Role::Coordinator;
        let silent = stamp >= self.coordinator_stamp.saturating_add(HEIR_WAIT_MS);
        ensure(inherits && silent, AccessRefusal::NoRight)
    }

    /// Without this member as a coordinator there is still one.
    fn keeps_coordinator(&self, member: &Member) -> Rule {
        let other = member.role() != Some(Role::Coordinator) || self.coordinator_beside(member.number);
        ensure(other, AccessRefusal::LastCoordinator)
    }

    fn check_new_device(&self, member: MemberNumber, keys: &DevicePublic, signature: &Signature) -> Rule {
        let message = new_device_message(member, keys);
        let consents = signature.verifies(&keys.sign, SignatureKind::NewDevice, &self.circle, &message);
        ensure(consents, AccessRefusal::Signature)?;
        ensure(self.devices.len() < MAX_DEVICES, AccessRefusal::Full)?;
        self.check_keys(keys)
    }

    fn check_revoke(&self, by: &Member, device: DeviceNumber) -> Rule {
        let target = self.device(device).filter(|target| target.active()).ok_or(AccessRefusal::Target)?;
        let allowed = target.member == by.number || by.role() == Some(Role::Coordinator);
        ensure(allowed, AccessRefusal::NoRight)?;
        let owner = self.members.get(&target.member).ok_or(AccessRefusal::Target)?;
        let last = self.devices_of(owner.number).all(|other| other.number == device);
        if last { self.keeps_coordinator(owner) } else { Ok(()) }
    }

    /// Whoever rotates gives the others their keys, and could give them none that work. So only coordinators do it of
    /// their own accord, everybody in their own class, and others where the circle waits for somebody to do it.
    fn check_rotate(&self, author: &Device, role: Role, rotations: &[Rotation], stamp: u64) -> Rule {
        ensure(!rotations.is_empty(), AccessRefusal::Rotations)?;
        let ascending = rotations.windows(2).all(|pair| matches!(pair, [a, b] if a.stream < b.stream));
        ensure(ascending, AccessRefusal::Rotations)?;
        let due = self.due_classes(stamp);
        let allowed = rotations.iter().all(|Rotation { stream, .. }| {
            let asked =
                role == Role::Coordinator || matches!(stream, Stream::Private(_)) || due.contains(stream);
            asked && self.may_write(author.number, *stream, self.head())
        });
        ensure(allowed, AccessRefusal::NoRight)
    }

    fn check_settings(&self, settings: &Settings) -> Rule {
        let Some(heir) = settings.heir else { return Ok(()) };
        let active = self.members.get(&heir).is_some_and(|member| member.standing == Standing::Active);
        ensure(active, AccessRefusal::Target)
    }

    /// Far enough ahead for everybody to see it, or something to take back.
    fn check_closing(&self, at: Option<u64>, stamp: u64) -> Rule {
        let Some(at) = at else { return ensure(self.closing.is_some(), AccessRefusal::Target) };
        let ahead = at.checked_sub(stamp).ok_or(AccessRefusal::Early)?;
        ensure(ahead >= CLOSING_NOTICE_MS, AccessRefusal::Early)?;
        ensure(ahead <= MAX_CLOSING_MS, AccessRefusal::Value)
    }

    /// Keys that can be used, and that nothing else in the circle uses.
    fn check_keys(&self, keys: &DevicePublic) -> Rule {
        let devices = self.devices.iter().map(|device| &device.public);
        let invitations = self.invitations.values().map(|invitation| &invitation.invite.keys);
        let known = devices.chain(invitations).any(|used| used.sign == keys.sign || used.seal == keys.seal);
        ensure(!known && keys.usable(), AccessRefusal::Keys)
    }

    /// Exactly the classes that the action must rotate, each to its next epoch.
    fn check_rotations(&self, entry: &AccessEntry, stamp: u64) -> Rule {
        let needed = self.needs(entry.author, &entry.action, stamp).rotations;
        let given = entry.action.rotations();
        let right = given.len() == needed.len()
            && given.iter().zip(needed).all(|(rotation, stream)| {
                let old = self.epoch(stream);
                rotation.stream == stream
                    && rotation.epoch == old.saturating_add(1)
                    && rotation.previous.is_some() == (old > 0)
            });
        ensure(right, AccessRefusal::Rotations)
    }
}

/// What an invitation's key signs for a joining device.
pub(super) fn join_message(join: &Join) -> Vec<u8> {
    Tuple::new("join", 2).value(&join.invite).value(&join.keys).finish()
}

/// What a new device signs about itself.
pub(crate) fn new_device_message(member: MemberNumber, keys: &DevicePublic) -> Vec<u8> {
    Tuple::new("newdev", 2).value(&member).value(keys).finish()
}

/// A DNS name or address, with a port or without, in lower case.
pub(crate) fn valid_host(host: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    !host.is_empty() && host.len() <= 253 && host.bytes().all(allowed)
}
