//! A pairing that this device opened: its mailbox at the host, who answered, and how it ends (the other side is
//! `newcomer`). All that matters is stored, so the app may be closed at any step.

use kith_protocol::mailbox::{PairingOpen, PairingOpened, PairingRead, PairingToken};
use kith_protocol::pairing::{PairingAnswer, PairingLink, PairingSecret};
use kith_protocol::session::{Nonce, NonceRequest, Proof, Token};
use kith_protocol::{DevicePublic, Party};

use crate::cbor::to_bytes;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::input::HttpAnswer;
use crate::output::{Method, Notice, Output, PairingEnd};
use crate::port::Batch;
use crate::record::StoredOffer;
use crate::wish_record::Intent;

/// How long a pairing stays open: 10 minutes in milliseconds.
const LASTS_MS: u64 = 10 * 60_000;
/// How often the mailbox is looked into, in milliseconds.
const POLL_MS: u64 = 2_000;
/// A host that does not answer is asked half as often each time, down to once in two minutes.
const MOST_DOUBLINGS: u32 = 6;

/// What was asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Challenge,
    Token,
    Open,
    Read,
}

/// The one pairing that is open.
pub(crate) struct Offer {
    stored: StoredOffer,
    link: PairingLink,
    asked: Option<(u64, Asked)>,
    next_at: u64,
    /// So many times in a row the host did not do what was asked.
    failures: u32,
}

impl Offer {
    /// As it was stored; `None` if that cannot be read.
    pub fn stored(stored: StoredOffer) -> Option<Self> {
        let link = PairingLink::parse(&stored.link).ok()?;
        Some(Self { stored, link, asked: None, next_at: 0, failures: 0 })
    }

    /// When there is something to be done about it, by this device's clock.
    pub fn wakes_at(&self) -> impl Iterator<Item = u64> {
        let polls = self.asked.is_none() && self.stored.answer.is_none();
        [self.stored.until, polls.then_some(self.next_at)].into_iter().flatten()
    }

    fn is_for(&self, keys: &DevicePublic) -> bool {
        self.stored.answer.as_ref().is_some_and(|answer| answer.keys == *keys)
    }
}

impl Member {
    /// Opens a pairing in place of one that is open.
    pub async fn offer_device(&mut self, request: u64) -> Result<(), Trouble> {
        self.withdraw().await?;
        self.end_offer(PairingEnd::Declined).await?;
        let secret = self.port.with_rng(PairingSecret::generate);
        let (host, circle) = (self.host.clone(), self.circle.prefix());
        let link = PairingLink { host, secret, circle, member: self.mine };
        let stored = StoredOffer { request, link: link.url(), until: None, answer: None };
        self.store_offer(&stored).await?;
        self.offer = Some(Offer { stored, link, asked: None, next_at: 0, failures: 0 });
        Ok(())
    }

    async fn store_offer(&mut self, stored: &StoredOffer) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        batch.put(self.keys.offer(), to_bytes(stored));
        self.write(batch).await
    }

    /// Says how the pairing stands, when it was opened before the app was.
    pub fn tell_offer(&self) {
        let Some(offer) = &self.offer else { return };
        if let Some(expires) = offer.stored.until {
            let (request, link) = (offer.stored.request, offer.stored.link.clone());
            self.port.notice(Notice::PairingReady { request, link, expires });
        }
        if let Some(answer) = &offer.stored.answer {
            let words = offer.link.words(&self.circle, &answer.keys, self.log.language());
            self.port.notice(Notice::PairingAnswered { words });
        }
    }

    /// The words are the same: the device is added as soon as that can be signed.
    pub async fn confirm_device(&mut self) -> Result<(), Trouble> {
        let answer =
            self.offer.as_ref().and_then(|offer| Some((offer.stored.answer.clone()?, offer.stored.until)));
        let Some((PairingAnswer { keys, consent }, until)) = answer else {
            self.refuse_action("confirm_device", "no device has answered");
            return Ok(());
        };
        if self.confirmed(&keys).is_some() {
            return Ok(());
        }
        let intent = Intent::AddDevice { keys, recovery: false, consent, until };
        self.keep_intent(intent, Batch::default()).await
    }

    /// The wish that adds a device with these keys.
    fn confirmed(&self, keys: &DevicePublic) -> Option<u64> {
        let adds = |intent: &Intent| matches!(intent, Intent::AddDevice { keys: added, .. } if added == keys);
        self.intents.iter().find(|(_, intent)| adds(intent)).map(|(n, _)| *n)
    }

    /// Ends the pairing, unless the device is being added at this moment.
    pub async fn decline_device(&mut self) -> Result<(), Trouble> {
        if self.withdraw().await? {
            return self.end_offer(PairingEnd::Declined).await;
        }
        self.refuse_action("decline_device", "the device is being added");
        Ok(())
    }

    /// Takes the confirmation back. False: it was sent, so the device may be in already.
    async fn withdraw(&mut self) -> Result<bool, Trouble> {
        let keys = self.offer.as_ref().and_then(|offer| Some(offer.stored.answer.as_ref()?.keys));
        let Some(n) = keys.and_then(|keys| self.confirmed(&keys)) else { return Ok(true) };
        self.take_back(n).await?;
        Ok(!self.intents.contains_key(&n))
    }

    /// A wish to add a device is over, so a pairing that it came of is too.
    pub async fn device_settled(&mut self, keys: &DevicePublic) -> Result<(), Trouble> {
        let added = self.log.device_by_key(&keys.sign).map(|device| device.number);
        self.offer_for(keys, added.map_or(PairingEnd::Declined, PairingEnd::Added)).await
    }

    /// Ends the pairing that these keys answered, if it is the one that is open.
    pub(super) async fn offer_for(&mut self, keys: &DevicePublic, end: PairingEnd) -> Result<(), Trouble> {
        if self.offer.as_ref().is_some_and(|offer| offer.is_for(keys)) {
            return self.end_offer(end).await;
        }
        Ok(())
    }

    pub(super) async fn end_offer(&mut self, end: PairingEnd) -> Result<(), Trouble> {
        let Some(offer) = self.offer.take() else { return Ok(()) };
        let mut batch = Batch::default();
        batch.delete(self.keys.offer());
        self.write(batch).await?;
        if let Some(token) = self.network.token(self.port.now()).filter(|_| offer.stored.until.is_some()) {
            // Its time would end it as well, so nobody waits for the answer.
            let path = format!("/v1/pairings/{}/close", offer.link.id().text());
            self.send_request(path, PairingToken { token }.encode());
        }
        self.port.notice(Notice::PairingEnded(end));
        Ok(())
    }

    fn send_request(&self, path: String, body: Vec<u8>) -> u64 {
        let id = self.port.next_request();
        self.port.emit(Output::Http { id, method: Method::Post, path, body });
        id
    }

    /// Opens the mailbox, looks into it, and ends the pairing when its time is over.
    pub async fn drive_offer(&mut self) -> Result<(), Trouble> {
        let now = self.port.now();
        let Some(offer) = &self.offer else { return Ok(()) };
        if offer.stored.until.is_some_and(|until| until <= now) {
            return self.offer_over().await;
        }
        let waits = offer.asked.is_some() || offer.stored.answer.is_some() || offer.next_at > now;
        if waits || self.founded.is_some() || !self.network.connected() {
            return Ok(());
        }
        let path = format!("/v1/pairings/{}", offer.link.id().text());
        let (id, opened) = (offer.link.id(), offer.stored.until.is_some());
        let (path, body, asked) = match self.network.token(now) {
            None => {
                let request =
                    NonceRequest { circle: self.circle.prefix(), party: Party::Device(self.device) };
                ("/v1/challenge".to_owned(), request.encode(), Asked::Challenge)
            }
            Some(token) if opened => (format!("{path}/read"), PairingToken { token }.encode(), Asked::Read),
            Some(token) => {
                let body = PairingOpen { token, id, lasts_ms: LASTS_MS }.encode();
                ("/v1/pairings".to_owned(), body, Asked::Open)
            }
        };
        self.ask_offer(path, body, asked);
        Ok(())
    }

    fn ask_offer(&mut self, path: String, body: Vec<u8>, asked: Asked) {
        let id = self.send_request(path, body);
        if let Some(offer) = &mut self.offer {
            offer.asked = Some((id, asked));
        }
    }

    /// The time is over; what is on its way to be added may still get there.
    async fn offer_over(&mut self) -> Result<(), Trouble> {
        if self.withdraw().await? {
            return self.end_offer(PairingEnd::Expired).await;
        }
        // How it ends is told once the stream shows it.
        if let Some(offer) = &mut self.offer {
            offer.stored.until = None;
        }
        Ok(())
    }

    /// True if this was the answer to a request about the pairing.
    pub async fn offer_answered(&mut self, id: u64, answer: &HttpAnswer) -> Result<bool, Trouble> {
        let now = self.port.now();
        let Some(offer) = &mut self.offer else { return Ok(false) };
        let Some((_, asked)) = offer.asked.take_if(|(of, _)| *of == id) else { return Ok(false) };
        offer.failures = match answer {
            HttpAnswer::Answered { status: 200..=299, .. } => 0,
            _ => offer.failures.saturating_add(1),
        };
        offer.next_at = now.saturating_add(POLL_MS << offer.failures.min(MOST_DOUBLINGS));
        match (answer, asked) {
            (HttpAnswer::Answered { status: 200..=299, body }, Asked::Challenge) => {
                if let Some(challenge) = Nonce::decode(body).ok().filter(|nonce| nonce.circle == self.circle)
                {
                    let party = Party::Device(self.device);
                    let proof = Proof::sign(self.circle, party, challenge.nonce, &self.host, &self.secrets);
                    self.ask_offer("/v1/token".to_owned(), proof.encode(), Asked::Token);
                }
            }
            (HttpAnswer::Answered { status: 200..=299, body }, Asked::Token) => {
                if let Ok(token) = Token::decode(body) {
                    self.network.set_token(Some(token));
                    offer.next_at = now;
                }
            }
            (HttpAnswer::Answered { status: 200..=299, body }, Asked::Open) => {
                if let Ok(PairingOpened { left_ms }) = PairingOpened::decode(body) {
                    offer.stored.until = Some(now.saturating_add(left_ms.min(LASTS_MS)));
                    let stored = offer.stored.clone();
                    self.store_offer(&stored).await?;
                    self.tell_offer();
                }
            }
            (HttpAnswer::Answered { status: 200..=299, body }, Asked::Read) => {
                if let Ok(PairingRead { answer: Some(sealed) }) = PairingRead::decode(body) {
                    self.somebody_answered(&sealed).await?;
                }
            }
            (HttpAnswer::Answered { status: 404, .. }, Asked::Read) => {
                self.end_offer(PairingEnd::Expired).await?;
            }
            (HttpAnswer::Answered { status: 401, .. }, Asked::Open | Asked::Read) => {
                self.network.set_token(None);
            }
            _ => {}
        }
        Ok(true)
    }

    /// Only who has the link can answer so that this opens; the words tell whether it is the one that was meant.
    async fn somebody_answered(&mut self, sealed: &[u8]) -> Result<(), Trouble> {
        let Some(offer) = &mut self.offer else { return Ok(()) };
        let Some(answer) = offer.link.open(&self.circle, sealed) else {
            return self.end_offer(PairingEnd::NotGenuine).await;
        };
        if self.log.device_by_key(&answer.keys.sign).is_some() {
            return self.end_offer(PairingEnd::NotGenuine).await;
        }
        let words = offer.link.words(&self.circle, &answer.keys, self.log.language());
        offer.stored.answer = Some(answer);
        let stored = offer.stored.clone();
        self.store_offer(&stored).await?;
        self.port.notice(Notice::PairingAnswered { words });
        Ok(())
    }
}
