//! The replica as the app holds it: inputs in, outputs out, and what can be read without IO.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use kith_protocol::access::AccessLog;
use kith_protocol::{CircleId, DeviceNumber, MemberNumber};
use rand_core::CryptoRng;

use crate::engine::{Surroundings, run};
use crate::input::Input;
use crate::keys::{Keys, ReplicaId};
use crate::listing::Listing;
use crate::output::Output;
use crate::port::Port;
use crate::status::SharingStatus;
use crate::view::{Keeping, Phase};
use crate::wished::Wished;

/// The time and the entropy of one input.
pub struct Context<'a> {
    /// Unix milliseconds by this device's clock.
    pub now_ms: u64,
    /// A generator seeded by the platform's entropy.
    pub rng: &'a mut dyn CryptoRng,
}

/// How to reach the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Transport {
    /// A socket; `POST /v1/sync` after two attempts that did not open.
    #[default]
    Socket,
    /// Only `POST /v1/sync`: background refresh, and shells without sockets.
    Post,
}

/// One membership on this device.
pub struct Replica {
    id: ReplicaId,
    port: Port,
    engine: Mutex<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Replica {
    /// A replica that has done nothing yet; its first input says whether it founds, joins or opens.
    pub fn new(id: ReplicaId, listing: Arc<dyn Listing>, transport: Transport) -> Self {
        let port = Port::new();
        let around = Surroundings { port: port.clone(), keys: Keys::new(&id), listing, transport };
        let engine = Box::pin(run(around));
        Self { id, port, engine: Mutex::new(engine) }
    }

    /// Takes an input in and returns everything that is to be done now, in order.
    pub fn handle(&mut self, input: Input, context: &mut Context<'_>) -> Vec<Output> {
        self.port.take_in(input, context.now_ms, context.rng);
        let engine = self.engine.get_mut().unwrap_or_else(PoisonError::into_inner);
        // The engine never ends: it waits for the next input or for storage.
        let _pending = engine.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop()));
        self.port.take_outputs()
    }

    /// Its name on this device.
    pub fn id(&self) -> &ReplicaId {
        &self.id
    }

    /// What this membership is at the moment.
    pub fn phase(&self) -> Phase {
        self.port.with_view(|view| view.phase)
    }

    /// The verified access stream; of a circle founded offline, the founding alone.
    pub fn access(&self) -> Option<Arc<AccessLog>> {
        self.port.with_view(|view| view.access.clone())
    }

    /// Which member and device this is, once it is one.
    pub fn me(&self) -> Option<(MemberNumber, DeviceNumber)> {
        self.port.with_view(|view| view.me)
    }

    /// The circle, once it is known.
    pub fn circle(&self) -> Option<CircleId> {
        self.port.with_view(|view| view.circle)
    }

    /// The host that keeps the circle, as it is dialled; empty before the first input was handled.
    pub fn host(&self) -> String {
        self.port.with_view(|view| view.host.clone())
    }

    /// What is under way about where the circle is kept.
    pub fn keeping(&self) -> Keeping {
        self.port.with_view(|view| view.keeping.clone())
    }

    /// The sharing line.
    pub fn status(&self) -> SharingStatus {
        self.port.with_view(|view| view.status.clone())
    }

    /// How many edits and membership actions have no place in their stream yet.
    pub fn waiting(&self) -> usize {
        self.port.with_view(|view| view.waiting)
    }

    /// The membership actions that have no place in the stream yet, by the number that takes one back.
    pub fn wishes(&self) -> Vec<(u64, Wished)> {
        self.port.with_view(|view| view.wishes.clone())
    }

    /// Whether this one was sent: it may stand already, so it is not taken back before that is known.
    pub fn wish_sent(&self, wish: u64) -> bool {
        self.port.with_view(|view| view.sent.contains(&wish))
    }

    /// How many things lie in the drawer.
    pub fn in_drawer(&self) -> usize {
        self.port.with_view(|view| view.in_drawer)
    }

    /// The names that people joined under, as far as this device may read them.
    pub fn join_names(&self) -> BTreeMap<MemberNumber, String> {
        self.port.with_view(|view| view.names.clone())
    }

    /// The four words of a Join, equal on both sides; for the own device while it waits, and for who may admit it.
    pub fn four_words(&self, member: MemberNumber) -> Option<[&'static str; 4]> {
        self.port.with_view(|view| view.words.get(&member).copied())
    }

    /// The host's time when this device's clock shows `now_ms`, as far as that was heard (Unix milliseconds).
    pub fn host_time(&self, now_ms: u64) -> u64 {
        self.port.with_view(|view| now_ms.saturating_add_signed(view.clock.saturating_neg()))
    }

    /// When the server last took something from each member (its stamps).
    pub fn last_heard(&self) -> BTreeMap<MemberNumber, u64> {
        self.port.with_view(|view| view.heard.clone())
    }
}

impl std::fmt::Debug for Replica {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Replica({}, {:?})", self.id.as_str(), self.phase())
    }
}
