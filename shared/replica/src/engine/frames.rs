//! The frames of a conversation: what comes in goes to its part of the engine, what waits goes out.

use kith_protocol::message::{Frame, MAX_PAGE_BYTES, MAX_PAGE_ENTRIES, SubmitAccess, Welcome};
use kith_protocol::receive::ServerFault;
use kith_protocol::{Cursor, Hash, Stream};

use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::network::State;
use crate::engine::trouble::Trouble;
use crate::sabotage::{Safeguard, is_off};

/// The most bytes of envelopes in one frame.
const SUBMIT_BYTES: usize = MAX_PAGE_BYTES / 2;
/// The most keys handed on in one frame.
const WRAPS: usize = MAX_PAGE_ENTRIES / 2;

impl Member {
    /// Takes one frame in.
    pub async fn frame(&mut self, frame: Frame) -> Result<(), Trouble> {
        match frame {
            Frame::Welcome(welcome) => self.welcome(&welcome).await,
            Frame::Access(page) => self.take_access(page).await,
            Frame::Wraps(wraps) => self.take_wraps(&wraps).await,
            Frame::Entries(page) => self.take_entries(page).await,
            Frame::Acked(ack) => {
                self.acked(&ack);
                Ok(())
            }
            Frame::AccessAcked(ack) => self.access_acked(&ack).await,
            Frame::Refused(subject, refusal) => self.refused(subject, refusal).await,
            Frame::CaughtUp => {
                self.caught_up().await?;
                self.look_for_room().await
            }
            Frame::Heard => {
                if self.network.answered() {
                    self.wraps_taken().await
                } else {
                    Ok(())
                }
            }
            // Only clients say these.
            Frame::Hello(_)
            | Frame::Submit(_)
            | Frame::SubmitAccess(_)
            | Frame::SubmitWraps(_)
            | Frame::HandBack(_)
            | Frame::More(_) => {
                self.network.failed(&self.port);
                self.disconnected();
                Ok(())
            }
        }
    }

    async fn welcome(&mut self, welcome: &Welcome) -> Result<(), Trouble> {
        if self.network.state == State::Greeting {
            self.network.state = State::Live;
            self.network.succeeded();
        }
        self.network.heard_time(self.port.now(), welcome.now_ms);
        self.back.clear();
        self.giving.lost |= welcome.waiting;
        self.hear_home(welcome);
        for head in &welcome.heads {
            let own = self.cursor(head.stream);
            if head.k == own.k && head.chain != own.chain && !is_off(Safeguard::Chain) {
                return self.halt(head.stream, head.k, &ServerFault::Chain, &[]).await;
            }
            if head.k < own.k {
                // It was restored, and what was sealed for somebody since its backup is gone with the rest.
                self.giving.lost = true;
                self.plan_hand_back(head).await?;
            }
        }
        Ok(())
    }

    /// What this device has of a stream.
    pub fn cursor(&self, stream: Stream) -> Cursor {
        match self.lanes.get(&stream) {
            _ if stream == Stream::Access => self.log.cursor(),
            Some(lane) => lane.state.cursor(),
            None => Cursor { stream, k: 0, chain: Hash::ZERO },
        }
    }

    /// Where the host is to go on: behind what is held, or nowhere while that cannot be gone on with.
    fn goes_on_at(&self, stream: Stream) -> Cursor {
        let held = self.cursor(stream);
        match self.lanes.get(&stream) {
            Some(lane) if lane.parked.is_some() => Cursor { k: u64::MAX, ..held },
            _ => held,
        }
    }

    async fn caught_up(&mut self) -> Result<(), Trouble> {
        self.current = true;
        self.proposals_known().await?;
        let more = &self.more;
        for (stream, lane) in &mut self.lanes {
            lane.caught_up = !more.contains(stream);
        }
        for stream in self.log.streams_of(self.device) {
            if stream != Stream::Access && !self.more.contains(&stream) {
                self.lane(stream).caught_up = true;
            }
        }
        Ok(())
    }

    /// Everything that can be sent now, each thing once.
    pub async fn frames(&mut self) -> Result<Vec<Frame>, Trouble> {
        let mut frames = Vec::new();
        frames.extend(self.hand_back().await?);
        if !self.more.is_empty() {
            let cursors = self.more.iter().map(|stream| self.goes_on_at(*stream)).collect();
            frames.push(Frame::More(cursors));
            self.more.clear();
        }
        // Nobody writes where the circle is not kept any more, nor where it is being given back.
        if self.next_host().is_some() || self.home.lacking.is_some() {
            return Ok(frames);
        }
        if self.current {
            if let Some(proposal) = self.propose().await? {
                let (signed, wraps) = (proposal.signed, proposal.wraps);
                frames.push(Frame::SubmitAccess(SubmitAccess { signed, wraps }));
            }
            let wraps = self.wraps_to_give().await?;
            frames.extend(wraps.chunks(WRAPS).map(|part| Frame::SubmitWraps(part.to_vec())));
            if !wraps.is_empty() {
                // Its answer tells that they were taken, if nothing else was said of them before.
                frames.push(self.network.question());
            }
        }
        self.submit(&mut frames);
        Ok(frames)
    }

    /// Envelopes that are not on their way yet, in their order, as many as may be.
    fn submit(&mut self, frames: &mut Vec<Frame>) {
        for (stream, lane) in &mut self.lanes {
            let epoch = self.log.epoch(*stream);
            let mut envelopes = Vec::new();
            let mut bytes = 0;
            for out in lane.unsent(epoch) {
                bytes += out.sealed.envelope.size();
                if bytes > SUBMIT_BYTES && !envelopes.is_empty() {
                    break;
                }
                out.sent = true;
                envelopes.push(out.sealed.envelope.clone());
            }
            if !envelopes.is_empty() {
                frames.push(Frame::Submit(envelopes));
            }
        }
    }

    /// Whether there is something that `frames` would send.
    pub fn has_unsent(&mut self) -> bool {
        let asks = !self.more.is_empty() || !self.back.is_empty();
        if asks || self.next_host().is_some() || self.home.lacking.is_some() {
            return asks;
        }
        let log = &self.log;
        let unsent =
            self.lanes.iter_mut().any(|(stream, lane)| lane.unsent(log.epoch(*stream)).next().is_some());
        unsent || (self.current && self.may_propose())
    }

    /// Whether something of this conversation is still open.
    pub fn unfinished(&mut self) -> bool {
        let acked = |lane: &Lane| lane.outbox.values().any(|out| out.acked.is_some());
        let behind = self.log.streams_of(self.device).into_iter().any(|stream| {
            stream != Stream::Access
                && self.lanes.get(&stream).is_none_or(|lane| !lane.caught_up && lane.parked.is_none())
        });
        !self.current || behind || self.lanes.values().any(acked) || self.has_unsent()
    }
}
