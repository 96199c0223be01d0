//! The HTTP part without HTTP: bytes in, bytes out. The routes call it, and so does the simulation.

use std::sync::Arc;

use axum::body::Bytes;
use kith_protocol::{
    CircleId, Hash, InviteId, Refusal, VERSION,
    invite::InviteState,
    message::{Frame, Frames, MAX_FRAME_BYTES, MAX_FRAMES_BYTES, Subject, SubmitAccess},
    returning::{About, Return},
    session::{Nonce, NonceRequest, Proof, TOKEN_MS, Token},
};

use crate::{
    auth::{issue, read_nonce},
    error::ApiError,
    store::{Circle, Store, TokenRow, Work},
    sync::{Effect, Input, News, PageLimits, Session, drive},
};

/// Frames that one request may hold.
const FRAMES: usize = 64;

/// What the requests need besides the store. Time and randomness are arguments.
#[derive(Clone, Copy)]
pub struct Service<'a> {
    pub store: &'a dyn Store,
    /// The host that the client dialled, and signed.
    pub host: &'a str,
    pub limits: PageLimits,
}

/// An answer's body, and what live sessions must be told.
pub struct Synced {
    pub body: Vec<u8>,
    pub news: Vec<Arc<News>>,
}

/// An answer's body, and what live sessions must be told.
pub struct GivenBack {
    pub body: Vec<u8>,
    pub news: Option<Arc<News>>,
}

impl Service<'_> {
    /// `POST /v1/circles`. `random` becomes the key of the circle's challenges.
    pub async fn found(&self, body: &[u8], now_ms: u64, random: [u8; 32]) -> Result<Vec<u8>, ApiError> {
        let submitted = SubmitAccess::decode(body).map_err(|_| ApiError::Malformed)?;
        let done = self.store.perform(Work::Found { submitted, challenge_key: random }, now_ms).await?;
        match done.frames.into_iter().next() {
            Some(Frame::AccessAcked(ack)) => Ok(ack.encode()),
            Some(Frame::Refused(_, refusal)) => Err(ApiError::Found(refusal)),
            _ => Err(ApiError::Unavailable),
        }
    }

    /// `POST /v1/circles/return`. `random` becomes the key of the circle's challenges, if it is not known here.
    pub async fn give_back(&self, body: &[u8], now_ms: u64, random: [u8; 32]) -> Result<GivenBack, ApiError> {
        let given = Return::decode(body).map_err(|_| ApiError::Malformed)?;
        let done = self.store.perform(Work::Return { given, challenge_key: random }, now_ms).await?;
        let body = match done.frames.first() {
            Some(Frame::AccessAcked(ack)) => ack.encode(),
            Some(Frame::Refused(_, refusal)) => return Err(ApiError::Returned(refusal.clone())),
            _ => return Err(ApiError::Unavailable),
        };
        Ok(GivenBack { body, news: News::of(done).map(Arc::new) })
    }

    /// `GET /v1/about`.
    pub fn about(&self) -> Vec<u8> {
        let release = env!("CARGO_PKG_VERSION").to_owned();
        About { versions: vec![VERSION], host: self.host.to_owned(), release }.encode()
    }

    /// `POST /v1/challenge`.
    pub async fn challenge(&self, body: &[u8], now_ms: u64, random: [u8; 8]) -> Result<Vec<u8>, ApiError> {
        let request = NonceRequest::decode(body).map_err(|_| ApiError::Malformed)?;
        let mut found = ApiError::UnknownCircle;
        for id in self.store.by_prefix(request.circle).await? {
            let Some(circle) = self.store.circle(id).await? else { continue };
            if knows(&circle, request.party, now_ms) {
                let nonce = issue(&circle, request.party, now_ms, random);
                return Ok(Nonce { circle: id, nonce }.encode());
            }
            found = ApiError::UnknownParty;
        }
        Err(found)
    }

    /// `POST /v1/token`. `random` becomes the token.
    pub async fn token(&self, body: &[u8], now_ms: u64, random: [u8; 32]) -> Result<Vec<u8>, ApiError> {
        let proof = Proof::decode(body).map_err(|_| ApiError::Malformed)?;
        let circle = self.store.circle(proof.circle).await?.ok_or(ApiError::UnknownCircle)?;
        if !read_nonce(&circle, proof.party, &proof.nonce, now_ms) {
            return Err(ApiError::ChallengeExpired);
        }
        proof.verify(circle.access(), self.host, now_ms).map_err(|refusal| match refusal {
            Refusal::Signature => ApiError::BadProof,
            Refusal::UnknownCircle => ApiError::UnknownCircle,
            _ => ApiError::UnknownParty,
        })?;
        let expires = now_ms.saturating_add(TOKEN_MS);
        let row = TokenRow { hash: Hash::of(&random), nonce: proof.nonce, party: proof.party, expires };
        let done = self.store.perform(Work::Token { circle: proof.circle, token: row }, now_ms).await?;
        match done.refusal() {
            None => Ok(Token { token: random.to_vec(), expires }.encode()),
            Some(_) => Err(ApiError::ChallengeExpired),
        }
    }

    /// `GET /v1/invites/{id}`.
    pub async fn invite(&self, id: &str, now_ms: u64) -> Result<Vec<u8>, ApiError> {
        let mut state = InviteState::Unknown;
        if let Some(id) = InviteId::parse(id) {
            for circle in self.store.by_invite(id).await? {
                // Anybody can put a known id into a circle of their own; it must not hide the one that is open.
                match self.invite_in(circle, &id, now_ms).await? {
                    InviteState::Open => return Ok(InviteState::Open.encode()),
                    InviteState::Unknown => {}
                    other => state = other,
                }
            }
        }
        Ok(state.encode())
    }

    async fn invite_in(&self, circle: CircleId, id: &InviteId, now_ms: u64) -> Result<InviteState, ApiError> {
        let circle = self.store.circle(circle).await?;
        Ok(circle.map_or(InviteState::Unknown, |circle| InviteState::of(circle.access(), id, now_ms)))
    }

    /// `POST /v1/sync`: a whole session. Answers as far as fits; what was left unread is refused.
    pub async fn sync(&self, body: &[u8], now_ms: u64) -> Result<Synced, ApiError> {
        let Frames(frames) = Frames::decode(body).map_err(|_| ApiError::Malformed)?;
        let mut session = Session::new(self.host, self.limits);
        let (mut answers, mut news, mut size) = (Vec::<Bytes>::new(), Vec::new(), 0);
        for (n, frame) in frames.into_iter().enumerate() {
            if n >= FRAMES || size > MAX_FRAMES_BYTES - MAX_FRAME_BYTES {
                answers.push(Frame::Refused(Subject::Session, Refusal::TooLarge).encode().into());
                break;
            }
            let input = Input::Frame(Box::new(frame));
            for effect in drive(self.store, &mut session, input, now_ms, |_| {}).await {
                match effect {
                    Effect::Send(bytes) => {
                        size += bytes.len();
                        answers.push(bytes);
                    }
                    Effect::Publish(piece) => news.push(piece),
                    Effect::Follow(_) | Effect::Close => {}
                }
            }
            if session.is_closed() {
                break;
            }
        }
        let mut body = Vec::with_capacity(size + 9);
        // Writing into a Vec cannot fail.
        let _ = minicbor::Encoder::new(&mut body).array(answers.len() as u64).map(|_| ());
        for frame in &answers {
            body.extend_from_slice(frame);
        }
        Ok(Synced { body, news })
    }
}

/// Whether it is worth giving a challenge to this party.
fn knows(circle: &Circle, party: kith_protocol::Party, now_ms: u64) -> bool {
    let log = circle.access();
    match party {
        kith_protocol::Party::Device(number) => log.reads_access_to(number).is_some(),
        kith_protocol::Party::Invitation(id) => log.invitation(&id).is_some_and(|known| known.open(now_ms)),
    }
}
