//! How a device makes an action: the entry, signed at the present head, and the wraps beside it.

use super::action::{Action, Invite, Join, Rotation, SealedName, Settings};
use super::entry::{AccessEntry, SignedAccess};
use super::log::AccessLog;
use super::rules::{join_message, new_device_message};
use crate::VERSION;
use crate::identity::{
    CircleId, DeviceNumber, DevicePublic, DeviceSecrets, InviteId, MemberNumber, Role, Signature,
    SignatureKind,
};
use crate::invite::{Greeting, InviteSecret};
use crate::keyring::{EpochKey, KeyError, Keyring, seal_for};
use crate::name;
use crate::stream::Stream;
use crate::wrap::{Party, Wrap, WrapSubject};
use rand_core::CryptoRng;
use std::collections::BTreeMap;

/// Why an action could not be made. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A key that it needs is not here (yet).
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The invitation, member or device that it is about is not known.
    #[error("what it is about is not known")]
    Target,
    /// A text is too long.
    #[error("the text is too long")]
    TooLong,
}

/// An action ready to be submitted. It holds only at the head it was made for.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The signed entry.
    pub signed: SignedAccess,
    /// The keys beside it.
    pub wraps: Vec<Wrap>,
    /// The keys that it brings, for [`Keyring::insert`] once the entry has been accepted.
    pub keys: Vec<(Stream, u32, EpochKey)>,
}

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

/// A device that acts, at the head of a log.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// The verified stream.
    pub log: &'a AccessLog,
    /// The device's number; 0 when it joins.
    pub device: DeviceNumber,
    /// Its keys.
    pub secrets: &'a DeviceSecrets,
    /// The epoch keys that it holds.
    pub keyring: &'a Keyring,
    /// Unix milliseconds by the best knowledge of the server's clock.
    pub now_ms: u64,
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
        let mut proposal = Proposal { signed: self.sign(Action::Leave), wraps: Vec::new(), keys: Vec::new() };
        let mut streams = streams.to_vec();
        streams.sort_unstable();
        streams.dedup();
        let mut rotations = Vec::new();
        for stream in streams {
            let rotated = self.keyring.rotate(stream, self.log, self.now_ms, rng)?;
            rotations.push(rotated.rotation);
            proposal.wraps.extend(rotated.wraps);
            proposal.keys.push((stream, rotated.rotation.epoch, rotated.key));
        }
        proposal.signed = self.sign(Action::RotateKeys(rotations));
        Ok(proposal)
    }

    /// Replaces the circle's rules.
    pub fn settings(
        &self,
        settings: Settings,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        self.propose(Action::Settings(settings), rng)
    }

    /// Any action whose keys follow from [`AccessLog::needs`]; rotations already in it are made anew.
    pub fn propose(
        &self,
        action: Action,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Proposal, BuildError> {
        let needs = self.log.needs(self.device, &action, self.now_ms);
        let mut recipients: BTreeMap<Stream, Vec<Party>> = BTreeMap::new();
        let (mut rotations, mut wraps, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for (party, subject) in needs.wraps {
            match subject {
                WrapSubject::Epoch(stream, _) if needs.rotations.contains(&stream) => {
                    recipients.entry(stream).or_default().push(party);
                }
                subject => wraps.push(self.wrap(party, subject, &action, rng)?),
            }
        }
        for stream in needs.rotations {
            let parties = recipients.remove(&stream).unwrap_or_default();
            let rotated = self.keyring.rotate_for(stream, self.log, &parties, rng)?;
            rotations.push(rotated.rotation);
            wraps.extend(rotated.wraps);
            keys.push((stream, rotated.rotation.epoch, rotated.key));
        }
        Ok(Proposal { signed: self.sign(with_rotations(action, rotations)), wraps, keys })
    }

    fn wrap(
        &self,
        party: Party,
        subject: WrapSubject,
        action: &Action,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Wrap, BuildError> {
        let key = self.key_of(subject)?;
        let known = self.log.seal_key(party);
        let to = match action {
            // The log does not know the invitation yet.
            Action::Invite(invite) if party == Party::Invitation(invite.id) => invite.keys.seal,
            _ => known.ok_or(BuildError::Target)?,
        };
        Ok(Wrap::seal(&self.log.circle(), party, &to, subject, &key.0, rng).map_err(KeyError::from)?)
    }

    fn key_of(&self, subject: WrapSubject) -> Result<&EpochKey, BuildError> {
        let WrapSubject::Epoch(stream, epoch) = subject else { return Err(BuildError::Target) };
        Ok(self.keyring.key(stream, epoch).ok_or(KeyError::UnknownEpoch)?)
    }

    /// The entry with this action at the present head.
    fn sign(&self, action: Action) -> SignedAccess {
        let author = if matches!(action, Action::Join(_)) { DeviceNumber(0) } else { self.device };
        let (seq, previous) = (self.log.head() + 1, self.log.head_hash());
        let entry = AccessEntry { version: VERSION, seq, previous, author, action };
        entry.sign(Some(&self.log.circle()), self.secrets)
    }
}

/// A new device agrees to belong to `member`: for [`Author::add_device`] on a device that already does.
pub fn consent(secrets: &DeviceSecrets, circle: &CircleId, member: MemberNumber) -> Signature {
    secrets.sign(SignatureKind::NewDevice, circle, &new_device_message(member, &secrets.public()))
}

fn join_unsigned(invite: InviteId, keys: DevicePublic, name: SealedName) -> Join {
    Join { invite, keys, name, invite_signature: Signature([0; 64]) }
}

fn with_rotations(action: Action, rotations: Vec<Rotation>) -> Action {
    match action {
        Action::CancelInvite(id, _) => Action::CancelInvite(id, rotations),
        Action::SetRole(member, role, _) => Action::SetRole(member, role, rotations),
        Action::Remove(member, _) => Action::Remove(member, rotations),
        Action::RevokeDevice(device, _) => Action::RevokeDevice(device, rotations),
        other => other,
    }
}
