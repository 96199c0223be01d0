//! Wraps: one epoch key (or one joiner's name key) sealed for one recipient, RFC 9180 base mode.

use crate::cbor::wire;
use crate::hash::Tuple;
use crate::identity::{CircleId, DeviceNumber, DeviceSecrets, InviteId, MemberNumber};
use crate::stream::Stream;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use minicbor::{Decode, Encode};
use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, SeedableRng};
use zeroize::Zeroizing;

type Suite = hpke::kem::X25519HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;
type Kdf = hpke::kdf::HkdfSha256;
pub(crate) type PrivateKey = <Suite as Kem>::PrivateKey;
type PublicKey = <Suite as Kem>::PublicKey;

/// Who a wrap is for, or who opens a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(flat)]
pub enum Party {
    /// A device by its number.
    #[n(0)]
    Device(#[n(0)] DeviceNumber),
    /// Whoever holds an invitation's secret.
    #[n(1)]
    Invitation(#[n(0)] InviteId),
}

/// Which key a wrap holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(flat)]
pub enum WrapSubject {
    /// The key of a class in an epoch.
    #[n(0)]
    Epoch(#[n(0)] Stream, #[n(1)] u32),
    /// The key under which the name of a joining member is sealed.
    #[n(1)]
    Name(#[n(0)] MemberNumber),
}

/// A key for one recipient. Travels beside an access entry and is not hashed into it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Wrap {
    /// For whom.
    #[n(0)]
    pub recipient: Party,
    /// What is in it.
    #[n(1)]
    pub subject: WrapSubject,
    /// HPKE's encapsulated key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub enc: [u8; 32],
    /// The sealed 32 bytes and their tag.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub ct: [u8; 48],
}

wire!(Wrap = 256);

/// Why a wrap gave no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this key was not sealed for this device")]
pub struct WrapError;

impl WrapSubject {
    fn info(&self, circle: &CircleId, recipient: &[u8; 32]) -> Vec<u8> {
        Tuple::new("wrap", 3).bytes(&circle.0).value(self).bytes(recipient).finish()
    }
}

impl Wrap {
    /// Seals 32 bytes for the box key `to` of `recipient`.
    pub fn seal(
        circle: &CircleId,
        recipient: Party,
        to: &[u8; 32],
        subject: WrapSubject,
        key: &[u8; 32],
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, WrapError> {
        let public = PublicKey::from_bytes(to).map_err(|_| WrapError)?;
        let mut rng = rng;
        let (enc, sealed) = hpke::single_shot_seal_with_rng::<Aead, Kdf, Suite>(
            &OpModeS::Base,
            &public,
            &subject.info(circle, to),
            key,
            &[],
            &mut rng,
        )
        .map_err(|_| WrapError)?;
        let ct = sealed.try_into().map_err(|_| WrapError)?;
        Ok(Self { recipient, subject, enc: enc.to_bytes().into(), ct })
    }

    /// Opens with the recipient's keys. The caller still compares an epoch key with its commitment.
    pub fn open(&self, circle: &CircleId, secrets: &DeviceSecrets) -> Result<Zeroizing<[u8; 32]>, WrapError> {
        let private = secrets.open_key().ok_or(WrapError)?;
        let enc = <Suite as Kem>::EncappedKey::from_bytes(&self.enc).map_err(|_| WrapError)?;
        let info = self.subject.info(circle, &secrets.seal_public());
        let opened =
            hpke::single_shot_open::<Aead, Kdf, Suite>(&OpModeR::Base, &private, &enc, &info, &self.ct, &[]);
        let plain = Zeroizing::new(opened.map_err(|_| WrapError)?);
        let mut key = Zeroizing::new([0; 32]);
        if plain.len() != 32 {
            return Err(WrapError);
        }
        key.copy_from_slice(&plain);
        Ok(key)
    }
}

pub(crate) fn public_of(private: &[u8; 32]) -> [u8; 32] {
    // Any 32 bytes are an X25519 private key.
    PrivateKey::from_bytes(private).map_or([0; 32], |key| Suite::sk_to_pk(&key).to_bytes().into())
}

/// Whether a key can be wrapped for this box key; a point of small order cannot receive.
pub(crate) fn can_receive(seal: &[u8; 32]) -> bool {
    // The outcome is thrown away, so the generator may be a constant.
    let mut rng = ChaCha20Rng::from_seed([0; 32]);
    PublicKey::from_bytes(seal).is_ok_and(|key| Suite::encap_with_rng(&key, None, &mut rng).is_ok())
}
