//! One call for each action that a person can take.

use super::action::{Action, Invite, Join, Rotation, SealedName, Settings};
use super::author::{Author, BuildError, Proposal};
use super::rules::{join_message, new_device_message};
use crate::hash::Hash;
use crate::identity::{
    CircleId, DeviceNumber, DevicePublic, DeviceSecrets, InviteId, MemberNumber, Role, Signature,
    SignatureKind,
};
use crate::invite::{Greeting, InviteSecret};
use crate::keyring::{KeyError, seal_for};
use crate::name;
use crate::stream::Stream;
use crate::wrap::{Party, Wrap, WrapSubject};
use rand_core::CryptoRng;
use std::collections::BTreeSet;

/// What an invitation offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteTerms {
    /// Its name in the link: a fresh UUID v4.
    pub id: InviteId,
    /// Never coordinator.
    pub role: Role,
    /// 1 to 50.
    pub uses: u32,
    /// Unix milliseconds.
    pub expires: u64,
    /// Active at once, or pending until admitted.
    pub direct: bool,
}

impl Author<'_> {
    /// Opens an invitation for whoever gets the link with this secret.
    pub fn invite(
        &self,
        terms: &InviteTerms,
        secret: &InviteSecret,
        greeting: &Greeting,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        let InviteTerms { id, role, uses, expires, direct } = *terms;
        let keys = secret.secrets().public();
        let greeting = secret.seal_greeting(&self.log.circle(), &id, greeting).ok_or(BuildError::TooLong)?;
        self.propose(Action::Invite(Invite { id, keys, role, uses, expires, direct, greeting }), rng)
    }

    /// Closes an invitation.
    pub fn cancel_invite(
        &self,
        id: InviteId,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::CancelInvite(id, Vec::new()), rng)
    }

    /// Joins by an invitation whose secret this device was given. `device` is 0 and the key ring empty.
    pub fn join(
        &self,
        invite: InviteId,
        secret: &InviteSecret,
        name: &str,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        let (key, name) =
            name::seal(&self.log.circle(), self.log.next_member(), name, rng).ok_or(BuildError::TooLong)?;
        let mut join = join_unsigned(invite, self.secrets.public(), name);
        let message = join_message(&join);
        join.invite_signature = secret.secrets().sign(SignatureKind::Join, &self.log.circle(), &message);
        let action = Action::Join(join);
        let needs = self.log.needs(self.device, &action, self.now_ms);
        let seal = |(party, subject): (Party, WrapSubject)| seal_for(self.log, party, subject, &key.0, rng);
        let wraps = needs.wraps.into_iter().map(seal).collect::<Result<_, _>>()?;
        Ok(Proposal { signed: self.sign(action), wraps, keys: Vec::new() })
    }

    /// Lets a pending member in.
    pub fn admit(
        &self,
        member: MemberNumber,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::Admit(member), rng)
    }

    /// Turns a pending member away.
    pub fn refuse(
        &self,
        member: MemberNumber,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::Refuse(member), rng)
    }

    /// Gives a member another role.
    pub fn set_role(
        &self,
        member: MemberNumber,
        role: Role,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::SetRole(member, role, Vec::new()), rng)
    }

    /// Takes a member out.
    pub fn remove(
        &self,
        member: MemberNumber,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::Remove(member, Vec::new()), rng)
    }

    /// Goes.
    pub fn leave(&self, rng: &mut (impl CryptoRng + ?Sized)) -> Result<Proposal, BuildError> {
        self.propose(Action::Leave, rng)
    }

    /// Adds a device of the same member, which signed [`consent`].
    pub fn add_device(
        &self,
        keys: DevicePublic,
        recovery: bool,
        consent: Signature,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        // Its keys are sealed to a device that the log does not know yet.
        let action = Action::AddDevice(keys, recovery, consent);
        let needs = self.log.needs(self.device, &action, self.now_ms);
        let mut wraps = Vec::new();
        for (party, subject) in needs.wraps {
            let key = self.key_of(subject)?;
            let wrap = Wrap::seal(&self.log.circle(), party, &keys.seal, subject, &key.0, rng);
            wraps.push(wrap.map_err(KeyError::from)?);
        }
        Ok(Proposal { signed: self.sign(action), wraps, keys: Vec::new() })
    }

    /// Takes a device out.
    pub fn revoke_device(
        &self,
        device: DeviceNumber,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::RevokeDevice(device, Vec::new()), rng)
    }

    /// Changes the keys of these classes.
    pub fn rotate_keys(
        &self,
        streams: &[Stream],
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        let classes: BTreeSet<_> = streams.iter().copied().collect();
        // Only the classes count: the rotations are made by `propose`.
        let blank = |stream| Rotation { stream, epoch: 0, commit: Hash::ZERO, previous: None };
        self.propose(Action::RotateKeys(classes.into_iter().map(blank).collect()), rng)
    }

    /// Replaces the circle's rules.
    pub fn settings(
        &self,
        settings: Settings,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::Settings(settings), rng)
    }

    /// Names the host where the circle goes on.
    pub fn move_to(&self, host: &str, rng: &mut (impl CryptoRng + ?Sized)) -> Result<Proposal, BuildError> {
        self.propose(Action::Move(host.to_owned()), rng)
    }

    /// Drops the bodies that a stream has so far.
    pub fn erase(&self, stream: Stream, rng: &mut (impl CryptoRng + ?Sized)) -> Result<Proposal, BuildError> {
        self.propose(Action::EraseStream(stream), rng)
    }

    /// Announces when the circle may be closed (Unix milliseconds), or takes that back.
    pub fn closing(
        &self,
        at: Option<u64>,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::Closing(at), rng)
    }

    /// Ends the circle.
    pub fn close(&self, rng: &mut (impl CryptoRng + ?Sized)) -> Result<Proposal, BuildError> {
        self.propose(Action::Close, rng)
    }
}

/// A new device agrees to belong to `member`: for [`Author::add_device`] on a device that already does.
pub fn consent(secrets: &DeviceSecrets, circle: &CircleId, member: MemberNumber) -> Signature {
    secrets.sign(SignatureKind::NewDevice, circle, &new_device_message(member, &secrets.public()))
}

fn join_unsigned(invite: InviteId, keys: DevicePublic, name: SealedName) -> Join {
    Join { invite, keys, name, invite_signature: Signature([0; 64]) }
}
