//! The real server without its sockets: its service, its sessions, its store in memory.

use std::sync::Arc;

use futures::FutureExt;
use futures::executor::block_on;
use kith_protocol::message::{Frame, Subject};
use kith_protocol::{CircleId, Refusal};
use kith_server::store::{Quota, Store, Work};
use kith_server::sync::{Effect, Follower, Heard, Hub, Input, News, PageLimits, Session, drive};
use kith_server::{MemoryStore, Service};

use crate::host::NAME;

pub struct RealHost {
    store: MemoryStore,
    hub: Hub,
    drawn: u64,
    name: String,
}

pub struct RealSession {
    /// The host that it is with.
    pub host: String,
    session: Session,
    follower: Option<Follower>,
}

impl RealHost {
    pub fn new() -> Self {
        Self::named(NAME)
    }

    /// One that answers to another host.
    pub fn named(name: &str) -> Self {
        let store = MemoryStore::new(Quota::default());
        Self { store, hub: Hub::default(), drawn: 0, name: name.to_owned() }
    }

    /// Small pages, so that they are turned.
    fn limits() -> PageLimits {
        PageLimits::new(5, 100_000)
    }

    pub fn http(&mut self, path: &str, body: &[u8], now: u64) -> (u16, Vec<u8>) {
        let service = Service { store: &self.store, host: &self.name, limits: Self::limits() };
        self.drawn += 1;
        let mut random = [0; 32];
        random[..8].copy_from_slice(&self.drawn.to_be_bytes());
        let answer = match path {
            "/v1/circles" => block_on(service.found(body, now, random)),
            "/v1/circles/return" => block_on(service.give_back(body, now, random)).map(|given| {
                given.news.into_iter().for_each(|news| self.hub.publish(news));
                given.body
            }),
            "/v1/challenge" => block_on(service.challenge(body, now, self.drawn.to_be_bytes())),
            "/v1/token" => block_on(service.token(body, now, random)),
            "/v1/sync" => block_on(service.sync(body, now)).map(|synced| {
                synced.news.into_iter().for_each(|news| self.hub.publish(news));
                synced.body
            }),
            "/v1/challenge/key" => block_on(service.key_challenge(body, now, self.drawn.to_be_bytes())),
            "/v1/token/key" => block_on(service.key_token(body, now, random)),
            "/v1/pairings" => block_on(service.open_pairing(body, now)),
            path => match path.split('/').collect::<Vec<_>>()[..] {
                ["", "v1", "invites", id] => block_on(service.invite(id, now)),
                ["", "v1", "pairings", id] => block_on(service.pairing(id, now)),
                ["", "v1", "pairings", id, "answer"] => block_on(service.answer_pairing(id, body, now)),
                ["", "v1", "pairings", id, "read"] => block_on(service.read_pairing(id, body, now)),
                ["", "v1", "pairings", id, "close"] => block_on(service.close_pairing(id, body, now)),
                _ => panic!("no such path: {path}"),
            },
        };
        match answer {
            Ok(body) => (200, body),
            Err(error) => (error.status().as_u16(), minicbor::to_vec(error.body()).expect("an error")),
        }
    }

    /// Removes what is left of circles that were closed more than 30 days ago, as the server does every hour.
    pub fn forget(&self, now: u64) {
        let closed_before = now.saturating_sub(30 * 86_400_000);
        while block_on(self.store.perform(Work::Forget { closed_before }, now)).expect("a store").changed {}
    }

    pub fn session(&self) -> RealSession {
        let session = Session::new(self.name.clone(), Self::limits());
        RealSession { host: self.name.clone(), session, follower: None }
    }

    pub fn frame(&self, session: &mut RealSession, bytes: &[u8], now: u64) -> Vec<Vec<u8>> {
        self.give(session, Input::Received(bytes.to_vec().into()), now)
    }

    /// What other sessions brought.
    pub fn news(&self, session: &mut RealSession, now: u64) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        while let Some(heard) = session.follower.as_mut().and_then(|follower| follower.hear().now_or_never())
        {
            let input = match heard {
                Heard::News(news) => Input::News(news),
                Heard::Missed => Input::Missed,
            };
            out.extend(self.give(session, input, now));
        }
        out
    }

    fn give(&self, session: &mut RealSession, input: Input, now: u64) -> Vec<Vec<u8>> {
        let mut follower = None;
        let follow = |circle: CircleId| follower = Some(self.hub.follow(circle));
        let effects = block_on(drive(&self.store, &mut session.session, input, now, follow));
        if follower.is_some() {
            session.follower = follower;
        }
        let mut out = Vec::new();
        for effect in effects {
            match effect {
                Effect::Send(bytes) => {
                    never_a_fault(&bytes);
                    out.push(bytes.to_vec());
                }
                Effect::Publish(news) => self.hub.publish(Arc::<News>::clone(&news)),
                Effect::Follow(_) | Effect::Close => {}
            }
        }
        out
    }
}

/// A replica says nothing that a server cannot read, and a server here has no faults.
fn never_a_fault(bytes: &[u8]) {
    let frame = Frame::decode(bytes).expect("a frame");
    let bad = matches!(frame, Frame::Refused(Subject::Session, Refusal::Malformed | Refusal::Fault));
    assert!(!bad, "{frame:?}");
}
