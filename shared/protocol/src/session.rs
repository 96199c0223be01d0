//! Sessions: the server gives a nonce, a key signs it with the host, an opaque token comes back.

use crate::access::AccessLog;
use crate::cbor::wire;
use crate::hash::{HashPrefix, Tuple};
use crate::identity::{CircleId, DeviceSecrets, Signature, SignatureKind};
use crate::refusal::Refusal;
use crate::wrap::Party;
use minicbor::{Decode, Encode};

/// How long a token is good for: 15 minutes in milliseconds.
pub const TOKEN_MS: u64 = 15 * 60_000;

/// The body of `POST /v1/challenge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct NonceRequest {
    /// Which circle: the half of its id that an invitation link carries.
    #[n(0)]
    pub circle: HashPrefix,
    /// Who will sign.
    #[n(1)]
    pub party: Party,
}

/// Its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Nonce {
    /// The whole id of the circle, which a joiner does not have; what it then verifies makes this id.
    #[n(0)]
    pub circle: CircleId,
    /// To be used once, soon.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: [u8; 32],
}

/// The body of `POST /v1/token`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Proof {
    /// Which circle.
    #[n(0)]
    pub circle: CircleId,
    /// Who signs.
    #[n(1)]
    pub party: Party,
    /// The server's.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub nonce: [u8; 32],
    /// Kind auth, over `["auth", host, nonce, party]`.
    #[n(3)]
    pub signature: Signature,
}

/// Its answer.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Token {
    /// Opaque, for the first frame.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub token: Vec<u8>,
    /// Unix milliseconds by the server's clock.
    #[n(1)]
    pub expires: u64,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token(redacted, expires {})", self.expires)
    }
}

wire!(NonceRequest = 128, Nonce = 128, Proof = 256, Token = 256);

fn message(host: &str, nonce: &[u8; 32], party: Party) -> Vec<u8> {
    Tuple::new("auth", 3).value(&host).bytes(nonce).value(&party).finish()
}

impl Proof {
    /// Signs the server's nonce for this host.
    pub fn sign(
        circle: CircleId,
        party: Party,
        nonce: [u8; 32],
        host: &str,
        secrets: &DeviceSecrets,
    ) -> Self {
        let signature = secrets.sign(SignatureKind::Auth, &circle, &message(host, &nonce, party));
        Self { circle, party, nonce, signature }
    }

    /// Whether the session may be opened: the party is known, belongs or is to be told of its end, and signed for this host. The server
    /// has checked before that the nonce is its own and unused.
    pub fn verify(&self, log: &AccessLog, host: &str, now_ms: u64) -> Result<(), Refusal> {
        if self.circle != log.circle() {
            return Err(Refusal::UnknownCircle);
        }
        let key = match self.party {
            Party::Device(number) => {
                let reads = log.reads_access_to(number).is_some();
                log.device(number).filter(|_| reads).map(|device| device.public.sign)
            }
            Party::Invitation(id) => {
                log.invitation(&id).filter(|known| known.open(now_ms)).map(|known| known.invite.keys.sign)
            }
        };
        let key = key.ok_or(Refusal::Forbidden)?;
        let message = message(host, &self.nonce, self.party);
        let signed = self.signature.verifies(&key, SignatureKind::Auth, &self.circle, &message);
        if signed { Ok(()) } else { Err(Refusal::Signature) }
    }
}
