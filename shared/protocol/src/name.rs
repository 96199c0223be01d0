//! The name that a joiner gives: sealed for those who may admit, before there is a document to write it in.

use crate::access::SealedName;
use crate::hash::{Hash, Tuple, derive};
use crate::identity::{CircleId, DeviceSecrets, MemberNumber};
use crate::keyring::{EpochKey, KeyError};
use crate::sealed;
use crate::wrap::{Wrap, WrapSubject};
use rand_core::CryptoRng;

/// The most bytes of a name, UTF-8.
pub const MAX_NAME: usize = 200;

fn commit(key: &EpochKey, circle: &CircleId, member: MemberNumber) -> Hash {
    Hash(*derive(&key.0, &Tuple::new("commit-name", 2).bytes(&circle.0).value(&member)))
}

fn data(circle: &CircleId, member: MemberNumber) -> Vec<u8> {
    Tuple::new("name", 2).bytes(&circle.0).value(&member).finish()
}

pub(crate) fn seal(
    circle: &CircleId,
    member: MemberNumber,
    name: &str,
    rng: &mut (impl CryptoRng + ?Sized),
) -> Option<(EpochKey, SealedName)> {
    if name.len() > MAX_NAME {
        return None;
    }
    let key = EpochKey::generate(rng);
    let under = derive(&key.0, &Tuple::new("name", 0));
    let sealed = sealed::seal(&under, &sealed::ONCE, name.as_bytes(), &data(circle, member))?;
    let commit = commit(&key, circle, member);
    Some((key, SealedName { commit, sealed }))
}

/// The name of a joining member, by the wrap that a device which may admit was given.
pub fn open(
    circle: &CircleId,
    member: MemberNumber,
    name: &SealedName,
    wrap: &Wrap,
    secrets: &DeviceSecrets,
) -> Result<String, KeyError> {
    if wrap.subject != WrapSubject::Name(member) {
        return Err(KeyError::Recipient);
    }
    let key = EpochKey(*wrap.open(circle, secrets)?);
    if commit(&key, circle, member) != name.commit {
        return Err(KeyError::Commit);
    }
    let under = derive(&key.0, &Tuple::new("name", 0));
    let plain = sealed::open(&under, &sealed::ONCE, &name.sealed, &data(circle, member));
    plain.and_then(|plain| String::from_utf8(plain).ok()).ok_or(KeyError::Commit)
}
