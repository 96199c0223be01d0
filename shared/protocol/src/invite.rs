//! Invitation links: the secret stays behind `#`, where no server sees it.

use crate::access::AccessLog;
use crate::cbor::{DecodeError, wire};
use crate::hash::{HashPrefix, Tuple, derive};
use crate::identity::{CircleId, DeviceSecrets, InviteId};
use crate::sealed;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The secret of an invitation, of which its keys are derived. Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct InviteSecret(pub [u8; 16]);

impl fmt::Debug for InviteSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteSecret(redacted)")
    }
}

/// What an invitation says to whoever opens the link, before they join.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Greeting {
    /// The name of the person cared for.
    #[n(0)]
    pub person: String,
    /// The name of who invites.
    #[n(1)]
    pub inviter: String,
    /// The language it was made in, as a BCP 47 tag.
    #[n(2)]
    pub language: String,
    /// Whom it is for, where that is known: somebody who comes again with another phone.
    #[n(3)]
    pub to: Option<String>,
}

wire!(Greeting = 496);

impl InviteSecret {
    /// A fresh secret.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut secret = Self([0; 16]);
        rng.fill_bytes(&mut secret.0);
        secret
    }

    /// The keys of the invitation: its sign key opens a session and vouches for the joiner, its box key receives
    /// the epoch keys of a direct invitation.
    pub fn secrets(&self) -> DeviceSecrets {
        DeviceSecrets::of_invitation(&self.0)
    }

    /// At most 512 bytes; none if the names are too long.
    pub fn seal_greeting(&self, circle: &CircleId, id: &InviteId, greeting: &Greeting) -> Option<Vec<u8>> {
        let plain = greeting.encode();
        (plain.len() <= 496).then_some(())?;
        let key = derive(&self.0, &Tuple::new("greeting", 0));
        sealed::seal(&key, &sealed::ONCE, &plain, &greeting_data(circle, id))
    }

    /// The greeting; malformed also if it was not sealed under this secret.
    pub fn open_greeting(
        &self,
        circle: &CircleId,
        id: &InviteId,
        sealed: &[u8],
    ) -> Result<Greeting, DecodeError> {
        let key = derive(&self.0, &Tuple::new("greeting", 0));
        let plain = sealed::open(&key, &sealed::ONCE, sealed, &greeting_data(circle, id));
        Greeting::decode(&plain.ok_or(DecodeError::Malformed)?)
    }
}

fn greeting_data(circle: &CircleId, id: &InviteId) -> Vec<u8> {
    Tuple::new("greeting", 2).bytes(&circle.0).value(id).finish()
}

/// `https://HOST/i/INVITE#base64url(secret[16] circle_id[0..16])`; INVITE is base64url of the UUID's 16 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteLink {
    /// Where the circle is kept, with its port if it has one.
    pub host: String,
    /// Which invitation.
    pub id: InviteId,
    /// What makes its keys.
    pub secret: InviteSecret,
    /// The circle, as far as the link says.
    pub circle: HashPrefix,
}

/// Why a link cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Not a link of an invitation.
    #[error("this is not an invitation link, or a part of it is missing")]
    Malformed,
    /// The part after `#` is missing or cut off.
    #[error("the end of the link is missing")]
    NoSecret,
    /// The server shows another circle than the link means.
    #[error("the link belongs to another circle")]
    OtherCircle,
    /// The circle has no such invitation, or one with other keys.
    #[error("the circle does not know this invitation")]
    Unknown,
}

impl InviteLink {
    /// The link as text.
    pub fn url(&self) -> String {
        let mut end = [0; 32];
        end[..16].copy_from_slice(&self.secret.0);
        end[16..].copy_from_slice(&self.circle.0);
        let url = format!(
            "{}://{}/i/{}#{}",
            scheme(&self.host),
            self.host,
            URL_SAFE_NO_PAD.encode(self.id.0),
            URL_SAFE_NO_PAD.encode(end)
        );
        end.zeroize();
        url
    }

    /// Reads a link as somebody pasted it; spaces around it do not matter.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let (host, path) = split_link(text, "/i/").ok_or(LinkError::Malformed)?;
        let (id, end) = path.split_once('#').ok_or(LinkError::NoSecret)?;
        let id = decode_exactly::<16>(id).ok_or(LinkError::Malformed)?;
        let mut end = decode_exactly::<32>(end).ok_or(LinkError::NoSecret)?;
        let (mut secret, mut circle) = ([0; 16], [0; 16]);
        secret.copy_from_slice(&end[..16]);
        circle.copy_from_slice(&end[16..]);
        end.zeroize();
        Ok(Self { host, id: InviteId(id), secret: InviteSecret(secret), circle: HashPrefix(circle) })
    }

    /// What a joiner verifies before anything is shown: the circle is the one that the link means, and the
    /// invitation in its verified stream carries the keys that the link makes.
    pub fn verify(&self, log: &AccessLog) -> Result<(), LinkError> {
        if log.circle().prefix() != self.circle {
            return Err(LinkError::OtherCircle);
        }
        let known = log.invitation(&self.id).ok_or(LinkError::Unknown)?;
        if known.invite.keys == self.secret.secrets().public() { Ok(()) } else { Err(LinkError::Unknown) }
    }
}

/// A pasted link's host and what stands behind `mark`. None for what is no link of ours, or longer than any.
pub(crate) fn split_link<'a>(text: &'a str, mark: &str) -> Option<(String, &'a str)> {
    let text = Some(text.trim()).filter(|text| text.len() <= 512)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let (host, path) = rest.split_once(mark)?;
    let plain = !host.is_empty() && !host.contains(['/', '#', '?', '@', ' ']);
    plain.then(|| (host.to_lowercase(), path))
}

/// Links are https, but for a server on the machine that one sits at.
pub(crate) fn scheme(host: &str) -> &'static str {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if matches!(name, "localhost" | "127.0.0.1" | "[::1]") { "http" } else { "https" }
}

/// What `GET /v1/invites/{id}` tells about an invitation. Asking never spends a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum InviteState {
    /// Somebody may still join by it.
    #[n(0)]
    Open,
    /// As many as it was for have joined.
    #[n(1)]
    Used,
    /// Its time is over.
    #[n(2)]
    Expired,
    /// It was taken back.
    #[n(3)]
    Cancelled,
    /// No such invitation here.
    #[n(4)]
    Unknown,
}

wire!(InviteState = 16);

impl InviteState {
    /// The state of an invitation at this time (Unix milliseconds).
    pub fn of(log: &AccessLog, id: &InviteId, now_ms: u64) -> Self {
        match log.invitation(id) {
            None => Self::Unknown,
            Some(known) if known.cancelled.is_some() => Self::Cancelled,
            Some(known) if known.uses_left == 0 => Self::Used,
            Some(known) if known.invite.expires <= now_ms => Self::Expired,
            Some(_) => Self::Open,
        }
    }
}

impl InviteId {
    /// As it stands in links and in the path of `GET /v1/invites/{id}`: base64url, 22 characters.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What [`Self::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        decode_exactly::<16>(text).map(Self)
    }
}

fn decode_exactly<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
