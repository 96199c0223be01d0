//! The epoch keys that a device holds, each checked against its commitment.

use crate::access::{AccessLog, Rotation};
use crate::cbor::DecodeError;
use crate::hash::{Hash, Tuple, derive};
use crate::identity::{CircleId, DeviceNumber, DeviceSecrets};
use crate::sabotage::{Safeguard, is_off};
use crate::sealed;
use crate::stream::Stream;
use crate::wrap::{Party, Wrap, WrapError, WrapSubject};
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use std::collections::BTreeMap;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The key of a class in an epoch. Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Encode, Decode)]
#[cbor(transparent)]
pub struct EpochKey(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl EpochKey {
    /// A fresh key.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut key = Self([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// What a rotation publishes, so that everybody holds the same key. In Found, whose hash is the circle's id,
    /// `circle` is 32 zero bytes.
    pub fn commit(&self, circle: &CircleId, stream: Stream, epoch: u32) -> Hash {
        let info = Tuple::new("commit", 3).bytes(&circle.0).value(&stream).uint(epoch.into());
        Hash(*derive(&self.0, &info))
    }
}

impl fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EpochKey(redacted)")
    }
}

/// Why a key was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The wrap does not open with these keys.
    #[error(transparent)]
    Wrap(#[from] WrapError),
    /// It is for somebody else, or holds no epoch key.
    #[error("this key is for somebody else")]
    Recipient,
    /// The access stream (as far as it is known here) has no such epoch.
    #[error("this epoch is not known yet")]
    UnknownEpoch,
    /// It is not the key that the rotation committed to.
    #[error("this is not the key that the circle agreed on")]
    Commit,
}

/// A rotation in the making: the public part, the wraps, and the key for one's own ring once it is accepted.
#[derive(Debug, Clone)]
pub struct Rotated {
    /// For the action.
    pub rotation: Rotation,
    /// For exactly the recipients.
    pub wraps: Vec<Wrap>,
    /// The new key.
    pub key: EpochKey,
}

/// The keys of one member in one circle, on one device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keyring {
    keys: BTreeMap<(Stream, u32), EpochKey>,
}

impl Keyring {
    /// The key of a class in an epoch.
    pub fn key(&self, stream: Stream, epoch: u32) -> Option<&EpochKey> {
        self.keys.get(&(stream, epoch))
    }

    /// Takes a key that matches its commitment, and every older one that it opens.
    pub fn insert(
        &mut self,
        log: &AccessLog,
        stream: Stream,
        epoch: u32,
        key: EpochKey,
    ) -> Result<(), KeyError> {
        let mut next = Some(self.insert_one(log, stream, epoch, key)?);
        // A rotator who sealed a wrong older key does not spoil the new one: the chain just ends there.
        while let Some((epoch, key)) = next.flatten().filter(|(epoch, _)| self.key(stream, *epoch).is_none())
        {
            next = self.insert_one(log, stream, epoch, key).ok();
        }
        Ok(())
    }

    /// Takes one key; the one before it, if it is sealed under this one.
    fn insert_one(
        &mut self,
        log: &AccessLog,
        stream: Stream,
        epoch: u32,
        key: EpochKey,
    ) -> Result<Option<(u32, EpochKey)>, KeyError> {
        let rotation = log.rotation(stream, epoch).ok_or(KeyError::UnknownEpoch)?;
        let commit = key.commit(&log.commit_circle(stream, epoch), stream, epoch);
        if !bool::from(commit.0.ct_eq(&rotation.commit.0)) && !is_off(Safeguard::Commit) {
            return Err(KeyError::Commit);
        }
        let older = rotation.previous.and_then(|sealed| open_previous(log, rotation, &key, &sealed));
        self.keys.insert((stream, epoch), key);
        Ok(older.map(|older| (epoch - 1, older)))
    }

    /// Opens a wrap that was sealed for this device, or for the invitation by which it joined. Gives whether a key came by
    /// it: one that is held already is not opened again, and cannot be another.
    pub fn take_wrap(
        &mut self,
        log: &AccessLog,
        wrap: &Wrap,
        own: Party,
        secrets: &DeviceSecrets,
    ) -> Result<bool, KeyError> {
        let WrapSubject::Epoch(stream, epoch) = wrap.subject else { return Err(KeyError::Recipient) };
        if wrap.recipient != own {
            return Err(KeyError::Recipient);
        }
        if self.key(stream, epoch).is_some() {
            return Ok(false);
        }
        let key = wrap.open(&log.circle(), secrets)?;
        self.insert(log, stream, epoch, EpochKey(*key))?;
        Ok(true)
    }

    /// The streams that a device may read now but lacks the current key of.
    pub fn missing(&self, log: &AccessLog, device: DeviceNumber) -> Vec<Stream> {
        let lacks =
            |stream: &Stream| log.epoch(*stream) > 0 && self.key(*stream, log.epoch(*stream)).is_none();
        log.streams_of(device).into_iter().filter(lacks).collect()
    }

    /// Forgets the keys of a stream that one may not read any more.
    pub fn forget(&mut self, stream: Stream) {
        self.keys.retain(|(of, _), _| *of != stream);
    }

    /// A new key for a class, sealed for exactly those who must have it at this head and time.
    pub fn rotate(
        &self,
        stream: Stream,
        log: &AccessLog,
        now_ms: u64,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Rotated, KeyError> {
        let recipients =
            log.recipients(stream, now_ms).into_iter().map(|(party, _)| party).collect::<Vec<_>>();
        self.rotate_for(stream, log, &recipients, rng)
    }

    pub(crate) fn rotate_for(
        &self,
        stream: Stream,
        log: &AccessLog,
        recipients: &[Party],
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Rotated, KeyError> {
        let old = log.epoch(stream);
        let previous = match old {
            0 => None,
            old => Some(self.key(stream, old).ok_or(KeyError::UnknownEpoch)?),
        };
        let key = EpochKey::generate(rng);
        let epoch = old.checked_add(1).ok_or(KeyError::UnknownEpoch)?;
        let rotation = new_rotation(&log.circle(), stream, epoch, &key, previous);
        let wraps = recipients
            .iter()
            .map(|party| seal_for(log, *party, WrapSubject::Epoch(stream, epoch), &key.0, rng))
            .collect::<Result<_, _>>()?;
        Ok(Rotated { rotation, wraps, key })
    }

    /// The current key of a class for somebody who may read it and lacks it.
    pub fn wrap_for(
        &self,
        stream: Stream,
        log: &AccessLog,
        recipient: Party,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Wrap, KeyError> {
        let epoch = log.epoch(stream);
        let key = self.key(stream, epoch).ok_or(KeyError::UnknownEpoch)?;
        seal_for(log, recipient, WrapSubject::Epoch(stream, epoch), &key.0, rng)
    }

    /// For the device's secret store.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let rows: Vec<_> = self.keys.iter().map(|((stream, epoch), key)| (*stream, *epoch, key)).collect();
        Zeroizing::new(crate::cbor::to_vec(&rows))
    }

    /// What [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let rows: Vec<(Stream, u32, EpochKey)> =
            minicbor::decode(bytes).map_err(|_| DecodeError::Malformed)?;
        Ok(Self { keys: rows.into_iter().map(|(stream, epoch, key)| ((stream, epoch), key)).collect() })
    }
}

pub(crate) fn seal_for(
    log: &AccessLog,
    recipient: Party,
    subject: WrapSubject,
    key: &[u8; 32],
    rng: &mut (impl CryptoRng + ?Sized),
) -> Result<Wrap, KeyError> {
    let to = log.seal_key(recipient).ok_or(KeyError::Recipient)?;
    Ok(Wrap::seal(&log.circle(), recipient, &to, subject, key, rng)?)
}

/// The public part of a rotation.
pub(crate) fn new_rotation(
    circle: &CircleId,
    stream: Stream,
    epoch: u32,
    key: &EpochKey,
    previous: Option<&EpochKey>,
) -> Rotation {
    let previous = previous.and_then(|old| {
        let under = derive(&key.0, &Tuple::new("prev", 0));
        sealed::seal(&under, &sealed::ONCE, &old.0, &previous_data(circle, stream, epoch))?.try_into().ok()
    });
    Rotation { stream, epoch, commit: key.commit(circle, stream, epoch), previous }
}

fn previous_data(circle: &CircleId, stream: Stream, epoch: u32) -> Vec<u8> {
    Tuple::new("prev", 3).bytes(&circle.0).value(&stream).uint(epoch.into()).finish()
}

fn open_previous(
    log: &AccessLog,
    rotation: &Rotation,
    key: &EpochKey,
    sealed: &[u8; 48],
) -> Option<EpochKey> {
    let under = derive(&key.0, &Tuple::new("prev", 0));
    let data = previous_data(&log.circle(), rotation.stream, rotation.epoch);
    let old = Zeroizing::new(sealed::open(&under, &sealed::ONCE, sealed, &data)?);
    let mut key = EpochKey([0; 32]);
    (old.len() == 32).then(|| key.0.copy_from_slice(&old))?;
    Some(key)
}
