//! A device that acts: any action with the keys that the rules want beside it, signed at the present head.

use super::action::{Action, Rotation};
use super::entry::{AccessEntry, SignedAccess};
use super::log::AccessLog;
use crate::VERSION;
use crate::identity::{DeviceNumber, DeviceSecrets};
use crate::keyring::{EpochKey, KeyError, Keyring};
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

    pub(super) fn key_of(&self, subject: WrapSubject) -> Result<&EpochKey, BuildError> {
        let WrapSubject::Epoch(stream, epoch) = subject else { return Err(BuildError::Target) };
        Ok(self.keyring.key(stream, epoch).ok_or(KeyError::UnknownEpoch)?)
    }

    /// The entry with this action at the present head.
    pub(super) fn sign(&self, action: Action) -> SignedAccess {
        let author = if matches!(action, Action::Join(_)) { DeviceNumber(0) } else { self.device };
        let (seq, previous) = (self.log.head() + 1, self.log.head_hash());
        let entry = AccessEntry { version: VERSION, seq, previous, author, action };
        entry.sign(Some(&self.log.circle()), self.secrets)
    }
}

fn with_rotations(action: Action, rotations: Vec<Rotation>) -> Action {
    match action {
        Action::CancelInvite(id, _) => Action::CancelInvite(id, rotations),
        Action::SetRole(member, role, _) => Action::SetRole(member, role, rotations),
        Action::Remove(member, _) => Action::Remove(member, rotations),
        Action::RotateKeys(_) => Action::RotateKeys(rotations),
        Action::RevokeDevice(device, _) => Action::RevokeDevice(device, rotations),
        other => other,
    }
}
