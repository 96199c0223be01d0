//! A host in memory: the protocol's own server checks behind the requests and frames that a replica makes.

use std::collections::BTreeMap;

use kith_protocol::accept::{
    AccessView, KnownEnvelope, Quota, ServerView, accept_access, accept_envelope, accept_found, accept_wraps,
};
use kith_protocol::envelope::{Body, SealedEnvelope, StreamEntry};
use kith_protocol::invite::InviteState;
use kith_protocol::message::{
    Access, AccessAck, Entries, Frame, Frames, HandBack, Hello, Subject, SubmitAccess, Welcome,
};
use kith_protocol::session::{Nonce, NonceRequest, Proof, TOKEN_MS, Token};
use kith_protocol::{CircleId, Cursor, DeviceNumber, Hash, InviteId, Party, Refusal, Stream, Wrap};

use crate::circle::Circle;

pub const NAME: &str = "kith.example";

/// How many entries a page holds here: few, so that tests turn pages.
const PAGE: usize = 5;

#[derive(Default)]
pub struct Host {
    pub circles: BTreeMap<CircleId, Circle>,
    tokens: BTreeMap<Vec<u8>, (CircleId, Party, u64)>,
    nonces: u64,
    /// Sizes of the `Submit` frames that came, in bytes.
    pub submitted: Vec<usize>,
    /// The `Submit` frames that came, as they came.
    pub submissions: Vec<Vec<SealedEnvelope>>,
    /// Refuse everything that is submitted with this, once.
    pub refuse_next: Option<Refusal>,
    /// Say nothing about what is submitted, though it is taken.
    pub swallow_acks: bool,
    pub now: u64,
}

/// One conversation: over a socket it lives on, by a request it ends with the answer.
pub struct Session {
    circle: CircleId,
    pub party: Party,
    cursors: BTreeMap<Stream, u64>,
    wraps_sent: usize,
    live: bool,
    own: Vec<(Stream, u64)>,
    ended: bool,
}

type Answer = (u16, Vec<u8>);

impl Host {
    pub fn http(&mut self, path: &str, body: &[u8]) -> Answer {
        if let Some(id) = path.strip_prefix("/v1/invites/") {
            let id = InviteId::parse(id).expect("an id");
            let states = self.circles.values().map(|circle| InviteState::of(&circle.log, &id, self.now));
            let state = states.into_iter().find(|state| *state != InviteState::Unknown);
            return (200, state.unwrap_or(InviteState::Unknown).encode());
        }
        let answer = match path {
            "/v1/circles" => self.found(body),
            "/v1/challenge" => self.challenge(body),
            "/v1/token" => self.token(body),
            "/v1/sync" => self.sync(body),
            _ => None,
        };
        answer.unwrap_or((400, Vec::new()))
    }

    pub fn forget_tokens(&mut self) {
        self.tokens.clear();
    }

    fn found(&mut self, body: &[u8]) -> Option<Answer> {
        let SubmitAccess { signed, wraps } = SubmitAccess::decode(body).ok()?;
        let taken = accept_found(&signed, &wraps, self.now).ok()?;
        let circle = self.circles.entry(taken.log.circle()).or_insert_with(|| Circle {
            log: taken.log,
            records: vec![taken.record],
            wraps,
            streams: BTreeMap::new(),
            known: BTreeMap::new(),
        });
        let (stamp, hash) = (circle.log.stamp_at(1)?, circle.log.hash_at(1)?);
        Some((200, AccessAck { seq: 1, stamp, hash }.encode()))
    }

    fn challenge(&mut self, body: &[u8]) -> Option<Answer> {
        let request = NonceRequest::decode(body).ok()?;
        let Some(circle) = self.circles.keys().find(|id| id.prefix() == request.circle) else {
            return Some((404, Vec::new()));
        };
        self.nonces += 1;
        let mut nonce = [0; 32];
        nonce[..8].copy_from_slice(&self.nonces.to_be_bytes());
        Some((200, Nonce { circle: *circle, nonce }.encode()))
    }

    fn token(&mut self, body: &[u8]) -> Option<Answer> {
        let proof = Proof::decode(body).ok()?;
        let circle = self.circles.get(&proof.circle)?;
        if proof.verify(&circle.log, NAME, self.now).is_err() {
            return Some((403, Vec::new()));
        }
        let token = proof.nonce.to_vec();
        let expires = self.now + TOKEN_MS;
        self.tokens.insert(token.clone(), (proof.circle, proof.party, expires));
        Some((200, Token { token, expires }.encode()))
    }

    fn sync(&mut self, body: &[u8]) -> Option<Answer> {
        let Frames(frames) = Frames::decode(body).ok()?;
        let mut frames = frames.into_iter();
        let Frame::Hello(hello) = frames.next()? else { return None };
        let (mut session, mut out) = match self.hello(&hello) {
            Ok(opened) => opened,
            Err(refusal) => {
                let refused = Frame::Refused(Subject::Session, refusal);
                return Some((200, Frames(vec![refused]).encode()));
            }
        };
        for frame in frames {
            out.extend(self.frame(&mut session, frame));
        }
        out.extend(self.news(&mut session));
        out.push(Frame::CaughtUp);
        Some((200, Frames(out).encode()))
    }

    /// Opens a conversation.
    pub fn hello(&mut self, hello: &Hello) -> Result<(Session, Vec<Frame>), Refusal> {
        let (circle, party, expires) = *self.tokens.get(&hello.token).ok_or(Refusal::Token)?;
        if expires <= self.now {
            return Err(Refusal::Token);
        }
        let mut session = Session {
            circle,
            party,
            cursors: hello.cursors.iter().map(|cursor| (cursor.stream, cursor.k)).collect(),
            wraps_sent: 0,
            live: hello.live,
            own: Vec::new(),
            ended: false,
        };
        if !self.circles.get(&circle).ok_or(Refusal::UnknownCircle)?.belongs(&session, self.now) {
            return Err(Refusal::Forbidden);
        }
        let heads = self.heads(&session);
        let welcome = Welcome { version: kith_protocol::VERSION, now_ms: self.now, heads, waiting: false };
        let mut out = vec![Frame::Welcome(welcome)];
        if session.live {
            out.extend(self.news(&mut session));
            out.push(Frame::CaughtUp);
        }
        Ok((session, out))
    }

    fn heads(&self, session: &Session) -> Vec<Cursor> {
        let circle = &self.circles[&session.circle];
        let mut heads = vec![circle.log.cursor()];
        for stream in circle.readable(session) {
            let entries = circle.streams.get(&stream);
            let chain = entries.and_then(|entries| entries.last()).map_or(Hash::ZERO, |(_, chain)| *chain);
            heads.push(Cursor { stream, k: entries.map_or(0, Vec::len) as u64, chain });
        }
        heads
    }

    /// Everything that this conversation has not been sent yet, a page a stream.
    pub fn news(&mut self, session: &mut Session) -> Vec<Frame> {
        let circle = &self.circles[&session.circle];
        let mut out = Vec::new();
        if !circle.belongs(session, self.now) {
            let told = std::mem::replace(&mut session.ended, true);
            let refused = Frame::Refused(Subject::Session, Refusal::Forbidden);
            return if told { out } else { vec![refused] };
        }
        let from = session.cursors.get(&Stream::Access).copied().unwrap_or(0);
        let missing: Vec<_> = circle.records.iter().skip(from as usize).cloned().collect();
        if !missing.is_empty() {
            session.cursors.insert(Stream::Access, circle.records.len() as u64);
            out.push(Frame::Access(Access { from: from + 1, records: missing, more: false }));
        }
        let wraps: Vec<Wrap> = circle.wraps_for(session.party);
        if wraps.len() > session.wraps_sent {
            session.wraps_sent = wraps.len();
            out.push(Frame::Wraps(wraps));
        }
        for stream in circle.readable(session) {
            let Some(cursor) = session.cursors.get_mut(&stream) else { continue };
            let Some(entries) = circle.streams.get(&stream) else { continue };
            let page: Vec<_> = entries.iter().skip(*cursor as usize).take(PAGE).collect();
            let Some((_, chain)) = page.last() else { continue };
            let from = *cursor + 1;
            *cursor += page.len() as u64;
            let more = (*cursor as usize) < entries.len();
            let entries = page
                .iter()
                .map(|(entry, _)| {
                    let own = session.live && session.own.contains(&(stream, entry.k));
                    if own { entry.stub() } else { entry.clone() }
                })
                .collect();
            out.push(Frame::Entries(Entries { stream, from, entries, chain: *chain, more }));
            if more {
                // The next page comes when it is asked for.
                session.cursors.remove(&stream);
            }
        }
        out
    }

    /// Answers a frame of a conversation.
    pub fn frame(&mut self, session: &mut Session, frame: Frame) -> Vec<Frame> {
        match frame {
            Frame::Submit(envelopes) => self.submit(session, envelopes),
            Frame::SubmitAccess(submit) => self.submit_access(session, &submit),
            Frame::SubmitWraps(wraps) => {
                let now = self.now;
                let circle = self.circles.get_mut(&session.circle).expect("a circle");
                let Party::Device(device) = session.party else { return Vec::new() };
                accept_wraps(&circle.log, device, &wraps, now).expect("wraps that may be uploaded");
                for wrap in wraps {
                    let lacks =
                        |known: &Wrap| (known.recipient, known.subject) != (wrap.recipient, wrap.subject);
                    if circle.wraps.iter().all(lacks) {
                        circle.wraps.push(wrap);
                    }
                }
                Vec::new()
            }
            Frame::More(cursors) if cursors.is_empty() => vec![Frame::Heard],
            Frame::More(cursors) => {
                session.cursors.extend(cursors.iter().map(|cursor| (cursor.stream, cursor.k)));
                let mut out = self.news(session);
                out.push(Frame::CaughtUp);
                out
            }
            Frame::HandBack(back) => {
                self.hand_back(session.circle, back);
                let heads = self.heads(session);
                let welcome =
                    Welcome { version: kith_protocol::VERSION, now_ms: self.now, heads, waiting: false };
                vec![Frame::Welcome(welcome)]
            }
            other => panic!("a client does not say {other:?}"),
        }
    }

    fn hand_back(&mut self, id: CircleId, back: HandBack) {
        let circle = self.circles.get_mut(&id).expect("a circle");
        let HandBack::Entries(stream, from, entries) = back else { return };
        let held = circle.streams.entry(stream).or_default();
        assert_eq!(from, held.len() as u64 + 1, "entries are handed back from where the host stands");
        for entry in entries {
            let header = entry.read_header().expect("a header");
            assert!(matches!(entry.body, Body::Whole(_)), "entries are handed back whole");
            let previous = held.last().map_or(Hash::ZERO, |(_, chain)| *chain);
            let place = kith_protocol::chain::Place { stream, k: entry.k, a: entry.a, stamp: entry.stamp };
            let a = circle.log.hash_at(entry.a).expect("a place of the access stream");
            let chain = kith_protocol::chain::chain(&previous, &place, &a, &entry.hash());
            let ack = kith_protocol::message::Ack {
                stream,
                device_seq: header.device_seq,
                k: entry.k,
                a: entry.a,
                stamp: entry.stamp,
                chain,
            };
            let known = KnownEnvelope { hash: entry.hash(), ack };
            circle.known.insert((header.device, stream, header.device_seq), known);
            held.push((entry, chain));
        }
    }

    fn submit_access(&mut self, session: &Session, submit: &SubmitAccess) -> Vec<Frame> {
        let circle = self.circles.get_mut(&session.circle).expect("a circle");
        let view = AccessView { access: &circle.log, session: session.party, now_ms: self.now, host: NAME };
        match accept_access(&view, &submit.signed, &submit.wraps) {
            Ok(taken) => {
                let seq = circle.log.head() + 1;
                circle.log.push(taken.checked).expect("checked");
                circle.records.push(taken.record);
                circle.wraps.extend(submit.wraps.iter().cloned());
                let (stamp, hash) = (circle.log.head_stamp(), circle.log.head_hash());
                vec![Frame::AccessAcked(AccessAck { seq, stamp, hash })]
            }
            Err(refusal) => vec![Frame::Refused(Subject::Access(0), Refusal::Access(refusal))],
        }
    }

    fn submit(&mut self, session: &mut Session, envelopes: Vec<SealedEnvelope>) -> Vec<Frame> {
        self.submitted.push(Frame::Submit(envelopes.clone()).encode().len());
        self.submissions.push(envelopes.clone());
        let mut out = Vec::new();
        for envelope in envelopes {
            let header = envelope.read_header().expect("a header");
            let subject = Subject::Envelope(header.stream, header.device_seq);
            if let Some(refusal) = self.refuse_next.take() {
                out.push(Frame::Refused(subject, refusal));
                break;
            }
            match self.take(session, &envelope) {
                Ok(frame) if !self.swallow_acks => out.push(frame),
                Ok(_) => {}
                Err(refusal) => {
                    out.push(Frame::Refused(subject, refusal));
                    break;
                }
            }
        }
        out
    }

    /// Takes an envelope that a device sent by other means than its replica.
    pub fn inject(&mut self, device: DeviceNumber, envelope: &SealedEnvelope) {
        let circle = *self.circles.keys().next().expect("a circle");
        let mut session = Session {
            circle,
            party: Party::Device(device),
            cursors: BTreeMap::new(),
            wraps_sent: 0,
            live: false,
            own: Vec::new(),
            ended: false,
        };
        self.take(&mut session, envelope).expect("an envelope that a host takes");
    }

    fn take(&mut self, session: &mut Session, envelope: &SealedEnvelope) -> Result<Frame, Refusal> {
        let header = envelope.read_header()?;
        let Party::Device(device) = session.party else { return Err(Refusal::Forbidden) };
        let circle = self.circles.get_mut(&session.circle).expect("a circle");
        let empty = Vec::new();
        let entries = circle.streams.get(&header.stream).unwrap_or(&empty);
        let chain = |k: u64| match k {
            0 => Some(Hash::ZERO),
            k => entries.get(k as usize - 1).map(|(_, chain)| *chain),
        };
        let of_device =
            circle.known.keys().filter(|(of, stream, _)| (*of, *stream) == (device, header.stream));
        let head = entries.len() as u64;
        let view = ServerView {
            access: &circle.log,
            device,
            now_ms: self.now,
            head: Cursor { stream: header.stream, k: head, chain: chain(head).expect("the head") },
            head_stamp: entries.last().map_or(0, |(entry, _)| entry.stamp),
            known: circle.known.get(&(device, header.stream, header.device_seq)).copied(),
            last_device_seq: of_device.map(|(_, _, seq)| *seq).max().unwrap_or(0),
            chain_at_seen: chain(header.seen_k),
            quota: Quota { used: 0, limit: u64::MAX },
        };
        let accepted = accept_envelope(&view, envelope)?;
        let ack = accepted.ack;
        if accepted.fresh {
            let entry = StreamEntry {
                k: ack.k,
                a: ack.a,
                stamp: ack.stamp,
                header: envelope.header.clone(),
                signature: envelope.signature,
                body: Body::Whole(envelope.body.clone()),
            };
            let known = KnownEnvelope { hash: accepted.hash, ack };
            circle.known.insert((device, header.stream, header.device_seq), known);
            circle.streams.entry(header.stream).or_default().push((entry, ack.chain));
            session.own.push((header.stream, ack.k));
        }
        Ok(Frame::Acked(ack))
    }
}
