//! Phones, a server, and what happens between them, one event after the other. Requests are in `requests.rs`, sockets in
//! `lines.rs`, what befalls server and storage in `mishaps.rs`.

use super::{
    Clock, Eavesdropper, Liar, Record, Server, Traffic, Weather,
    cables::Cables,
    places::{ORIGIN, Place},
    queue::{Due, Queue},
};
use crate::phone::{Phone, PhoneKind, Stage, Wish};
use anyhow::Result;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use shared::{Event, effects::SocketOutput};
use std::time::Duration;

/// The longest that one storage operation takes, in milliseconds.
const DISK_MS: u64 = 12;
/// What a person does is followed by waiting so long at most for the phone's disk, in milliseconds.
const PATIENCE_MS: u64 = 10_000;

/// More than this in a minute is phones that answer each other without end.
const MOST_HAPPENS: u64 = 10_000;

pub struct World {
    pub clock: Clock,
    pub server: Server,
    pub weather: Weather,
    pub spy: Eavesdropper,
    /// Between the true server and the wires.
    pub liar: Liar,
    /// What the true server said.
    pub record: Record,
    pub(super) rng: ChaCha20Rng,
    pub(super) queue: Queue,
    pub(super) cables: Cables,
    pub(super) phones: Vec<Phone>,
    pub(super) around: Vec<Around>,
    pub(super) faults: Vec<String>,
    /// What the process has worked for frames on sockets.
    pub(super) server_cpu: Duration,
    /// A second history that some phones are shown.
    pub(super) fork: Option<Server>,
    pub(super) backup: Option<Server>,
    /// A server that a circle can move to.
    pub(super) other: Option<Server>,
    happened: u64,
}

/// What the world knows of a phone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// Nothing gets through.
    pub cut_off: bool,
    disk_arranged: bool,
    alarm_at: Option<u64>,
    pub traffic: Traffic,
    /// Is shown the other history.
    pub astray: bool,
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
            liar: Liar::default(),
            record: Record::default(),
            rng,
            queue: Queue::default(),
            cables: Cables::default(),
            phones: Vec::new(),
            around: Vec::new(),
            faults: Vec::new(),
            server_cpu: Duration::ZERO,
            fork: None,
            backup: None,
            other: None,
            happened: 0,
        }
    }

    /// A new phone, its app open. Gives its number.
    pub fn add_phone(&mut self, kind: PhoneKind, language: &str, skew_ms: i64) -> usize {
        let mut phone = Phone::new(ORIGIN, kind, language, ChaCha20Rng::seed_from_u64(self.rng.next_u64()));
        phone.set_skew(skew_ms);
        self.put_on(phone)
    }

    /// A phone comes into the world, and its app is opened.
    pub(super) fn put_on(&mut self, phone: Phone) -> usize {
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

    /// How many things have happened.
    pub fn happened(&self) -> u64 {
        self.happened
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

    /// Gives the phone an event and does not wait for its storage. Gives a moment, in milliseconds, in which some of
    /// what follows happens.
    pub fn tell_and_go_on(&mut self, phone: usize, event: Event) -> u64 {
        self.with_phone(phone, |phone| phone.tell(event));
        self.rng.next_u64() % (4 * DISK_MS)
    }

    /// Lets the world go on for some time (milliseconds).
    pub fn run(&mut self, ms: u64) {
        let until = self.clock.now().saturating_add(ms);
        let most = self.happened + MOST_HAPPENS * (1 + ms / 60_000);
        while self.queue.next_at().is_some_and(|at| at <= until) {
            assert!(self.happened < most, "things happen without end");
            self.step();
        }
        self.clock.move_to(until);
    }

    /// Much time passes in which everybody sleeps; what was due comes late.
    pub fn skip(&mut self, ms: u64) {
        self.clock.move_to(self.clock.now().saturating_add(ms));
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
        self.happened += 1;
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
                self.servers().for_each(|server| server.gone(cable));
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
    pub(super) fn with_phone(&mut self, phone: usize, does: impl FnOnce(&mut Phone)) {
        let now = self.clock.now();
        self.phones[phone].set_time(now);
        does(&mut self.phones[phone]);
        self.arrange(phone);
    }

    pub(super) fn arrange(&mut self, phone: usize) {
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
        match wish {
            Wish::Http { call, request } => self.send_request(phone, call, request),
            Wish::OpenSocket { socket, url } => self.open_socket(phone, socket, Place::of(&url)),
            Wish::SendFrame { socket, frame } => self.send_frame(phone, socket, frame),
            Wish::CloseSocket { socket } => {
                if let Some(cable) = self.cables.find(phone, socket) {
                    self.unplug(cable, true);
                }
            }
        }
    }

    /// Until the phone's storage has answered everything.
    pub(super) fn settle(&mut self, phone: usize) {
        self.arrange(phone);
        self.run_until(PATIENCE_MS, |world| world.phones[phone].disk.is_idle());
    }
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
