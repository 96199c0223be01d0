//! The connection as a state machine: when to try, with what, and when to try again. It moves no data itself.

use kith_protocol::message::Frame;
use kith_protocol::session::Token;
use rand_core::Rng;

use crate::output::{Method, Output};
use crate::port::Port;
use crate::replica::Transport;

/// The first wait after a failure, in milliseconds; each further one doubles it.
const FIRST_RETRY_MS: u64 = 1_000;
/// The longest wait between attempts, in milliseconds.
const LAST_RETRY_MS: u64 = 120_000;
/// Without a socket, the host is asked this often, in milliseconds.
const POLL_MS: u64 = 30_000;
/// So many sockets in a row that did not open: this network blocks them.
const SOCKETS_BEFORE_POST: u32 = 2;
/// A socket that owes an answer for so long is dead, though nobody closed it, in milliseconds.
const PATIENCE_MS: u64 = 20_000;
/// A socket on which nothing came for so long is asked whether it lives, in milliseconds.
const QUIET_MS: u64 = 600_000;
/// A token that runs out within this time is renewed first, in milliseconds.
const TOKEN_MARGIN_MS: u64 = 60_000;

/// Where the connection stands; the numbers are those of HTTP requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Not wanted, or waiting until `retry_at`.
    Idle,
    /// The host is being told of a circle founded offline.
    Founding(u64),
    Challenge(u64),
    Token(u64),
    /// The socket is being opened.
    Opening,
    /// Hello was said; the welcome has not come.
    Greeting,
    /// Frames go both ways.
    Live,
    Posting(u64),
    /// The host is being given a circle that it does not know.
    Returning(u64),
    /// The last `POST /v1/sync` was answered; the next is due at `retry_at` or when there is something to say.
    Rested,
}

/// The connection of one replica.
pub(crate) struct Network {
    transport: Transport,
    pub wanted: bool,
    pub state: State,
    token: Option<Token>,
    failures: u32,
    sockets_failed: u32,
    pub retry_at: Option<u64>,
    /// This device's clock minus the server's, in milliseconds.
    clock: Option<i64>,
    gone: bool,
    /// Something was taken in or acknowledged by the last request.
    pub progress: bool,
    /// Since when the other end of the socket owes a sign.
    owed_since: Option<u64>,
    /// When something last came by the socket.
    heard_at: Option<u64>,
    /// Questions that were not answered yet.
    questions: u32,
}

impl Network {
    pub fn new(transport: Transport) -> Self {
        Self {
            transport,
            wanted: false,
            state: State::Idle,
            token: None,
            failures: 0,
            sockets_failed: 0,
            retry_at: None,
            clock: None,
            gone: false,
            progress: false,
            owed_since: None,
            heard_at: None,
            questions: 0,
        }
    }

    /// Frames go through, as far as is known.
    pub fn connected(&self) -> bool {
        match self.state {
            State::Live | State::Rested => true,
            State::Posting(_) => self.failures == 0 && self.clock.is_some(),
            _ => false,
        }
    }

    /// No request is on its way.
    pub fn settled(&self) -> bool {
        matches!(self.state, State::Live | State::Rested)
    }

    /// The host says that it knows no such circle, or that this device does not belong to it.
    pub fn gone(&self) -> bool {
        self.gone
    }

    /// How far this clock is off, if by more than `tolerance` (own minus server's, milliseconds).
    pub fn clock_off(&self, tolerance: u64) -> Option<i64> {
        self.clock.filter(|off| off.unsigned_abs() > tolerance)
    }

    /// Notes the server's time.
    pub fn heard_time(&mut self, own: u64, server: u64) {
        let off = i128::from(own) - i128::from(server);
        self.clock = Some(i64::try_from(off).unwrap_or(i64::MAX));
    }

    /// This device's clock minus the server's, 0 before it was heard, in milliseconds.
    pub fn clock(&self) -> i64 {
        self.clock.unwrap_or(0)
    }

    /// The server's time, by the best knowledge of it.
    pub fn server_time(&self, own: u64) -> u64 {
        own.saturating_add_signed(self.clock().saturating_neg())
    }

    /// Whether it is time to begin an attempt.
    pub fn due(&self, now: u64) -> bool {
        self.wanted && self.state == State::Idle && self.retry_at.is_none_or(|at| at <= now)
    }

    /// No attempt for a while.
    pub fn pause(&mut self, now: u64) {
        self.retry_at = Some(now.saturating_add(POLL_MS));
    }

    /// Nothing is known yet of the host that is asked from here on.
    pub fn begin_anew(&mut self) {
        (self.token, self.clock, self.retry_at) = (None, None, None);
        (self.failures, self.sockets_failed, self.gone, self.progress) = (0, 0, false, false);
    }

    /// Try at once, and with a socket again.
    pub fn hurry(&mut self) {
        self.sockets_failed = 0;
        if matches!(self.state, State::Idle | State::Rested) {
            self.retry_at = None;
        }
    }

    /// The token for the first frame, if there is one that lasts.
    pub fn token(&self, now: u64) -> Option<Vec<u8>> {
        let until = self.server_time(now).saturating_add(TOKEN_MARGIN_MS);
        self.token.as_ref().filter(|token| token.expires > until).map(|token| token.token.clone())
    }

    pub fn set_token(&mut self, token: Option<Token>) {
        self.token = token;
    }

    /// Whether `POST /v1/sync` is used rather than a socket.
    pub fn posts(&self) -> bool {
        self.transport == Transport::Post || self.sockets_failed >= SOCKETS_BEFORE_POST
    }

    /// Sends a request and is then in the state that `state` makes of its number.
    pub fn request(&mut self, port: &Port, path: &str, body: Vec<u8>, state: fn(u64) -> State) {
        let id = port.next_request();
        port.emit(Output::Http { id, method: Method::Post, path: path.to_owned(), body });
        self.state = state(id);
    }

    /// Opens the socket.
    pub fn open_socket(&mut self, port: &Port) {
        port.emit(Output::SocketOpen { path: "/v1/socket".to_owned() });
        self.state = State::Opening;
    }

    /// The other side answered as it should.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.retry_at = None;
        self.gone = false;
        if self.state == State::Live {
            self.sockets_failed = 0;
        }
    }

    /// A `POST /v1/sync` is done. `again`: there is more to fetch or to send.
    pub fn rest(&mut self, now: u64, again: bool) {
        self.state = State::Rested;
        self.retry_at = Some(if again && self.progress { now } else { now.saturating_add(POLL_MS) });
    }

    /// The attempt failed, or the connection was lost: closes what is open and tries again later.
    pub fn failed(&mut self, port: &Port) {
        if matches!(self.state, State::Opening | State::Greeting) {
            self.sockets_failed = self.sockets_failed.saturating_add(1);
        }
        self.close(port);
        let doubled = FIRST_RETRY_MS.saturating_mul(1 << self.failures.min(16));
        let longest = doubled.min(LAST_RETRY_MS);
        // Half fixed, half drawn, so that those who lost a server together do not come back together.
        let drawn = port.with_rng(Rng::next_u64) % (longest / 2 + 1);
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Some(port.now().saturating_add(longest / 2 + drawn));
    }

    /// As [`Self::failed`], but not before `wait` milliseconds have passed.
    pub fn failed_for(&mut self, port: &Port, wait: u64) {
        self.failed(port);
        self.retry_at = self.retry_at.max(Some(port.now().saturating_add(wait.min(LAST_RETRY_MS))));
    }

    /// The host does not know this circle or this device.
    pub fn lost(&mut self, port: &Port) {
        self.gone = true;
        self.failed_for(port, LAST_RETRY_MS);
    }

    /// Closes the socket, if one is open or opening. Answers to requests on their way count no more.
    pub fn close(&mut self, port: &Port) {
        if matches!(self.state, State::Opening | State::Greeting | State::Live) {
            port.emit(Output::SocketClose);
        }
        self.state = State::Idle;
        (self.owed_since, self.heard_at, self.questions) = (None, None, 0);
    }

    /// Notes that the other end of the socket said something.
    pub fn heard(&mut self, now: u64) {
        (self.owed_since, self.heard_at) = (None, Some(now));
    }

    /// A frame that the host answers with Heard, once it has dealt with what was sent before.
    pub fn question(&mut self) -> Frame {
        self.questions = self.questions.saturating_add(1);
        Frame::More(Vec::new())
    }

    /// A question was answered. Whether it was the last one.
    pub fn answered(&mut self) -> bool {
        self.questions = self.questions.saturating_sub(1);
        self.questions == 0
    }

    /// Whether nothing came by the socket for so long that it may be dead, and nobody asked yet.
    pub fn is_quiet(&self, now: u64) -> bool {
        self.quiet_at().is_some_and(|at| at <= now)
    }

    /// When to ask whether the socket lives.
    pub fn quiet_at(&self) -> Option<u64> {
        let asks = self.state == State::Live && self.questions == 0;
        self.heard_at.filter(|_| asks).map(|at| at.saturating_add(QUIET_MS))
    }

    /// Whether the socket is dead. `owes`: something was sent on it and not answered.
    pub fn is_dead(&mut self, now: u64, owes: bool) -> bool {
        let waits = match self.state {
            State::Opening | State::Greeting => true,
            State::Live => owes || self.questions > 0,
            _ => false,
        };
        if !waits {
            self.owed_since = None;
            return false;
        }
        let since = *self.owed_since.get_or_insert(now);
        now >= since.saturating_add(PATIENCE_MS)
    }

    /// When to look whether the socket is dead.
    pub fn patience_ends(&self) -> Option<u64> {
        self.owed_since.map(|since| since.saturating_add(PATIENCE_MS))
    }

    /// Whether a request's answer is the one that is waited for.
    pub fn awaits(&self, id: u64) -> bool {
        matches!(self.state,
            State::Founding(of) | State::Challenge(of) | State::Token(of) | State::Posting(of) | State::Returning(of)
                if of == id)
    }
}
