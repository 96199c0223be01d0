//! Founding a circle: the one entry that needs no circle.

use super::action::{Action, Found};
use super::entry::{AccessEntry, SignedAccess};
use super::log::{AccessLog, Checked};
use super::refusal::AccessRefusal;
use crate::VERSION;
use crate::hash::Hash;
use crate::identity::{CircleId, DeviceNumber, DeviceSecrets, Language, SignatureKind};
use crate::keyring::{EpochKey, new_rotation};
use crate::stream::Stream;
use crate::wrap::{Party, Wrap, WrapError, WrapSubject};
use rand_core::CryptoRng;

/// A founded circle, ready to be posted.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Its id.
    pub circle: CircleId,
    /// The Found entry.
    pub signed: SignedAccess,
    /// The keys, for the founder's own device.
    pub wraps: Vec<Wrap>,
    /// Epoch 1 of commons, network and care.
    pub keys: Vec<(Stream, EpochKey)>,
}

/// Founds a circle on this device. `continues` names a circle whose state is carried over after a fork.
pub fn found(
    secrets: &DeviceSecrets,
    language: Language,
    continues: Option<CircleId>,
    rng: &mut (impl CryptoRng + ?Sized),
) -> Result<Founding, WrapError> {
    let mut random = [0; 16];
    rng.fill_bytes(&mut random);
    let keys: Vec<_> = Stream::SHARED.into_iter().map(|stream| (stream, EpochKey::generate(rng))).collect();
    let public = secrets.public();
    // Found's commitments cannot name the circle, whose id is the hash of Found: they name 32 zero bytes.
    let none = CircleId([0; 32]);
    let rotations = keys.iter().map(|(stream, key)| new_rotation(&none, *stream, 1, key, None)).collect();
    let action = Action::Found(Found { random, keys: public, language, rotations, continues });
    let author = DeviceNumber(0);
    let entry = AccessEntry { version: VERSION, seq: 1, previous: Hash::ZERO, author, action };
    let signed = entry.sign(None, secrets);
    let circle = CircleId::of(&signed.bytes);
    let seal = |(stream, key): &(Stream, EpochKey)| {
        let subject = WrapSubject::Epoch(*stream, 1);
        Wrap::seal(&circle, Party::Device(DeviceNumber(1)), &public.seal, subject, &key.0, rng)
    };
    let wraps = keys.iter().map(seal).collect::<Result<_, _>>()?;
    Ok(Founding { circle, signed, wraps, keys })
}

pub(super) fn check_found(signed: &SignedAccess, stamp: u64) -> Result<(AccessLog, Checked), AccessRefusal> {
    let entry = AccessEntry::decode(&signed.bytes)?;
    if entry.seq != 1 || entry.previous != Hash::ZERO {
        return Err(AccessRefusal::Head(0, Hash::ZERO));
    }
    let Action::Found(found) = &entry.action else { return Err(AccessRefusal::Target) };
    if entry.author.0 != 0 {
        return Err(AccessRefusal::Author);
    }
    let circle = CircleId::of(&signed.bytes);
    if !signed.signature.verifies(&found.keys.sign, SignatureKind::Access, &circle, &signed.bytes) {
        return Err(AccessRefusal::Signature);
    }
    if !found.keys.usable() {
        return Err(AccessRefusal::Keys);
    }
    let first = |(rotation, stream): (&super::action::Rotation, Stream)| {
        rotation.stream == stream && rotation.epoch == 1 && rotation.previous.is_none()
    };
    if found.rotations.len() != 3 || !found.rotations.iter().zip(Stream::SHARED).all(first) {
        return Err(AccessRefusal::Rotations);
    }
    let log = AccessLog::empty(circle, found.language, found.continues);
    let hash = signed.chain(&Hash::ZERO, 1, stamp);
    Ok((log, Checked { entry, hash, stamp }))
}
