//! What is done about pairings and about sessions by key, without HTTP: bytes in, bytes out, like the rest of `Service`.

use kith_protocol::{
    CircleId, DeviceNumber, Hash, PairingId, Party, Refusal,
    by_key::{KeyNonceRequest, KeyProof},
    mailbox::{PairingOpen, PairingOpened, PairingRead, PairingShown, PairingToken},
    pairing::MAX_PAIRING_ANSWER,
    session::{Nonce, TOKEN_MS, Token},
};

use crate::{
    auth::{issue, read_nonce},
    error::ApiError,
    service::Service,
    store::{Mail, Mailed, PairingRow, TokenRow, Work},
};

/// No device has this number: a challenge for it is one for a device that proves its key.
const BY_KEY: Party = Party::Device(DeviceNumber(0));

impl Service<'_> {
    /// `POST /v1/challenge/key`.
    pub async fn key_challenge(
        &self,
        body: &[u8],
        now_ms: u64,
        random: [u8; 8],
    ) -> Result<Vec<u8>, ApiError> {
        let request = KeyNonceRequest::decode(body).map_err(|_| ApiError::Malformed)?;
        // With two circles that begin alike, which somebody would have to make on purpose, neither is told.
        let [id] = self.store.by_start(request.circle).await?[..] else {
            return Err(ApiError::UnknownCircle);
        };
        let circle = self.store.circle(id).await?.ok_or(ApiError::UnknownCircle)?;
        Ok(Nonce { circle: id, nonce: issue(&circle, BY_KEY, now_ms, random) }.encode())
    }

    /// `POST /v1/token/key`. `random` becomes the token.
    pub async fn key_token(&self, body: &[u8], now_ms: u64, random: [u8; 32]) -> Result<Vec<u8>, ApiError> {
        let proof = KeyProof::decode(body).map_err(|_| ApiError::Malformed)?;
        let circle = self.store.circle(proof.circle).await?.ok_or(ApiError::UnknownCircle)?;
        if !read_nonce(&circle, BY_KEY, &proof.nonce, now_ms) {
            return Err(ApiError::ChallengeExpired);
        }
        let device = proof.verify(circle.access(), self.host).map_err(|refusal| match refusal {
            Refusal::Signature => ApiError::BadProof,
            // What was added after the circle moved is known there only.
            _ => {
                circle.access().moved_to().map_or(ApiError::UnknownParty, |host| ApiError::Moved(host.into()))
            }
        })?;
        let expires = now_ms.saturating_add(TOKEN_MS);
        let (hash, party) = (Hash::of(&random), Party::Device(device));
        let row = TokenRow { hash, nonce: proof.nonce, party, expires };
        let done = self.store.perform(Work::Token { circle: proof.circle, token: row }, now_ms).await?;
        match done.refusal() {
            None => Ok(Token { token: random.to_vec(), expires }.encode()),
            Some(_) => Err(ApiError::ChallengeExpired),
        }
    }

    /// `POST /v1/pairings`.
    pub async fn open_pairing(&self, body: &[u8], now_ms: u64) -> Result<Vec<u8>, ApiError> {
        let request = PairingOpen::decode(body).map_err(|_| ApiError::Malformed)?;
        let (circle, device) = self.device(&request.token, now_ms).await?;
        let mail = Mail::Open { device, lasts_ms: request.lasts_ms };
        match self.mail(circle, request.id, mail, now_ms).await? {
            Mailed::Open(expires) => Ok(PairingOpened { left_ms: expires.saturating_sub(now_ms) }.encode()),
            other => Err(refused(other)),
        }
    }

    /// `GET /v1/pairings/{id}`.
    pub async fn pairing(&self, id: &str, now_ms: u64) -> Result<Vec<u8>, ApiError> {
        let (id, row) = self.open_mailbox(id, now_ms).await?;
        let circle = self.store.circle(id).await?.ok_or(ApiError::UnknownPairing)?;
        let (answered, language) = (row.answer.is_some(), circle.access().language());
        let left_ms = row.expires.saturating_sub(now_ms);
        Ok(PairingShown { circle: id, language, answered, left_ms }.encode())
    }

    /// `POST /v1/pairings/{id}/answer`: the body is the answer as it is.
    pub async fn answer_pairing(&self, id: &str, body: &[u8], now_ms: u64) -> Result<Vec<u8>, ApiError> {
        if body.len() > MAX_PAIRING_ANSWER {
            return Err(ApiError::TooLarge);
        }
        if body.is_empty() {
            return Err(ApiError::Malformed);
        }
        let (circle, row) = self.open_mailbox(id, now_ms).await?;
        match self.mail(circle, row.id, Mail::Answer { answer: body.to_vec() }, now_ms).await? {
            Mailed::Kept => Ok(Vec::new()),
            other => Err(refused(other)),
        }
    }

    /// `POST /v1/pairings/{id}/read`.
    pub async fn read_pairing(&self, id: &str, body: &[u8], now_ms: u64) -> Result<Vec<u8>, ApiError> {
        let request = PairingToken::decode(body).map_err(|_| ApiError::Malformed)?;
        let (circle, device) = self.device(&request.token, now_ms).await?;
        let (of, row) = self.open_mailbox(id, now_ms).await?;
        if (of, row.device) != (circle, device) {
            return Err(ApiError::NotAllowed);
        }
        Ok(PairingRead { answer: row.answer }.encode())
    }

    /// `POST /v1/pairings/{id}/close`.
    pub async fn close_pairing(&self, id: &str, body: &[u8], now_ms: u64) -> Result<Vec<u8>, ApiError> {
        let request = PairingToken::decode(body).map_err(|_| ApiError::Malformed)?;
        let (circle, device) = self.device(&request.token, now_ms).await?;
        let (of, row) = self.open_mailbox(id, now_ms).await?;
        if of != circle {
            return Err(ApiError::NotAllowed);
        }
        match self.mail(circle, row.id, Mail::Close { device }, now_ms).await? {
            Mailed::Closed => Ok(Vec::new()),
            other => Err(refused(other)),
        }
    }

    /// The device of a token, if it still belongs to its circle.
    async fn device(&self, token: &[u8], now_ms: u64) -> Result<(CircleId, DeviceNumber), ApiError> {
        let found = self.store.token(Hash::of(token), now_ms).await?;
        let (id, token) = found.ok_or(ApiError::BadToken)?;
        let Party::Device(device) = token.party else { return Err(ApiError::NotAllowed) };
        let circle = self.store.circle(id).await?.ok_or(ApiError::UnknownCircle)?;
        let access = circle.access();
        if access.device_active(device, access.head()) { Ok((id, device)) } else { Err(ApiError::NotAllowed) }
    }

    async fn open_mailbox(&self, id: &str, now_ms: u64) -> Result<(CircleId, PairingRow), ApiError> {
        let id = PairingId::parse(id).ok_or(ApiError::UnknownPairing)?;
        self.store.pairing(id, now_ms).await?.ok_or(ApiError::UnknownPairing)
    }

    async fn mail(
        &self,
        circle: CircleId,
        pairing: PairingId,
        mail: Mail,
        now_ms: u64,
    ) -> Result<Mailed, ApiError> {
        let done = self.store.perform(Work::Mail { circle, pairing, mail }, now_ms).await?;
        done.mailed.ok_or(ApiError::UnknownCircle)
    }
}

fn refused(mailed: Mailed) -> ApiError {
    match mailed {
        Mailed::Answered => ApiError::PairingAnswered,
        Mailed::NotYours => ApiError::NotAllowed,
        Mailed::Open(_) | Mailed::Kept | Mailed::Closed | Mailed::Unknown => ApiError::UnknownPairing,
    }
}
