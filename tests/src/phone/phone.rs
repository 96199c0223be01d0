//! One phone: the real core with a shell of its own. What the phone can do by itself (entropy, its clock, its disk) it
//! does here; everything else becomes a [`Wish`].

use super::{alarms::Alarms, disk::Disk, wish::Wish};
use crate::cpu;
use crux_core::{Core, Request};
use crux_http::protocol::{HttpRequest, HttpResult};
use crux_time::{TimeRequest, TimeResponse};
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use serde::{Deserialize, Serialize};
use shared::{
    Effect, Event, Kith, Launch, Ownership, Platform, ViewModel,
    effects::{EntropyOutput, PlatformOperation, PlatformOutput, SocketOperation, SocketOutput},
};
use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

/// Whether the phone speaks by sockets or by single requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    Browser,
    App,
}

pub struct Phone {
    /// None while the app is closed.
    core: Option<Core<Kith>>,
    launch: Launch,
    online: bool,
    pub disk: Disk,
    entropy: ChaCha20Rng,
    /// True time, set by whoever runs the phone.
    true_ms: u64,
    /// How far the phone's clock is ahead.
    skew_ms: i64,
    alarms: Alarms,
    next_call: u64,
    calls: BTreeMap<u64, Request<HttpRequest>>,
    /// By the core's number and the start it belongs to.
    sockets: BTreeMap<u64, Request<SocketOperation>>,
    starts: u64,
    wishes: VecDeque<Wish>,
    platform: Vec<PlatformOperation>,
    effects: u64,
    /// What the core took of the processor so far.
    busy: Duration,
}

impl Phone {
    /// A new phone with an empty disk. Everything random on it comes from `entropy`.
    pub fn new(origin: &str, kind: PhoneKind, language: &str, entropy: ChaCha20Rng) -> Self {
        let platform = match kind {
            PhoneKind::Browser => Platform::WebInstalled,
            PhoneKind::App => Platform::Android,
        };
        let launch = Launch {
            origin: origin.to_owned(),
            path: String::new(),
            languages: vec![language.to_owned()],
            zone: "Europe/London".to_owned(),
            platform,
            ownership: Ownership::Mine,
            persistent: true,
        };
        Self {
            core: None,
            launch,
            online: true,
            disk: Disk::default(),
            entropy,
            true_ms: 0,
            skew_ms: 0,
            alarms: Alarms::default(),
            next_call: 0,
            calls: BTreeMap::new(),
            sockets: BTreeMap::new(),
            starts: 0,
            wishes: VecDeque::new(),
            platform: Vec::new(),
            effects: 0,
            busy: Duration::ZERO,
        }
    }

    /// Another phone with the same things on its disk, its app closed. What is random on it comes from `entropy`.
    #[must_use]
    pub fn copy(&self, entropy: ChaCha20Rng) -> Self {
        let mut copy = Self::new(&self.launch.origin, PhoneKind::App, "", entropy);
        copy.launch = self.launch.clone();
        copy.disk = Disk::holding(self.disk.pairs().clone());
        (copy.true_ms, copy.skew_ms) = (self.true_ms, self.skew_ms);
        copy
    }

    /// Sets the true time; the phone's own is `skew_ms` ahead of it.
    pub fn set_time(&mut self, true_ms: u64) {
        self.true_ms = true_ms;
    }

    pub fn set_skew(&mut self, skew_ms: i64) {
        self.skew_ms = skew_ms;
    }

    /// What the phone shows as the time, Unix milliseconds.
    pub fn clock_ms(&self) -> u64 {
        self.true_ms.saturating_add_signed(self.skew_ms)
    }

    pub fn is_running(&self) -> bool {
        self.core.is_some()
    }

    pub fn is_online(&self) -> bool {
        self.online
    }

    /// Opens the app: a new core over what the disk holds.
    pub fn start(&mut self) {
        self.starts += 1;
        self.core = Some(Core::new());
        let launch = self.launch.clone();
        self.tell(Event::Started(launch));
        if !self.online {
            self.tell(Event::ReceptionChanged { online: false });
        }
    }

    /// The app goes down at once. Of the storage operations that were not answered, the first `survivors` had
    /// reached the disk.
    pub fn stop(&mut self, survivors: usize) {
        self.core = None;
        self.disk.lose_power(survivors);
        self.alarms = Alarms::default();
        self.calls.clear();
        self.sockets.clear();
        self.wishes.clear();
    }

    /// What the platform knows of the network. Whether anything gets through is the network's business.
    pub fn set_online(&mut self, online: bool) {
        self.online = online;
        self.tell(Event::ReceptionChanged { online });
    }

    /// Gives the core an event. Events to a closed app are dropped.
    pub fn tell(&mut self, event: Event) {
        let begun = cpu::of_thread();
        let effects = self.core.as_ref().map(|core| core.process_event(event));
        self.busy += cpu::of_thread().saturating_sub(begun);
        self.carry_out(effects.unwrap_or_default());
    }

    /// What is on the screen; `None` while the app is closed.
    pub fn view(&self) -> Option<ViewModel> {
        self.core.as_ref().map(Core::view)
    }

    /// What is on the screen; making it counts as work of the core.
    pub fn draw(&mut self) -> Option<ViewModel> {
        let begun = cpu::of_thread();
        let view = self.view();
        self.busy += cpu::of_thread().saturating_sub(begun);
        view
    }

    /// How much of the processor the core has taken since the phone was made, storage and network excluded.
    pub fn busy(&self) -> Duration {
        self.busy
    }

    pub fn take_wishes(&mut self) -> Vec<Wish> {
        self.wishes.drain(..).collect()
    }

    /// What the core asked of the platform, oldest first; empties the list.
    pub fn take_platform(&mut self) -> Vec<PlatformOperation> {
        std::mem::take(&mut self.platform)
    }

    /// How many effects the core has asked for since the phone was made.
    pub fn effects(&self) -> u64 {
        self.effects
    }

    /// Carries out the oldest storage operation and answers it; false when there is none.
    pub fn step_disk(&mut self) -> bool {
        let Some((mut request, output)) = self.disk.carry_out() else { return false };
        self.resolve(&mut request, output);
        true
    }

    /// Carries out all that storage was asked for, and what follows from it.
    pub fn finish_disk(&mut self) {
        while self.step_disk() {}
    }

    /// When the next timer rings, in true time.
    pub fn next_alarm(&self) -> Option<u64> {
        self.alarms.next_due().map(|due| due.saturating_add_signed(self.skew_ms.saturating_neg()))
    }

    /// Rings every timer that is due.
    pub fn ring(&mut self) {
        while let Some((mut request, answer)) = self.alarms.ring(self.clock_ms()) {
            self.resolve(&mut request, answer);
        }
    }

    /// Answers an HTTP request. A request of an earlier start is not known any more.
    pub fn http_done(&mut self, call: u64, result: HttpResult) {
        if let Some(mut request) = self.calls.remove(&call) {
            self.resolve(&mut request, result);
        }
    }

    /// A socket says something. A socket of an earlier start is not known any more.
    pub fn socket_says(&mut self, socket: u64, output: SocketOutput) {
        let last = output == SocketOutput::Closed;
        let Some(mut request) = self.sockets.remove(&socket) else { return };
        self.resolve(&mut request, output);
        if !last && self.is_running() {
            self.sockets.insert(socket, request);
        }
    }

    fn resolve<Operation: crux_core::capability::Operation>(
        &mut self,
        request: &mut Request<Operation>,
        output: Operation::Output,
    ) {
        let begun = cpu::of_thread();
        let effects = self.core.as_ref().and_then(|core| core.resolve(request, output).ok());
        self.busy += cpu::of_thread().saturating_sub(begun);
        self.carry_out(effects.unwrap_or_default());
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.effects += 1;
            match effect {
                Effect::Render(_) => {}
                Effect::Storage(request) => self.disk.ask(request),
                Effect::Entropy(mut request) => {
                    let mut bytes = vec![0; usize::try_from(request.operation.length).unwrap_or(0).min(32)];
                    self.entropy.fill_bytes(&mut bytes);
                    self.resolve(&mut request, EntropyOutput { bytes });
                }
                Effect::Time(request) => self.time(request),
                Effect::Http(request) => {
                    let call = self.next_call;
                    self.next_call += 1;
                    self.wishes.push_back(Wish::Http { call, request: request.operation.clone() });
                    self.calls.insert(call, request);
                }
                Effect::Socket(request) => self.socket(request),
                Effect::Platform(mut request) => {
                    self.platform.push(request.operation.clone());
                    self.resolve(&mut request, PlatformOutput::Happened);
                }
            }
        }
    }

    fn time(&mut self, mut request: Request<TimeRequest>) {
        match request.operation {
            TimeRequest::Now => {
                let now = self.clock_ms();
                let nanos = u32::try_from(now % 1000).unwrap_or(0) * 1_000_000;
                let instant = crux_time::Instant::new(now / 1000, nanos);
                self.resolve(&mut request, TimeResponse::Now { instant });
            }
            TimeRequest::Clear { id } => {
                self.alarms.clear(id);
                self.resolve(&mut request, TimeResponse::Cleared { id });
            }
            TimeRequest::NotifyAt { .. } | TimeRequest::NotifyAfter { .. } => {
                let now = self.clock_ms();
                self.alarms.set(request, now);
            }
        }
    }

    fn socket(&mut self, request: Request<SocketOperation>) {
        // The core numbers the sockets of one start; the network must tell those of two starts apart.
        let name = |id: u64| self.starts << 48 | id;
        let wish = match &request.operation {
            SocketOperation::Open { id, url } => {
                let socket = name(*id);
                let wish = Wish::OpenSocket { socket, url: url.clone() };
                self.sockets.insert(socket, request);
                wish
            }
            SocketOperation::Send { id, frame } => {
                Wish::SendFrame { socket: name(*id), frame: frame.clone() }
            }
            SocketOperation::Close { id } => Wish::CloseSocket { socket: name(*id) },
        };
        self.wishes.push_back(wish);
    }
}
