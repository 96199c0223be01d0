//! Phones that speak to a server by single requests, over real HTTP or call by call. Their time is virtual: it moves when
//! somebody moves it, and may jump; a server that limits how many requests come in a second would stop them.

use super::{Clock, Server, Traffic, traffic::length};
use crate::phone::{Phone, PhoneKind, Stage, Wish};
use anyhow::Result;
use crux_http::{
    HttpError,
    protocol::{HttpRequest, HttpResponse, HttpResult},
};
use rand_chacha::ChaCha20Rng;
use shared::{Event, effects::SocketOutput};
use std::time::Duration;
use ureq::Agent;

/// How requests get to the server.
enum Line {
    Http(Agent),
    /// The same routes in this process.
    Direct(Box<Server>),
}

pub struct Wire {
    line: Line,
    clock: Clock,
    phones: Vec<Phone>,
    cut_off: Vec<bool>,
    traffic: Vec<Traffic>,
    origin: String,
}

impl Wire {
    /// `origin` is where the server answers, `clock` what the phones show.
    pub fn new(origin: &str, clock: &Clock) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_mins(1)));
        Self::over(Line::Http(config.build().into()), origin, clock)
    }

    /// Without sockets of the operating system in between.
    pub fn direct(server: Server, origin: &str, clock: &Clock) -> Self {
        Self::over(Line::Direct(Box::new(server)), origin, clock)
    }

    fn over(line: Line, origin: &str, clock: &Clock) -> Self {
        let (phones, cut_off, traffic) = (Vec::new(), Vec::new(), Vec::new());
        Self { line, clock: clock.clone(), phones, cut_off, traffic, origin: origin.to_owned() }
    }

    /// A new phone, its app open. It speaks by single requests. Two phones on one server never share their entropy.
    pub fn add_phone(&mut self, language: &str, entropy: ChaCha20Rng) -> usize {
        let mut phone = Phone::new(&self.origin, PhoneKind::App, language, entropy);
        phone.set_time(self.clock.now());
        self.phones.push(phone);
        self.cut_off.push(false);
        self.traffic.push(Traffic::default());
        let number = self.phones.len() - 1;
        self.phones[number].start();
        self.follow(number);
        number
    }

    pub fn phones(&self) -> &[Phone] {
        &self.phones
    }

    /// How many requests were made.
    pub fn requests(&self) -> u64 {
        self.traffic.iter().map(|traffic| traffic.requests).sum()
    }

    pub fn traffic(&self, phone: usize) -> Traffic {
        self.traffic[phone]
    }

    pub fn phone_mut(&mut self, phone: usize) -> &mut Phone {
        &mut self.phones[phone]
    }

    /// Puts a phone's clock right or wrong: `skew_ms` ahead of true time.
    pub fn set_skew(&mut self, phone: usize, skew_ms: i64) {
        self.phones[phone].set_skew(skew_ms);
    }

    /// The app is on the screen again: whatever waits goes out and comes in now.
    pub fn look(&mut self, phone: usize) {
        self.tell(phone, Event::Foregrounded);
    }

    /// Carries out what a phone wants until it wants nothing more now.
    fn follow(&mut self, phone: usize) {
        loop {
            self.phones[phone].finish_disk();
            let wishes = self.phones[phone].take_wishes();
            if wishes.is_empty() {
                return;
            }
            for wish in wishes {
                match wish {
                    Wish::Http { call, request } => {
                        let result = self.request(phone, &request);
                        self.phones[phone].http_done(call, result);
                    }
                    // These phones have no sockets.
                    Wish::OpenSocket { socket, .. } => {
                        self.phones[phone].socket_says(socket, SocketOutput::Closed);
                    }
                    Wish::SendFrame { .. } | Wish::CloseSocket { .. } => {}
                }
            }
        }
    }

    fn request(&mut self, phone: usize, request: &HttpRequest) -> HttpResult {
        if self.cut_off[phone] {
            return HttpResult::Err(HttpError::Io("no reception".into()));
        }
        let traffic = &mut self.traffic[phone];
        traffic.requests += 1;
        traffic.bytes_up += length(&request.body);
        match self.line.send(request) {
            Ok(response) => {
                traffic.bytes_down += length(&response.body);
                HttpResult::Ok(response)
            }
            Err(error) => HttpResult::Err(HttpError::Io(error.to_string())),
        }
    }
}

impl Line {
    fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse> {
        let agent = match self {
            Self::Http(agent) => agent,
            Self::Direct(server) => return server.http(request),
        };
        let mut response = if request.method == "GET" {
            agent.get(&request.url).call()?
        } else {
            let headers = request.headers.iter();
            let builder =
                headers.fold(agent.post(&request.url), |builder, one| builder.header(&one.name, &one.value));
            builder.send(&request.body)?
        };
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        Ok(HttpResponse::status(status).body(body).build())
    }
}

impl Stage for Wire {
    fn phone(&mut self, phone: usize) -> &mut Phone {
        &mut self.phones[phone]
    }

    fn tell(&mut self, phone: usize, event: Event) {
        self.phones[phone].set_time(self.clock.now());
        self.phones[phone].tell(event);
        self.follow(phone);
    }

    /// Time jumps: what was due meanwhile happens once, at the end.
    fn wait(&mut self, ms: u64) {
        self.clock.move_to(self.clock.now().saturating_add(ms));
        for number in 0..self.phones.len() {
            self.phones[number].set_time(self.clock.now());
            self.phones[number].ring();
            self.follow(number);
        }
    }

    fn reception(&mut self, phone: usize, reception: bool) {
        self.cut_off[phone] = !reception;
        self.phones[phone].set_online(reception);
        self.follow(phone);
    }

    fn reopen(&mut self, phone: usize) {
        self.phones[phone].stop(0);
        self.phones[phone].start();
        self.follow(phone);
    }
}
