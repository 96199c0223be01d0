//! A store with the requests of the HTTP part around it, in one process and in virtual time.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use kith_protocol::{
    Refusal,
    message::{AccessAck, Frame, Frames, SubmitAccess},
    session::{Nonce, NonceRequest, Proof, Token},
};
use kith_server::{ApiError, Service, Store, sync::PageLimits};

use super::Person;

pub const HOST: &str = "kith.test";

/// The server's inside.
#[derive(Clone)]
pub struct World {
    pub store: Arc<dyn Store>,
    pub limits: PageLimits,
    now: Arc<AtomicU64>,
    random: Arc<AtomicU64>,
}

impl World {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            limits: PageLimits::default(),
            now: Arc::new(AtomicU64::new(1_800_000_000_000)),
            random: Arc::default(),
        }
    }

    /// The same time and randomness around another store.
    pub fn with(&self, store: Arc<dyn Store>) -> Self {
        Self { store, ..self.clone() }
    }

    /// The same with other pages.
    pub fn with_pages(&self, limits: PageLimits) -> Self {
        Self { limits, ..self.clone() }
    }

    pub fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    pub fn pass(&self, ms: u64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let n = self.random.fetch_add(1, Ordering::Relaxed) + 1;
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        bytes
    }

    pub fn service(&self) -> Service<'_> {
        Service { store: &*self.store, host: HOST, limits: self.limits }
    }

    pub async fn post_found(&self, submitted: &SubmitAccess) -> Result<AccessAck, ApiError> {
        let body = self.service().found(&submitted.encode(), self.now(), self.random()).await?;
        Ok(AccessAck::decode(&body).unwrap())
    }

    /// A circle whose founder has caught up.
    pub async fn founder(&self, seed: u8) -> Person {
        let (mut person, submitted) = Person::founder(seed);
        self.post_found(&submitted).await.unwrap();
        self.sync(&mut person, Vec::new()).await;
        person
    }

    pub async fn challenge(&self, person: &Person) -> Result<Nonce, ApiError> {
        let request = NonceRequest { circle: person.circle.prefix(), party: person.party() };
        let body = self.service().challenge(&request.encode(), self.now(), self.random()).await?;
        Ok(Nonce::decode(&body).unwrap())
    }

    pub fn prove(person: &Person, nonce: &Nonce) -> Proof {
        Proof::sign(nonce.circle, person.party(), nonce.nonce, HOST, &person.session_secrets())
    }

    pub async fn redeem(&self, proof: &Proof) -> Result<Token, ApiError> {
        let body = self.service().token(&proof.encode(), self.now(), self.random()).await?;
        Ok(Token::decode(&body).unwrap())
    }

    pub async fn token(&self, person: &Person) -> Result<Vec<u8>, ApiError> {
        let nonce = self.challenge(person).await?;
        Ok(self.redeem(&Self::prove(person, &nonce)).await?.token)
    }

    /// `POST /v1/sync` as bytes.
    pub async fn post(&self, frames: Vec<Frame>) -> Vec<Frame> {
        let synced = self.service().sync(&Frames(frames).encode(), self.now()).await.unwrap();
        Frames::decode(&synced.body).unwrap().0
    }

    /// Hello and these frames in one request; the person takes in what comes back. Gives back the refusals.
    pub async fn sync(&self, person: &mut Person, frames: Vec<Frame>) -> Vec<Refusal> {
        let token = self.token(person).await.unwrap();
        let mut all = vec![person.hello(&token, false)];
        all.extend(frames);
        let before = person.refused.len();
        person.caught_up = false;
        person.more.clear();
        for frame in self.post(all).await {
            person.take(frame);
        }
        person.refused[before..].iter().map(|(_, refusal)| refusal.clone()).collect()
    }

    /// An access entry that must be taken.
    pub async fn submit(&self, person: &mut Person, submitted: SubmitAccess) {
        let refused = self.sync(person, vec![Frame::SubmitAccess(submitted)]).await;
        assert_eq!(refused, []);
        self.sync(person, Vec::new()).await;
    }

    /// Somebody who has joined by a direct link and has caught up.
    pub async fn joined(&self, by: &mut Person, seed: u8, role: kith_protocol::Role) -> Person {
        let (invited, submitted) = by.invite(role, 1, true, self.now());
        self.submit(by, submitted).await;
        let mut guest = Person::guest(seed, by.circle, invited);
        self.sync(&mut guest, Vec::new()).await;
        let join = guest.join(self.now());
        let refused = self.sync(&mut guest, vec![Frame::SubmitAccess(join)]).await;
        assert!(refused.iter().all(|refusal| *refusal == Refusal::Forbidden), "{refused:?}");
        self.sync(by, Vec::new()).await;
        guest.log = by.log.clone();
        guest.records = by.records.clone();
        guest.device = guest.log().device_by_key(&guest.secrets.public().sign).unwrap().number;
        self.sync(&mut guest, Vec::new()).await;
        guest
    }
}
