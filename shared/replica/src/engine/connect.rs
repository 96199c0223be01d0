//! Getting connected and staying so: what goes to the network, and what became of it.

use kith_protocol::access::{AccessLog, AccessRecord};
use kith_protocol::message::{AccessAck, Frame, Frames, Hello, SubmitAccess};
use kith_protocol::session::{Nonce, NonceRequest, Proof, Token};
use kith_protocol::{Party, Stream, VERSION};

use crate::cbor::to_bytes;
use crate::engine::lane::{Hold, Lane};
use crate::engine::member::Member;
use crate::engine::network::State;
use crate::engine::offering::Offer;
use crate::engine::trouble::Trouble;
use crate::input::HttpAnswer;
use crate::output::Output;
use crate::port::Batch;
use crate::record::{STATE_VERSION, StoredStage, StoredState};
use crate::sabotage::{Safeguard, is_off};

impl Member {
    /// Does what can be done now: makes what is due, sends what waits, connects, asks to be woken.
    pub async fn drive(&mut self) -> Result<(), Trouble> {
        if self.fault.is_some() || self.newer || self.ended() {
            self.network.close(&self.port);
            return Ok(());
        }
        self.wind_up().await?;
        self.follow().await?;
        self.drive_offer().await?;
        self.release().await?;
        if self.network.settled() {
            self.plan_rotation();
            self.freeze().await?;
        }
        match self.network.state {
            // What comes by this connection is taken in; another one is not opened.
            state if self.wound_up && state != State::Live => {
                self.network.close(&self.port);
                return Ok(());
            }
            State::Live => {
                let frames = self.frames().await?;
                let now = self.port.now();
                let question = self.network.is_quiet(now).then(|| self.network.question());
                for frame in frames.into_iter().chain(question) {
                    self.port.emit(Output::SocketSend(frame.encode()));
                }
            }
            State::Rested => self.post_when_due().await?,
            _ if self.network.due(self.port.now()) => self.attempt().await?,
            _ => {}
        }
        let handed = self.home.lacking.is_some() && !self.home.handed.is_empty();
        let owes = handed || self.is_owed();
        if self.network.is_dead(self.port.now(), owes) {
            self.network.failed(&self.port);
            self.disconnected();
        }
        self.watch_keys();
        self.ask_to_be_woken();
        Ok(())
    }

    /// Whether something was sent that the host has not answered.
    fn is_owed(&self) -> bool {
        let outgoing = |lane: &Lane| lane.outbox.values().any(|out| out.sent && out.acked.is_none());
        self.proposals.sent.is_some() || self.lanes.values().any(outgoing)
    }

    /// One step towards a connection.
    async fn attempt(&mut self) -> Result<(), Trouble> {
        if let Some(founded) = &self.founded {
            let body = SubmitAccess { signed: founded.signed.clone(), wraps: founded.wraps.clone() };
            self.network.request(&self.port, "/v1/circles", body.encode(), State::Founding);
        } else if self.network.token(self.port.now()).is_none() {
            let party = Party::Device(self.device);
            let body = NonceRequest { circle: self.circle.prefix(), party };
            self.network.request(&self.port, "/v1/challenge", body.encode(), State::Challenge);
        } else if self.network.posts() {
            self.post().await?;
        } else {
            self.network.open_socket(&self.port);
        }
        Ok(())
    }

    async fn post_when_due(&mut self) -> Result<(), Trouble> {
        let now = self.port.now();
        let due = self.network.retry_at.is_none_or(|at| at <= now) || self.has_unsent();
        if !due {
            return Ok(());
        }
        if self.network.token(now).is_none() || !self.network.posts() {
            self.network.close(&self.port);
            return self.attempt().await;
        }
        self.post().await
    }

    async fn post(&mut self) -> Result<(), Trouble> {
        self.freeze().await?;
        let Some(hello) = self.hello(false) else { return Ok(()) };
        let mut frames = vec![Frame::Hello(hello)];
        self.more.clear();
        frames.extend(self.frames().await?);
        self.network.progress = false;
        self.network.request(&self.port, "/v1/sync", Frames(frames).encode(), State::Posting);
        Ok(())
    }

    fn hello(&self, live: bool) -> Option<Hello> {
        let token = self.network.token(self.port.now())?;
        let others = self.log.streams_of(self.device).into_iter().filter(|stream| *stream != Stream::Access);
        let cursors = std::iter::once(self.log.cursor()).chain(others.map(|stream| self.cursor(stream)));
        Some(Hello { versions: vec![VERSION], token, cursors: cursors.collect(), live })
    }

    /// The answer to a request came, or did not.
    pub async fn http_done(&mut self, id: u64, answer: HttpAnswer) -> Result<(), Trouble> {
        if self.offer_answered(id, &answer).await? || !self.network.awaits(id) {
            return Ok(());
        }
        let state = self.network.state;
        let body = match answer {
            HttpAnswer::Answered { status: 200..=299, body } => body,
            HttpAnswer::Answered { status: 401, .. } if matches!(state, State::Posting(_)) => {
                self.token_refused();
                return Ok(());
            }
            HttpAnswer::Answered { status: status @ (403 | 404), .. }
                if self.unknown_there(status, state).await? =>
            {
                return Ok(());
            }
            HttpAnswer::Answered { status: 403 | 404, .. } => {
                self.network.set_token(None);
                self.network.lost(&self.port);
                self.disconnected();
                return Ok(());
            }
            _ => {
                self.network.failed(&self.port);
                self.disconnected();
                return Ok(());
            }
        };
        self.network.state = State::Idle;
        let understood = match state {
            State::Founding(_) => self.recorded(&body).await?,
            State::Challenge(_) => self.answer_challenge(&body),
            State::Token(_) => self.take_token(&body),
            State::Posting(_) => self.posted(&body, state).await?,
            State::Returning(_) => self.given(&body).await?,
            _ => true,
        };
        if !understood {
            self.network.failed(&self.port);
            self.disconnected();
        }
        Ok(())
    }

    /// The host knows the circle now, and its stamp makes `A_1`.
    async fn recorded(&mut self, body: &[u8]) -> Result<bool, Trouble> {
        // Whatever answered in the host's place, what was founded stays.
        let Ok(ack) = AccessAck::decode(body) else { return Ok(false) };
        let Some(founded) = self.founded.take() else { return Ok(false) };
        let log = AccessLog::found(&founded.signed, ack.stamp).ok();
        let Some(log) = log.filter(|log| log.head_hash() == ack.hash) else {
            self.founded = Some(founded);
            return Ok(false);
        };
        let record = AccessRecord { signed: founded.signed, stamp: ack.stamp };
        let stage = StoredStage::Member { device: self.device };
        let stored = StoredState { version: STATE_VERSION, host: self.host.clone(), stage };
        let mut batch = Batch::default();
        batch.put(self.keys.state(), to_bytes(&stored));
        batch.put(self.keys.access(1), record.encode());
        batch.put(self.keys.access_log(), log.to_bytes());
        self.write(batch).await?;
        self.log = log;
        self.network.heard_time(self.port.now(), ack.stamp);
        self.network.succeeded();
        Ok(true)
    }

    fn answer_challenge(&mut self, body: &[u8]) -> bool {
        let Ok(challenge) = Nonce::decode(body) else { return false };
        if challenge.circle != self.circle {
            return false;
        }
        let party = Party::Device(self.device);
        let proof = Proof::sign(self.circle, party, challenge.nonce, &self.host, &self.secrets);
        self.network.request(&self.port, "/v1/token", proof.encode(), State::Token);
        true
    }

    fn take_token(&mut self, body: &[u8]) -> bool {
        let fresh = Token::decode(body).ok();
        let taken = fresh.is_some();
        if let Some(token) = &fresh {
            // A fresh token lasts its full time, so it also tells the server's clock.
            let issued = token.expires.saturating_sub(kith_protocol::session::TOKEN_MS);
            self.network.heard_time(self.port.now(), issued);
        }
        self.network.set_token(fresh);
        taken
    }

    async fn posted(&mut self, body: &[u8], state: State) -> Result<bool, Trouble> {
        let Ok(Frames(frames)) = Frames::decode(body) else { return Ok(false) };
        self.network.state = state;
        for frame in frames {
            self.frame(frame).await?;
            if self.network.state != state {
                return Ok(true);
            }
        }
        // What was sent with this request was answered in it, or not at all.
        self.unsend();
        // A host that named an entry which never comes holds nothing back for longer than its conversation.
        for lane in self.lanes.values_mut() {
            if matches!(lane.hold, Some(Hold::Access(_))) {
                lane.hold = None;
            }
        }
        self.network.succeeded();
        let again = self.unfinished();
        self.network.rest(self.port.now(), again);
        Ok(true)
    }

    /// The session ended: another token is fetched at once, unless that has just failed too.
    pub fn token_refused(&mut self) {
        self.network.set_token(None);
        self.network.failed(&self.port);
        self.disconnected();
    }

    pub fn socket_opened(&mut self) {
        if self.network.state != State::Opening {
            return;
        }
        match self.hello(true) {
            Some(hello) => {
                self.port.emit(Output::SocketSend(Frame::Hello(hello).encode()));
                self.network.state = State::Greeting;
            }
            None => self.network.close(&self.port),
        }
    }

    pub async fn socket_received(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        if !matches!(self.network.state, State::Greeting | State::Live) {
            return Ok(());
        }
        self.network.heard(self.port.now());
        if let Ok(frame) = Frame::decode(bytes) {
            self.frame(frame).await
        } else {
            self.network.failed(&self.port);
            self.disconnected();
            Ok(())
        }
    }

    pub fn socket_closed(&mut self) {
        if matches!(self.network.state, State::Opening | State::Greeting | State::Live) {
            self.network.failed(&self.port);
            self.disconnected();
        }
    }

    /// What was known of this connection is known no more.
    pub fn disconnected(&mut self) {
        self.unsend();
        self.lack.disconnected();
        self.giving.disconnected();
        self.more.clear();
        self.home.disconnected();
        for lane in self.lanes.values_mut() {
            (lane.caught_up, lane.resumed) = (false, false);
            // A host that named a place which never comes holds nothing back for longer than its connection.
            lane.hold = None;
        }
    }

    fn unsend(&mut self) {
        self.proposals.unsend();
        if is_off(Safeguard::Resending) {
            return;
        }
        for out in self.lanes.values_mut().flat_map(|lane| lane.outbox.values_mut()) {
            (out.sent, out.acked) = (false, None);
        }
    }

    fn ask_to_be_woken(&self) {
        if self.wound_up {
            return;
        }
        let now = self.port.now();
        let holds = self.lanes.values().filter_map(|lane| match lane.hold {
            Some(Hold::Time(at)) => Some(at),
            _ => None,
        });
        let network = self
            .network
            .retry_at
            .filter(|_| self.network.wanted && matches!(self.network.state, State::Idle | State::Rested));
        let connected = self.network.settled();
        let times = holds
            .chain(self.proposals.rotate_at)
            .chain(self.proposals.looks_again(now))
            .chain(self.lack.looks_again())
            .filter(|_| connected)
            .chain(network);
        let offer = self.offer.iter().flat_map(Offer::wakes_at);
        let times = times.chain(self.network.patience_ends()).chain(self.network.quiet_at()).chain(offer);
        if let Some(at) = times.filter(|at| *at > now).min() {
            self.port.wake_at(at);
        }
    }
}
