//! A sync session as a pure state machine: frames, news and the store's answers go in; frames, questions to the store and
//! news for others come out. It reads no clock and does no input or output, so a WebSocket, one HTTP request and the
//! simulation run the same thing.

use std::{collections::VecDeque, sync::Arc};

use axum::body::Bytes;
use kith_protocol::{
    CircleId, Hash, Party, Refusal, Stream,
    message::{Frame, Subject},
};

pub use super::page::PageLimits;
use super::{news::News, open::Open, step::Step};
use crate::store::{AccessRow, Circle, Done, EntryRow, TokenRow, Work, WrapRow};

/// What a session is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// The client sent this message.
    Received(Bytes),
    /// The client sent this frame, read already.
    Frame(Box<Frame>),
    /// The store's answer to the question that was asked last; without a question it is passed over.
    Answer(Answer),
    /// Somebody's commit in this session's circle.
    News(Arc<News>),
    /// News were missed: read what is new.
    Missed,
}

/// What a session wants.
#[derive(Clone, Debug)]
pub enum Output {
    /// Send this message to the client.
    Send(Bytes),
    /// Ask the store; nothing else happens until the answer comes.
    Ask(Question),
    /// From now on, bring this circle's news.
    Follow(CircleId),
    /// Tell the circle's other sessions.
    Publish(Arc<News>),
    /// The session is over.
    Close,
}

/// A question to the store.
#[derive(Clone, Debug)]
pub enum Question {
    Token(Hash),
    Circle(CircleId),
    Access { circle: CircleId, after: u64, most: usize },
    Entries { circle: CircleId, stream: Stream, after: u64, most: usize },
    Wraps { circle: CircleId, recipients: Vec<Party>, after: u64 },
    Perform(Work),
}

/// The store's answer.
#[derive(Clone, Debug)]
pub enum Answer {
    Token(Option<(CircleId, TokenRow)>),
    Circle(Option<Arc<Circle>>),
    Access(Vec<AccessRow>),
    Entries(Vec<EntryRow>),
    Wraps(Vec<WrapRow>),
    Done(Done),
    /// The store failed. What was asked to be written may be sent again.
    Fault,
}

/// Envelopes that the store is asked to take at once: each costs a signature while others wait.
const AT_ONCE: usize = 64;

/// One client's conversation.
#[derive(Debug)]
pub struct Session {
    pub(super) host: String,
    pub(super) limits: PageLimits,
    /// What is still to be done, in order.
    pub(super) steps: VecDeque<Step>,
    /// The step whose question is with the store.
    asked: Option<Step>,
    greeted: bool,
    pub(super) open: Option<Open>,
    closed: bool,
}

impl Session {
    /// A session that waits for Hello. `host` is the host that this server answers to.
    pub fn new(host: impl Into<String>, limits: PageLimits) -> Self {
        Self {
            host: host.into(),
            limits,
            steps: VecDeque::new(),
            asked: None,
            greeted: false,
            open: None,
            closed: false,
        }
    }

    /// Whether it is over: nothing more comes out.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether Hello was said by somebody who may be here.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// One input; what comes out is in order. `now_ms`: milliseconds since 1970.
    pub fn handle(&mut self, input: Input, now_ms: u64) -> Vec<Output> {
        let mut out = Vec::new();
        if self.closed {
            return out;
        }
        match input {
            Input::Received(bytes) => match Frame::decode(&bytes) {
                Ok(frame) => self.receive(frame, &mut out),
                Err(error) => self.end(error.into(), &mut out),
            },
            Input::Frame(frame) => self.receive(*frame, &mut out),
            Input::News(news) => self.steps.push_back(Step::News(news)),
            Input::Missed => self.steps.push_back(Step::Refresh),
            Input::Answer(answer) => {
                if let Some(step) = self.asked.take() {
                    self.resume(step, answer, now_ms, &mut out);
                }
            }
        }
        while !self.closed && self.asked.is_none() {
            let Some(step) = self.steps.pop_front() else { break };
            self.run(step, now_ms, &mut out);
        }
        out
    }

    fn receive(&mut self, frame: Frame, out: &mut Vec<Output>) {
        let step = match frame {
            Frame::Hello(hello) if !self.greeted => {
                self.greeted = true;
                self.steps.push_back(Step::Hello(hello));
                return;
            }
            _ if !self.greeted => return self.end(Refusal::Token, out),
            Frame::Submit(envelopes) => {
                self.steps.push_back(Step::Refresh);
                let parts = envelopes.chunks(AT_ONCE).map(|part| Step::Submit(part.to_vec()));
                return self.steps.extend(parts);
            }
            Frame::SubmitAccess(submitted) => Step::SubmitAccess(submitted),
            Frame::SubmitWraps(wraps) => Step::SubmitWraps(wraps),
            Frame::HandBack(handed) => Step::HandBack(handed),
            Frame::More(cursors) => Step::More(cursors),
            // A second Hello, or what only a server says.
            _ => return self.end(Refusal::Malformed, out),
        };
        // Rights are read again before each batch.
        self.steps.push_back(Step::Refresh);
        self.steps.push_back(step);
    }

    /// Starts a step: asks the store, or does it at once.
    fn run(&mut self, step: Step, now_ms: u64, out: &mut Vec<Output>) {
        let question = match (&step, &self.open) {
            (Step::Hello(hello), _) => Some(Question::Token(Hash::of(&hello.token))),
            (Step::Open(_, circle, _), _) => Some(Question::Circle(*circle)),
            (_, Some(open)) => open.question(&step, &self.host, self.limits),
            // News that came before Hello was through: what is read then is newer.
            (_, None) => return,
        };
        match question {
            Some(question) => {
                self.asked = Some(step);
                out.push(Output::Ask(question));
            }
            None => self.act(step, now_ms, out),
        }
    }

    /// Ends the session, saying why.
    pub(super) fn end(&mut self, refusal: Refusal, out: &mut Vec<Output>) {
        out.push(send(&Frame::Refused(Subject::Session, refusal)));
        out.push(Output::Close);
        self.closed = true;
        self.steps.clear();
    }
}

/// A frame, encoded.
pub(super) fn send(frame: &Frame) -> Output {
    Output::Send(frame.encode().into())
}
