//! Who is who: circles, members, devices and their keys, roles.

use crate::hash::{Hash, HashPrefix, Tuple, derive};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use hpke::Deserializable;
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A circle: SHA-256 of the bytes of its Found entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct CircleId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl CircleId {
    /// The circle that these Found bytes make.
    pub fn of(found: &[u8]) -> Self {
        Self(Hash::of(found).0)
    }

    /// The half that an invitation link carries.
    pub fn prefix(&self) -> HashPrefix {
        Hash(self.0).prefix()
    }
}

impl fmt::Debug for CircleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", Hash(self.0))
    }
}

/// A device of a circle: its order of appearance in the access stream, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct DeviceNumber(#[n(0)] pub u32);

/// A member of a circle: the number of its first device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct MemberNumber(#[n(0)] pub u32);

/// An invitation: a UUID v4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct InviteId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

/// A pairing of a new device: the name of its mailbox, which follows from the link's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct PairingId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

/// What a member may do; the table is in [`Role::reads`] and [`Role::writes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Runs the circle.
    #[n(0)]
    Coordinator,
    /// Cares, reads and writes everything shared.
    #[n(1)]
    Caregiver,
    /// A nurse, a therapist.
    #[n(2)]
    Professional,
    /// Takes tasks.
    #[n(3)]
    Helper,
    /// Hears how it goes.
    #[n(4)]
    Friend,
}

/// The list that the four words are taken from; the circle's, written in Found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Language {
    /// BIP39 English.
    #[n(0)]
    English,
    /// BIP39 French.
    #[n(1)]
    French,
}

/// The public keys of a device, or of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct DevicePublic {
    /// Ed25519.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub sign: [u8; 32],
    /// X25519; keys are sealed to it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub seal: [u8; 32],
}

impl DevicePublic {
    /// Whether both keys can be used at all: a signing key of small order would sign everything, and nobody
    /// could wrap a key for a box key of small order, which would stop every later rotation.
    pub fn usable(&self) -> bool {
        VerifyingKey::from_bytes(&self.sign).is_ok_and(|key| !key.is_weak())
            && crate::wrap::can_receive(&self.seal)
    }
}

/// What a signature is for; part of what is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureKind {
    /// An access entry.
    Access,
    /// The invitation's key over the keys of the joining device.
    Join,
    /// A new device over its own keys and its member.
    NewDevice,
    /// An envelope.
    Envelope,
    /// A session.
    Auth,
}

impl SignatureKind {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Access => b"access",
            Self::Join => b"join",
            Self::NewDevice => b"newdev",
            Self::Envelope => b"envelope",
            Self::Auth => b"auth",
        }
    }

    fn message(self, circle: &CircleId, bytes: &[u8]) -> Vec<u8> {
        [b"kith/1/", self.label(), &[0], &circle.0[..], bytes].concat()
    }
}

/// An Ed25519 signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Signature(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 64]);

impl Signature {
    /// Strict verification (RFC 8032, no small orders, canonical encodings only).
    pub fn verifies(&self, sign: &[u8; 32], kind: SignatureKind, circle: &CircleId, bytes: &[u8]) -> bool {
        VerifyingKey::from_bytes(sign).is_ok_and(|key| {
            let signature = ed25519_dalek::Signature::from_bytes(&self.0);
            key.verify_strict(&kind.message(circle, bytes), &signature).is_ok()
        })
    }
}

/// Both private keys of a device (or of an invitation). Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DeviceSecrets {
    sign: [u8; 32],
    open: [u8; 32],
}

impl DeviceSecrets {
    /// Fresh keys.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut secrets = Self { sign: [0; 32], open: [0; 32] };
        rng.fill_bytes(&mut secrets.sign);
        rng.fill_bytes(&mut secrets.open);
        secrets
    }

    /// The keys of an invitation, from the secret of its link.
    pub fn of_invitation(secret: &[u8; 16]) -> Self {
        Self {
            sign: *derive(secret, &Tuple::new("invite-sign", 0)),
            open: *derive(secret, &Tuple::new("invite-box", 0)),
        }
    }

    /// The keys of a recovery kit, from its printed seed.
    pub fn of_recovery(seed: &[u8; 16], circle: &CircleId) -> Self {
        Self {
            sign: *derive(seed, &Tuple::new("recovery-sign", 1).bytes(&circle.0)),
            open: *derive(seed, &Tuple::new("recovery-box", 1).bytes(&circle.0)),
        }
    }

    /// For the device's secret store: Ed25519 seed, then X25519 private key.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 64]> {
        let mut bytes = Zeroizing::new([0; 64]);
        bytes[..32].copy_from_slice(&self.sign);
        bytes[32..].copy_from_slice(&self.open);
        bytes
    }

    /// What [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8; 64]) -> Self {
        let mut secrets = Self { sign: [0; 32], open: [0; 32] };
        secrets.sign.copy_from_slice(&bytes[..32]);
        secrets.open.copy_from_slice(&bytes[32..]);
        secrets
    }

    /// The keys that others may see.
    pub fn public(&self) -> DevicePublic {
        DevicePublic { sign: self.sign_public(), seal: self.seal_public() }
    }

    /// The signing key that others may see, alone.
    pub fn sign_public(&self) -> [u8; 32] {
        SigningKey::from_bytes(&self.sign).verifying_key().to_bytes()
    }

    pub(crate) fn seal_public(&self) -> [u8; 32] {
        crate::wrap::public_of(&self.open)
    }

    /// Signs bytes for one purpose in one circle.
    pub fn sign(&self, kind: SignatureKind, circle: &CircleId, bytes: &[u8]) -> Signature {
        Signature(SigningKey::from_bytes(&self.sign).sign(&kind.message(circle, bytes)).to_bytes())
    }

    pub(crate) fn open_key(&self) -> Option<crate::wrap::PrivateKey> {
        crate::wrap::PrivateKey::from_bytes(&self.open).ok()
    }
}

impl fmt::Debug for DeviceSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceSecrets(redacted)")
    }
}
