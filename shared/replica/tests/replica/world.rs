//! Phones and a host on one thread, with a clock that only the test moves.

use std::collections::BTreeMap;
use std::sync::Arc;

use kith_document::EditScript;
use kith_protocol::invite::{Greeting, InviteLink};
use kith_protocol::message::Frame;
use kith_protocol::{Language, Role};
use kith_replica::{Founding, HttpAnswer, Input, Invitation, Invited, Notice, Output, Replica, Transport};
use rand_core::Rng;

use crate::host::{self, Host};
use crate::phone::TestListing;
pub use crate::phone::{Phone, add, note};
use crate::real::RealHost;

/// What a host that lies makes of its answer to a request for this path.
pub type Lie = fn(&str, u16, Vec<u8>) -> (u16, Vec<u8>);

pub const LOG: &str = "care/log-2026-11";
pub const TASKS: &str = "commons/tasks-2026";

pub struct World {
    pub host: Host,
    /// The real server's service and sessions, in place of `host`.
    pub real: Option<RealHost>,
    /// More of them, by the host that they answer to.
    pub others: BTreeMap<String, RealHost>,
    pub phones: Vec<Phone>,
    pub now: u64,
    /// What becomes of the host's answers on their way.
    pub lie: Option<Lie>,
}

impl World {
    pub fn new(phones: usize) -> Self {
        Self::with(phones, Transport::Socket, 7)
    }

    pub fn with(phones: usize, transport: Transport, seed: u64) -> Self {
        let now = 1_780_000_000_000;
        let phones = (0..phones)
            .map(|n| Phone::new(&format!("p{n}"), transport, seed.wrapping_mul(100).wrapping_add(n as u64)));
        let mut host = Host::default();
        host.now = now;
        Self { host, real: None, others: BTreeMap::new(), phones: phones.collect(), now, lie: None }
    }

    /// A circle at the real server, founded by the first phone, with something in care and something of one's own.
    pub fn cared_for(phones: usize, transport: Transport, seed: u64) -> Self {
        let mut world = Self::real(phones, transport, seed);
        world.found(0);
        world.connect(0);
        world.edit(0, add(LOG, "one", "slept well"));
        world.edit(0, add("private/1/self", "mine", "tired"));
        world.pass(60_000);
        assert_eq!(world.phones[0].replica.status(), kith_replica::SharingStatus::AllShared);
        world
    }

    /// The same with the real server.
    pub fn real(phones: usize, transport: Transport, seed: u64) -> Self {
        Self { real: Some(RealHost::new()), ..Self::with(phones, transport, seed) }
    }

    /// Gives a phone an input and lets everything run until nothing is left to do.
    pub fn tell(&mut self, phone: usize, input: Input) {
        self.feed(phone, input);
        self.run();
    }

    fn feed(&mut self, phone: usize, input: Input) {
        let now = self.now;
        let it = &mut self.phones[phone];
        if it.restarts > 0 && (it.rng.next_u64() & 0xff) < u64::from(it.restarts) {
            self.restart(phone);
        }
        let it = &mut self.phones[phone];
        it.input(input, now);
    }

    /// The app is killed and opened again from its storage.
    pub fn restart(&mut self, phone: usize) {
        let now = self.now;
        let it = &mut self.phones[phone];
        it.cut();
        it.wake = None;
        it.outputs.clear();
        it.dead = false;
        it.replica = Replica::new(it.id.clone(), Arc::new(TestListing), it.transport);
        it.input(Input::Open, now);
        it.storage_only();
        if it.wants {
            it.input(Input::Connect, now);
        }
    }

    /// Makes `to` a copy of `from`: the same storage, on another device.
    pub fn clone_phone(&mut self, from: usize, to: usize) {
        let (id, kv) = (self.phones[from].id.clone(), self.phones[from].kv.clone());
        (self.phones[to].id, self.phones[to].kv) = (id, kv);
        self.restart(to);
        self.run();
    }

    pub fn run(&mut self) {
        for _ in 0..100_000 {
            let mut busy = false;
            for phone in 0..self.phones.len() {
                while let Some(output) = self.phones[phone].outputs.pop_front() {
                    busy = true;
                    self.carry_out(phone, output);
                }
                busy |= self.push(phone);
            }
            if !busy {
                return;
            }
        }
        panic!("the world does not come to rest");
    }

    /// Sends what is new over an open socket; frame by frame, so that other things happen in between.
    fn push(&mut self, phone: usize) -> bool {
        if self.phones[phone].deaf {
            return false;
        }
        if self.real.is_some()
            && let Some(session) = &mut self.phones[phone].real_session
        {
            let real = self.others.get(&session.host).or(self.real.as_ref()).expect("a host");
            let frames = real.news(session, self.now);
            let any = !frames.is_empty();
            for frame in frames {
                self.feed(phone, Input::SocketReceived(frame));
            }
            return any;
        }
        let Some(mut session) = self.phones[phone].session.take() else { return false };
        self.host.now = self.now;
        let frames = self.host.news(&mut session);
        self.phones[phone].session = Some(session);
        let any = !frames.is_empty();
        for frame in frames {
            self.feed(phone, Input::SocketReceived(frame.encode()));
        }
        any
    }

    fn carry_out(&mut self, phone: usize, output: Output) {
        let now = self.now;
        self.host.now = now;
        let it = &mut self.phones[phone];
        match output {
            Output::Read { .. } | Output::Scan { .. } | Output::Write { .. } => {
                if it.dies(&output) {
                    it.cut();
                    it.outputs.clear();
                    it.dead = true;
                }
                if !it.dead {
                    let answer = it.store(output);
                    it.input(Input::StorageDone(answer), now);
                }
            }
            Output::Http { id, path, body, .. } => {
                it.requests.push(path.clone());
                let mut answer = HttpAnswer::Failed;
                let other = self.others.get_mut(&it.replica.host());
                if it.online && it.reaches(&it.replica.host()) {
                    let (status, body) = match other.or(self.real.as_mut()) {
                        Some(real) => real.http(&path, &body, now),
                        None => self.host.http(&path, &body),
                    };
                    let (status, body) = match self.lie {
                        Some(lie) => lie(&path, status, body),
                        None => (status, body),
                    };
                    answer = HttpAnswer::Answered { status, body };
                }
                let it = &mut self.phones[phone];
                if it.lose_answers > 0 {
                    it.lose_answers -= 1;
                    answer = HttpAnswer::Failed;
                }
                self.feed(phone, Input::HttpDone { id, answer });
            }
            Output::SocketOpen { path } => {
                it.requests.push(path);
                it.deaf = false;
                it.socket = it.online && it.reaches(&it.replica.host());
                let input = if it.socket { Input::SocketOpened } else { Input::SocketClosed };
                self.feed(phone, input);
            }
            Output::SocketSend(bytes) => self.socket_said(phone, &bytes),
            Output::SocketClose => it.cut(),
            Output::WakeAt(at) => it.wake = Some(at),
            Output::Notice(notice) => it.notices.push(notice),
        }
    }

    fn socket_said(&mut self, phone: usize, bytes: &[u8]) {
        if !self.phones[phone].socket || self.phones[phone].deaf {
            return;
        }
        let dialled = self.others.get(&self.phones[phone].replica.host()).or(self.real.as_ref());
        if let Some(dialled) = dialled {
            let session = self.phones[phone].real_session.get_or_insert_with(|| dialled.session());
            let real = self.others.get(&session.host).or(self.real.as_ref()).expect("a host");
            let frames = real.frame(session, bytes, self.now);
            for frame in frames {
                self.feed(phone, Input::SocketReceived(frame));
            }
            return;
        }
        let frame = Frame::decode(bytes).expect("a frame");
        let answers = match (frame, self.phones[phone].session.take()) {
            (Frame::Hello(hello), None) => match self.host.hello(&hello) {
                Ok((session, frames)) => {
                    self.phones[phone].session = Some(session);
                    frames
                }
                Err(refusal) => {
                    vec![Frame::Refused(kith_protocol::message::Subject::Session, refusal)]
                }
            },
            (frame, Some(mut session)) => {
                let frames = self.host.frame(&mut session, frame);
                self.phones[phone].session = Some(session);
                frames
            }
            (other, None) => panic!("{other:?} before Hello"),
        };
        for frame in answers {
            self.feed(phone, Input::SocketReceived(frame.encode()));
        }
    }

    /// Takes a phone off the network or puts it back.
    pub fn set_online(&mut self, phone: usize, online: bool) {
        let it = &mut self.phones[phone];
        it.online = online;
        if online {
            self.tell(phone, Input::Foreground);
        } else if it.socket {
            it.cut();
            self.tell(phone, Input::SocketClosed);
        }
    }

    pub fn connect(&mut self, phone: usize) {
        self.phones[phone].online = true;
        self.phones[phone].wants = true;
        self.tell(phone, Input::Connect);
    }

    /// Lets time pass; whoever asked is woken on the way.
    pub fn pass(&mut self, ms: u64) {
        let end = self.now + ms;
        loop {
            let next = self.phones.iter().filter_map(|phone| phone.wake).min().filter(|at| *at <= end);
            let Some(at) = next else { break };
            self.now = self.now.max(at);
            for phone in 0..self.phones.len() {
                if self.phones[phone].wake.is_some_and(|at| at <= self.now) {
                    self.phones[phone].wake = None;
                    self.tell(phone, Input::Woke);
                }
            }
        }
        self.now = end;
    }

    pub fn found(&mut self, phone: usize) {
        let founding =
            Founding { host: host::NAME.into(), language: Language::English, caregivers_invite: false };
        self.tell(phone, Input::Found(founding));
    }

    pub fn edit(&mut self, phone: usize, script: EditScript) -> u64 {
        let edit = self.phones[phone].next_edit;
        self.phones[phone].next_edit += 1;
        self.tell(phone, Input::Edit { edit, script });
        edit
    }

    /// Says it again until it is kept: an app that is killed first has kept nothing, and has not said so.
    pub fn keep(&mut self, phone: usize, script: EditScript) {
        for _ in 0..100 {
            let edit = self.edit(phone, script.clone());
            if self.phones[phone].kept(edit) {
                return;
            }
        }
        panic!("never kept: {script:?}");
    }

    /// Makes an invitation and returns its link; the inviter must be connected.
    pub fn invite(&mut self, phone: usize, role: Role, direct: bool) -> InviteLink {
        let greeting =
            Greeting { person: "Rose".into(), inviter: "Anna".into(), language: "en-GB".into(), to: None };
        let invitation = Invitation { role, uses: 1, lasts_ms: 86_400_000, direct, greeting };
        self.tell(phone, Input::Invite { request: 1, invitation });
        self.last_link(phone).expect("the invitation's link")
    }

    pub fn last_link(&self, phone: usize) -> Option<InviteLink> {
        let ready = |notice: &Notice| match notice {
            Notice::InviteReady { link, .. } => Some(InviteLink::parse(link).expect("a link")),
            _ => None,
        };
        self.phones[phone].notices.iter().rev().find_map(ready)
    }

    pub fn open_link(&mut self, phone: usize, link: InviteLink) {
        self.tell(phone, Input::OpenInvite(Invited { link }));
        self.connect(phone);
    }

    pub fn join(&mut self, phone: usize, link: InviteLink, name: &str) {
        self.open_link(phone, link);
        self.tell(phone, Input::Join { name: name.into() });
    }
}
