//! A second device of the same person: the link that one shows, what the other answers, the words that both compare.

use crate::access::consent;
use crate::cbor::wire;
use crate::hash::{Hash, HashPrefix, Tuple, derive};
use crate::identity::{
    CircleId, DevicePublic, DeviceSecrets, Language, MemberNumber, PairingId, Signature, SignatureKind,
};
use crate::invite::{LinkError, scheme, split_link};
use crate::sealed;
use crate::words::four_words;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The most bytes of a sealed answer.
pub const MAX_PAIRING_ANSWER: usize = 1024;

/// The secret of a pairing. Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PairingSecret(pub [u8; 16]);

impl fmt::Debug for PairingSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairingSecret(redacted)")
    }
}

/// `https://HOST/d/PAIRING#base64url(secret[16] circle_id[0..16] member u32 BE)`; PAIRING follows from the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairingLink {
    /// Where the circle is kept, with its port if it has one.
    pub host: String,
    /// What everything of this pairing is derived from.
    pub secret: PairingSecret,
    /// The circle, as far as the link says.
    pub circle: HashPrefix,
    /// Whose device it shall be.
    pub member: MemberNumber,
}

/// What the new device says of itself: its keys, and that it consents to belong to the member.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PairingAnswer {
    /// The new device's.
    #[n(0)]
    pub keys: DevicePublic,
    /// Its own, kind newdev, over `[member, keys]`.
    #[n(1)]
    pub consent: Signature,
}

wire!(PairingAnswer = 256);

impl PairingSecret {
    /// A fresh secret.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut secret = Self([0; 16]);
        rng.fill_bytes(&mut secret.0);
        secret
    }

    /// Which pairing, as the host knows it: the first half of `HKDF(secret, ["pairing-id"])`.
    pub fn id(&self) -> PairingId {
        PairingId(Hash(*derive(&self.0, &Tuple::new("pairing-id", 0))).prefix().0)
    }
}

impl PairingAnswer {
    /// What a device with these keys answers.
    pub fn of(secrets: &DeviceSecrets, circle: &CircleId, member: MemberNumber) -> Self {
        Self { keys: secrets.public(), consent: consent(secrets, circle, member) }
    }

    /// Whether the keys can be used and their device consents to belong to the member.
    pub fn verifies(&self, circle: &CircleId, member: MemberNumber) -> bool {
        let message = crate::access::new_device_message(member, &self.keys);
        let consents = self.consent.verifies(&self.keys.sign, SignatureKind::NewDevice, circle, &message);
        self.keys.usable() && consents
    }
}

impl PairingLink {
    /// Which pairing.
    pub fn id(&self) -> PairingId {
        self.secret.id()
    }

    /// The answer as it goes into the mailbox: at most [`MAX_PAIRING_ANSWER`] bytes.
    pub fn seal(&self, circle: &CircleId, answer: &PairingAnswer) -> Option<Vec<u8>> {
        let key = derive(&self.secret.0, &Tuple::new("pairing", 1).bytes(&circle.0));
        sealed::seal(&key, &sealed::ONCE, &answer.encode(), &self.data(circle))
    }

    /// The answer, if it was sealed under this link and [`PairingAnswer::verifies`].
    pub fn open(&self, circle: &CircleId, sealed: &[u8]) -> Option<PairingAnswer> {
        if sealed.len() > MAX_PAIRING_ANSWER {
            return None;
        }
        let key = derive(&self.secret.0, &Tuple::new("pairing", 1).bytes(&circle.0));
        let plain = sealed::open(&key, &sealed::ONCE, sealed, &self.data(circle))?;
        let answer = PairingAnswer::decode(&plain).ok()?;
        answer.verifies(circle, self.member).then_some(answer)
    }

    fn data(&self, circle: &CircleId) -> Vec<u8> {
        Tuple::new("pairing", 2).bytes(&circle.0).value(&self.member).finish()
    }

    /// The words that both devices show: equal only if both mean the same circle, member and keys.
    pub fn words(&self, circle: &CircleId, keys: &DevicePublic, language: Language) -> [&'static str; 4] {
        let about = Tuple::new("pair-words", 3).bytes(&circle.0).value(&self.member).value(keys);
        four_words(&Hash(*derive(&self.secret.0, &about)), language)
    }

    /// The link as text.
    pub fn url(&self) -> String {
        let mut end = [0; 36];
        end[..16].copy_from_slice(&self.secret.0);
        end[16..32].copy_from_slice(&self.circle.0);
        end[32..].copy_from_slice(&self.member.0.to_be_bytes());
        let (scheme, host, id) = (scheme(&self.host), &self.host, self.id().text());
        let url = format!("{scheme}://{host}/d/{id}#{}", URL_SAFE_NO_PAD.encode(end));
        end.zeroize();
        url
    }

    /// Reads a link as somebody pasted it; spaces around it do not matter.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let (host, path) = split_link(text, "/d/").ok_or(LinkError::Malformed)?;
        let (id, end) = path.split_once('#').ok_or(LinkError::NoSecret)?;
        let id = PairingId::parse(id).ok_or(LinkError::Malformed)?;
        let end = URL_SAFE_NO_PAD.decode(end).ok().and_then(|end| <[u8; 36]>::try_from(end).ok());
        let mut end = end.ok_or(LinkError::NoSecret)?;
        let (mut secret, mut circle, mut member) = (PairingSecret([0; 16]), [0; 16], [0; 4]);
        secret.0.copy_from_slice(&end[..16]);
        circle.copy_from_slice(&end[16..32]);
        member.copy_from_slice(&end[32..]);
        end.zeroize();
        // The name follows from the secret, so a slip anywhere in either is noticed here.
        if secret.id() != id {
            return Err(LinkError::Malformed);
        }
        let (circle, member) = (HashPrefix(circle), MemberNumber(u32::from_be_bytes(member)));
        Ok(Self { host, secret, circle, member })
    }
}
