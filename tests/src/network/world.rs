//! Phones, a server, and what happens between them, one event after the other.

use super::{
    Clock, Eavesdropper, Server, Traffic, Weather,
    cables::Cables,
    queue::{Due, Queue},
    traffic::length,
    weather::chance,
};
use crate::phone::{Phone, PhoneKind, Stage, Wish};
use anyhow::Result;
use crux_http::{
    HttpError,
    protocol::{HttpRequest, HttpResult},
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use shared::{Event, effects::SocketOutput};
use std::time::Duration;

/// Where the circles of a world are kept.
pub const ORIGIN: &str = "https://kith.test";
const HOST: &str = "kith.test";

/// After this time a phone gives up on a request, in milliseconds.
const REQUEST_TIMEOUT_MS: u64 = 20_000;
/// The longest that one storage operation takes, in milliseconds.
const DISK_MS: u64 = 12;
/// What a person does is followed by waiting so long at most for the phone's disk, in milliseconds.
const PATIENCE_MS: u64 = 10_000;

pub struct World {
    pub clock: Clock,
    pub server: Server,
    pub weather: Weather,
    pub spy: Eavesdropper,
    rng: ChaCha20Rng,
    queue: Queue,
    cables: Cables,
    phones: Vec<Phone>,
    around: Vec<Around>,
    faults: Vec<String>,
    /// What the process has worked for frames on sockets.
    server_cpu: Duration,
}

/// What the world knows of a phone.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    /// Nothing gets through.
    cut_off: bool,
    disk_arranged: bool,
    alarm_at: Option<u64>,
    traffic: Traffic,
}

impl World {
    /// An empty world at a time (Unix milliseconds); `seed` decides all that is random in it.
    pub fn new(seed: u64, now_ms: u64) -> Result<Self> {
        let clock = Clock::at(now_ms);
        let server = Server::new(&clock, ChaCha20Rng::seed_from_u64(!seed).next_u64())?;
        Ok(Self::around(server, &clock, seed))
    }

    /// An empty world around a server.
    pub fn around(server: Server, clock: &Clock, seed: u64) -> Self {
        let rng = ChaCha20Rng::seed_from_u64(seed);
        Self {
            clock: clock.clone(),
            server,
            weather: Weather::FAIR,
            spy: Eavesdropper::default(),
            rng,
            queue: Queue::default(),
            cables: Cables::default(),
            phones: Vec::new(),
            around: Vec::new(),
            faults: Vec::new(),
            server_cpu: Duration::ZERO,
        }
    }

    /// A new phone, its app open. Gives its number.
    pub fn add_phone(&mut self, kind: PhoneKind, language: &str, skew_ms: i64) -> usize {
        let mut phone = Phone::new(ORIGIN, kind, language, ChaCha20Rng::seed_from_u64(self.rng.next_u64()));
        phone.set_time(self.clock.now());
        phone.set_skew(skew_ms);
        self.phones.push(phone);
        self.around.push(Around::default());
        let number = self.phones.len() - 1;
        self.start(number);
        number
    }

    pub fn phones(&self) -> &[Phone] {
        &self.phones
    }

    pub fn phone_mut(&mut self, phone: usize) -> &mut Phone {
        &mut self.phones[phone]
    }

    pub fn traffic(&self, phone: usize) -> Traffic {
        self.around[phone].traffic
    }

    /// What the server has worked for frames on sockets, until what they brought was ready for everybody.
    pub fn server_cpu(&self) -> Duration {
        self.server_cpu
    }

    /// What must never happen and did, in words.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Opens the app.
    pub fn start(&mut self, phone: usize) {
        let now = self.clock.now();
        self.phones[phone].set_time(now);
        self.phones[phone].start();
        self.settle(phone);
    }

    /// The app goes down at once, between two operations of its storage.
    pub fn stop(&mut self, phone: usize) {
        let waiting = self.phones[phone].disk.waiting();
        let survivors = usize::try_from(self.rng.next_u64()).unwrap_or(0) % (waiting + 1);
        self.phones[phone].stop(survivors);
        for cable in self.cables.of(phone) {
            self.unplug(cable, false);
        }
        self.queue
            .cancel(|due| matches!(due, Due::Disk { phone: of } | Due::Alarm { phone: of } if *of == phone));
        (self.around[phone].disk_arranged, self.around[phone].alarm_at) = (false, None);
    }

    /// The app goes down and is opened again.
    pub fn reload(&mut self, phone: usize) {
        self.stop(phone);
        self.start(phone);
    }

    /// Reception comes or goes. `noticed`: the platform tells the app.
    pub fn set_reception(&mut self, phone: usize, reception: bool, noticed: bool) {
        self.around[phone].cut_off = !reception;
        if !reception {
            for cable in self.cables.of(phone) {
                self.unplug(cable, true);
            }
        }
        if noticed || reception {
            self.phones[phone].set_online(reception);
        }
        self.settle(phone);
    }

    pub fn has_reception(&self, phone: usize) -> bool {
        !self.around[phone].cut_off
    }

    /// Lets the world go on for some time (milliseconds).
    pub fn run(&mut self, ms: u64) {
        let until = self.clock.now().saturating_add(ms);
        while self.queue.next_at().is_some_and(|at| at <= until) {
            self.step();
        }
        self.clock.move_to(until);
    }

    /// Lets the world go on until something is true, at most for `ms`. Gives whether it became true.
    pub fn run_until(&mut self, ms: u64, mut reached: impl FnMut(&mut Self) -> bool) -> bool {
        let until = self.clock.now().saturating_add(ms);
        loop {
            if reached(self) {
                return true;
            }
            match self.queue.next_at() {
                Some(at) if at <= until => self.step(),
                _ => {
                    self.clock.move_to(until);
                    return reached(self);
                }
            }
        }
    }

    /// Lets the next thing happen.
    fn step(&mut self) {
        let Some((at, due)) = self.queue.pop() else { return };
        self.clock.move_to(at);
        match due {
            Due::Request { phone, call, request } => self.request_arrives(phone, call, &request),
            Due::Answer { phone, call, result } => self.answer_arrives(phone, call, result),
            Due::Connect { cable } => self.connect(cable),
            Due::Connected { cable } => self.say(cable, SocketOutput::Opened),
            Due::Up { cable, frame } => self.frame_up(cable, &frame),
            Due::Down { cable, frame } => self.frame_down(cable, frame),
            Due::Unplugged { cable } => {
                self.say(cable, SocketOutput::Closed);
                self.cables.cut(cable);
            }
            Due::Gone { cable } => {
                self.server.gone(cable);
                self.deliver();
            }
            Due::Disk { phone } => {
                self.around[phone].disk_arranged = false;
                self.with_phone(phone, |phone| {
                    phone.step_disk();
                });
            }
            Due::Alarm { phone } => {
                self.around[phone].alarm_at = None;
                self.with_phone(phone, Phone::ring);
            }
        }
    }

    /// Does something with a phone, then arranges what it wants.
    fn with_phone(&mut self, phone: usize, does: impl FnOnce(&mut Phone)) {
        let now = self.clock.now();
        self.phones[phone].set_time(now);
        does(&mut self.phones[phone]);
        self.arrange(phone);
    }

    fn arrange(&mut self, phone: usize) {
        let now = self.clock.now();
        for wish in self.phones[phone].take_wishes() {
            self.grant(phone, wish);
        }
        let around = &mut self.around[phone];
        if !self.phones[phone].disk.is_idle() && !around.disk_arranged {
            around.disk_arranged = true;
            let at = now + self.rng.next_u64() % DISK_MS;
            self.queue.push(at, Due::Disk { phone });
        }
        if let Some(at) = self.phones[phone].next_alarm().map(|at| at.max(now))
            && around.alarm_at.is_none_or(|arranged| at < arranged)
        {
            around.alarm_at = Some(at);
            self.queue.push(at, Due::Alarm { phone });
        }
    }

    fn grant(&mut self, phone: usize, wish: Wish) {
        let now = self.clock.now();
        match wish {
            Wish::Http { call, request } => self.send_request(phone, call, request),
            Wish::OpenSocket { socket, .. } => {
                let cable = self.cables.lay(phone, socket);
                let refused = self.around[phone].cut_off || chance(&mut self.rng, self.weather.refused);
                let at = now + self.weather.delay(&mut self.rng);
                let due = if refused { Due::Unplugged { cable } } else { Due::Connect { cable } };
                self.queue.push(at, due);
            }
            Wish::SendFrame { socket, frame } => {
                let Some(cable) = self.cables.find(phone, socket) else { return };
                let traffic = &mut self.around[phone].traffic;
                traffic.frames += 1;
                traffic.bytes_up += length(&frame);
                self.spy.listen("a frame to the server", &frame);
                if chance(&mut self.rng, self.weather.cut) {
                    return self.unplug(cable, true);
                }
                let at = self.cables.up(cable, now + self.weather.delay(&mut self.rng));
                self.queue.push(at, Due::Up { cable, frame });
            }
            Wish::CloseSocket { socket } => {
                if let Some(cable) = self.cables.find(phone, socket) {
                    self.unplug(cable, true);
                }
            }
        }
    }

    fn send_request(&mut self, phone: usize, call: u64, request: HttpRequest) {
        let now = self.clock.now();
        let traffic = &mut self.around[phone].traffic;
        traffic.requests += 1;
        traffic.bytes_up += length(&request.body);
        self.spy.listen("a request", &request.body);
        self.spy.listen("a URL", request.url.as_bytes());
        let give_up = Due::Answer { phone, call, result: HttpResult::Err(HttpError::Timeout) };
        if self.around[phone].cut_off {
            let result = HttpResult::Err(HttpError::Io("no network".into()));
            return self.queue.push(now + 5, Due::Answer { phone, call, result });
        }
        self.queue.push(now + REQUEST_TIMEOUT_MS, give_up);
        if chance(&mut self.rng, self.weather.lost) {
            return;
        }
        if chance(&mut self.rng, self.weather.doubled) {
            let at = now + 2 * self.weather.delay(&mut self.rng);
            self.queue.push(at, Due::Request { phone, call: None, request: request.clone() });
        }
        let at = now + self.weather.delay(&mut self.rng);
        self.queue.push(at, Due::Request { phone, call: Some(call), request });
    }

    fn request_arrives(&mut self, phone: usize, call: Option<u64>, request: &HttpRequest) {
        match self.server.http(request) {
            Ok(response) => {
                self.spy.listen("an answer", &response.body);
                if response.status >= 500 {
                    self.faults.push(format!("the server answered {} to {}", response.status, request.url));
                }
                if let Some(call) = call
                    && !chance(&mut self.rng, self.weather.lost)
                {
                    let at = self.clock.now() + self.weather.delay(&mut self.rng);
                    self.queue.push(at, Due::Answer { phone, call, result: HttpResult::Ok(response) });
                }
            }
            Err(error) => self.faults.push(format!("the server failed at {}: {error:#}", request.url)),
        }
        self.deliver();
    }

    fn answer_arrives(&mut self, phone: usize, call: u64, result: HttpResult) {
        let result = match result {
            HttpResult::Ok(_) if self.around[phone].cut_off => {
                HttpResult::Err(HttpError::Io("cut off".into()))
            }
            HttpResult::Ok(response) => {
                self.around[phone].traffic.bytes_down += length(&response.body);
                HttpResult::Ok(response)
            }
            failed @ HttpResult::Err(_) => failed,
        };
        self.with_phone(phone, |phone| phone.http_done(call, result));
    }

    fn connect(&mut self, cable: u64) {
        if self.cables.get(cable).is_none() {
            return;
        }
        self.server.connect(cable, HOST);
        let at = self.cables.down(cable, self.clock.now() + self.weather.delay(&mut self.rng));
        self.queue.push(at, Due::Connected { cable });
    }

    fn frame_up(&mut self, cable: u64, frame: &[u8]) {
        if self.cables.get(cable).is_some() {
            let before = process_cpu();
            self.server.frame(cable, frame);
            let out = self.server.take_frames();
            self.server_cpu += process_cpu().saturating_sub(before);
            self.send_down(out);
        }
    }

    fn frame_down(&mut self, cable: u64, frame: Vec<u8>) {
        let Some(laid) = self.cables.get(cable) else { return };
        self.around[laid.phone].traffic.bytes_down += length(&frame);
        self.say(cable, SocketOutput::Received { frame });
    }

    /// Sends off what the server has for its sockets.
    fn deliver(&mut self) {
        let out = self.server.take_frames();
        self.send_down(out);
    }

    fn send_down(&mut self, out: Vec<(u64, Option<Vec<u8>>)>) {
        let now = self.clock.now();
        for (cable, frame) in out {
            if self.cables.get(cable).is_none() {
                continue;
            }
            if let Some(frame) = frame {
                self.spy.listen("a frame from the server", &frame);
                if chance(&mut self.rng, self.weather.cut) {
                    self.unplug(cable, true);
                    continue;
                }
                let at = self.cables.down(cable, now + self.weather.delay(&mut self.rng));
                self.queue.push(at, Due::Down { cable, frame });
            } else {
                let at = self.cables.down(cable, now + self.weather.delay(&mut self.rng));
                self.queue.push(at, Due::Unplugged { cable });
            }
        }
    }

    /// A socket ends; what is on its way in it is lost. Both sides learn it, the phone only if it is still there.
    fn unplug(&mut self, cable: u64, phone_learns: bool) {
        let now = self.clock.now();
        self.queue.cancel(|due| {
            matches!(due,
                Due::Connect { cable: of } | Due::Connected { cable: of } | Due::Unplugged { cable: of }
                | Due::Up { cable: of, .. } | Due::Down { cable: of, .. } if *of == cable)
        });
        if phone_learns {
            self.queue.push(now + 1, Due::Unplugged { cable });
        } else {
            self.cables.cut(cable);
        }
        let at = now + self.weather.delay(&mut self.rng);
        self.queue.push(at, Due::Gone { cable });
    }

    fn say(&mut self, cable: u64, output: SocketOutput) {
        if let Some(laid) = self.cables.get(cable) {
            self.with_phone(laid.phone, |phone| phone.socket_says(laid.socket, output));
        }
    }

    /// Until the phone's storage has answered everything.
    fn settle(&mut self, phone: usize) {
        self.arrange(phone);
        self.run_until(PATIENCE_MS, |world| world.phones[phone].disk.is_idle());
    }
}

/// What all threads of this process have worked.
fn process_cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

impl Stage for World {
    fn phone(&mut self, phone: usize) -> &mut Phone {
        let now = self.clock.now();
        self.phones[phone].set_time(now);
        &mut self.phones[phone]
    }

    fn tell(&mut self, phone: usize, event: Event) {
        let now = self.clock.now();
        self.phones[phone].set_time(now);
        self.phones[phone].tell(event);
        self.settle(phone);
    }

    fn wait(&mut self, ms: u64) {
        self.run(ms);
    }

    fn reception(&mut self, phone: usize, reception: bool) {
        self.set_reception(phone, reception, true);
    }

    fn reopen(&mut self, phone: usize) {
        self.reload(phone);
    }
}
