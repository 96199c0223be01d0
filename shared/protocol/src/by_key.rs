//! Sessions of a device that has its keys but not its number: one just added, or a recovery kit.

use crate::access::AccessLog;
use crate::cbor::wire;
use crate::hash::Tuple;
use crate::identity::{CircleId, DeviceNumber, DeviceSecrets, Signature, SignatureKind};
use crate::refusal::Refusal;
use minicbor::decode::Error;
use minicbor::{Decode, Decoder, Encode, Encoder};

/// The first 8 to 16 bytes of a circle's id: what a kit knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleStart(Vec<u8>);

impl CircleStart {
    /// The fewest bytes that name a circle.
    pub const SHORTEST: usize = 8;
    /// As many as any link carries.
    pub const LONGEST: usize = 16;

    /// `None` unless these are 8 to 16 bytes.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (Self::SHORTEST..=Self::LONGEST).contains(&bytes.len()).then(|| Self(bytes.to_vec()))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the circle's id starts so.
    pub fn starts(&self, circle: &CircleId) -> bool {
        circle.0.starts_with(&self.0)
    }
}

impl<C> Encode<C> for CircleStart {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0).map(|_| ())
    }
}

impl<'b, C> Decode<'b, C> for CircleStart {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, Error> {
        Self::new(d.bytes()?).ok_or_else(|| Error::message("8 to 16 bytes of a circle's id"))
    }
}

/// The body of `POST /v1/challenge/key`, which is answered by [`crate::session::Nonce`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeyNonceRequest {
    /// How the id of the circle starts.
    #[n(0)]
    pub circle: CircleStart,
}

/// The body of `POST /v1/token/key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct KeyProof {
    /// Which circle.
    #[n(0)]
    pub circle: CircleId,
    /// The device's Ed25519 key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub key: [u8; 32],
    /// The server's; may be used again until a token was given for it.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub nonce: [u8; 32],
    /// Kind auth, over `["auth-key", host, nonce]`.
    #[n(3)]
    pub signature: Signature,
}

/// The body of a 421 answer to `POST /v1/token/key`: the host knows no such device, and the circle has moved since. It is
/// the error body with one part more.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeptElsewhere {
    /// `moved`.
    #[n(0)]
    pub code: String,
    /// For who reads logs.
    #[n(1)]
    pub message: String,
    /// The host that the circle moved to; not verified by anything, and to be asked like one that was typed.
    #[n(2)]
    pub host: String,
}

wire!(KeyNonceRequest = 64, KeyProof = 256, KeptElsewhere = 1024);

fn message(host: &str, nonce: &[u8; 32]) -> Vec<u8> {
    Tuple::new("auth-key", 2).value(&host).bytes(nonce).finish()
}

impl KeyProof {
    /// Signs the server's nonce for this host.
    pub fn sign(circle: CircleId, nonce: [u8; 32], host: &str, secrets: &DeviceSecrets) -> Self {
        let signature = secrets.sign(SignatureKind::Auth, &circle, &message(host, &nonce));
        Self { circle, key: secrets.sign_public(), nonce, signature }
    }

    /// The device whose key signed for this host, if it belongs to the circle or is to be told of its end. The server has checked before that the
    /// nonce is its own.
    pub fn verify(&self, log: &AccessLog, host: &str) -> Result<DeviceNumber, Refusal> {
        if self.circle != log.circle() {
            return Err(Refusal::UnknownCircle);
        }
        let message = message(host, &self.nonce);
        if !self.signature.verifies(&self.key, SignatureKind::Auth, &self.circle, &message) {
            return Err(Refusal::Signature);
        }
        let device = log.device_by_key(&self.key).map(|device| device.number);
        device.filter(|number| log.reads_access_to(*number).is_some()).ok_or(Refusal::Forbidden)
    }
}
