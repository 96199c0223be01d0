//! What a session knows once Hello was said: whose it is, what it may read, how far it has been told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kith_protocol::{
    Cursor, Party, Refusal, Stream, VERSION,
    message::{Frame, Hello, Welcome},
};

use super::{
    page::{self, PageLimits},
    session::Question,
    step::Step,
};
use crate::store::{Circle, Work};

/// An open session.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) circle: Arc<Circle>,
    pub(super) party: Party,
    /// The last entry sent, for each stream that is read.
    pub(super) sent: BTreeMap<Stream, u64>,
    /// Streams of which the client must ask for the next page.
    pub(super) paused: BTreeSet<Stream>,
    /// Entries that came by this session and have not gone back by it: it is told of them without their bodies.
    pub(super) own: BTreeSet<(Stream, u64)>,
    /// The access entry that the client held at Hello.
    pub(super) access_at_hello: u64,
    /// The last wrap that was looked at.
    pub(super) wraps_seen: Option<u64>,
    /// What the client was told of waiting; nothing yet, or it must be told again.
    pub(super) told_waiting: Option<bool>,
}

impl Open {
    /// Opens, if this party may be here and speaks our version.
    pub(super) fn new(
        circle: Arc<Circle>,
        party: Party,
        hello: &Hello,
        now_ms: u64,
    ) -> Result<Self, Refusal> {
        if !hello.versions.contains(&VERSION) {
            return Err(Refusal::Newer);
        }
        let mut open = Self {
            circle,
            party,
            sent: BTreeMap::new(),
            paused: BTreeSet::new(),
            own: BTreeSet::new(),
            access_at_hello: 0,
            wraps_seen: None,
            told_waiting: None,
        };
        for stream in open.streams() {
            let has =
                hello.cursors.iter().find(|cursor| cursor.stream == stream).map_or(0, |cursor| cursor.k);
            // Ahead of a restored server it stays ahead: it is sent what it lacks, not what it hands back.
            open.sent.insert(stream, has);
        }
        open.access_at_hello = open.sent(Stream::Access);
        if open.may_be_here(now_ms) { Ok(open) } else { Err(Refusal::Forbidden) }
    }

    /// The streams that are read, access first.
    pub(super) fn streams(&self) -> Vec<Stream> {
        match self.party {
            Party::Device(_) if self.farewell().is_some() => vec![Stream::Access],
            Party::Device(number) => self.circle.access().streams_of(number),
            Party::Invitation(_) => vec![Stream::Access],
        }
    }

    /// The access entry that ended this device: the last that it is sent.
    pub(super) fn farewell(&self) -> Option<u64> {
        let Party::Device(number) = self.party else { return None };
        let log = self.circle.access();
        log.reads_access_to(number).filter(|_| !log.may_read(number, Stream::Access, log.head()))
    }

    /// The last access entry that this party may have.
    pub(super) fn access_end(&self) -> u64 {
        self.farewell().unwrap_or_else(|| self.circle.access().head())
    }

    /// Whether this session may exist now: who belongs, and who has not been sent the entry that ended it.
    fn may_be_here(&self, now_ms: u64) -> bool {
        let log = self.circle.access();
        match (self.party, self.farewell()) {
            (_, Some(end)) => self.sent(Stream::Access) < end,
            (Party::Device(number), None) => log.reads_access_to(number).is_some(),
            (Party::Invitation(id), None) => {
                log.invitation(&id).is_some_and(|invitation| invitation.open(now_ms))
            }
        }
    }

    pub(super) fn sent(&self, stream: Stream) -> u64 {
        self.sent.get(&stream).copied().unwrap_or(0)
    }

    fn is_behind(&self, stream: Stream) -> bool {
        let end = if stream == Stream::Access { self.access_end() } else { self.circle.head(stream).k };
        self.sent(stream) < end
    }

    /// Takes in the circle as it is now, unless that is older news. `Err`: the session must end.
    pub(super) fn update(&mut self, circle: &Arc<Circle>, now_ms: u64) -> Result<(), Refusal> {
        if circle.version() > self.circle.version() {
            self.circle = Arc::clone(circle);
            let streams = self.streams();
            self.sent.retain(|stream, _| streams.contains(stream));
            self.paused.retain(|stream| streams.contains(stream));
        }
        // An invitation can expire without the circle changing.
        if self.may_be_here(now_ms) { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    /// What must be sent before entries: whether the circle waits, who belongs, keys.
    pub(super) fn first_steps(&self, now_ms: u64) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.told_waiting != Some(self.circle.waiting(now_ms)) {
            steps.push(Step::Welcome);
        }
        if self.is_behind(Stream::Access) {
            steps.push(Step::Access);
        }
        if self.wraps_seen != Some(self.circle.last_wrap()) {
            steps.push(Step::Wraps);
        }
        steps
    }

    /// Pages of the streams that are behind and for which nothing must be asked first.
    pub(super) fn page_steps(&self) -> Vec<Step> {
        let streams = self.streams().into_iter().skip(1);
        streams.filter(|s| self.is_behind(*s) && !self.paused.contains(s)).map(Step::Page).collect()
    }

    /// Goes on from these places.
    pub(super) fn resume_at(&mut self, cursors: &[Cursor]) {
        let streams = self.streams();
        for cursor in cursors.iter().filter(|cursor| streams.contains(&cursor.stream)) {
            self.paused.remove(&cursor.stream);
            self.sent.insert(cursor.stream, cursor.k);
        }
    }

    /// The cursors that are ahead of this server.
    pub(super) fn ahead(&self, cursors: &[Cursor]) -> Vec<Cursor> {
        let streams = self.streams();
        let ahead = |cursor: &&Cursor| {
            streams.contains(&cursor.stream) && cursor.k > self.circle.head(cursor.stream).k
        };
        cursors.iter().filter(ahead).copied().collect()
    }

    /// Whether this is a device that the circle waits for: a coordinator's, since it was given back, or any,
    /// since a backup was restored.
    pub(super) fn is_waited_for(&self) -> bool {
        let Party::Device(number) = self.party else { return false };
        self.circle.waits_for_coordinator() && self.circle.is_coordinators(number)
            || self.circle.waits_to_hear(number)
    }

    /// The streams in which the client has, at our head, another history.
    pub(super) fn forked(&self, cursors: &[Cursor]) -> Option<Stream> {
        let other = |cursor: &&Cursor| {
            let head = self.circle.head(cursor.stream);
            cursor.k == head.k && cursor.chain != head.chain
        };
        let streams = self.streams();
        cursors
            .iter()
            .filter(|cursor| streams.contains(&cursor.stream))
            .find(other)
            .map(|cursor| cursor.stream)
    }

    /// Welcome, unless the client knows it already.
    pub(super) fn welcome(&mut self, now_ms: u64) -> Option<Frame> {
        let waiting = self.circle.waiting(now_ms);
        if self.told_waiting.replace(waiting) == Some(waiting) {
            return None;
        }
        let heads = self.streams().into_iter().map(|stream| self.circle.cursor(stream)).collect();
        Some(Frame::Welcome(Welcome { version: VERSION, now_ms, heads, waiting }))
    }

    /// What a step needs of the store, if anything.
    pub(super) fn question(&self, step: &Step, host: &str, limits: PageLimits) -> Option<Question> {
        let circle = self.circle.id();
        let host = || host.to_owned();
        match (step, self.party) {
            (Step::Refresh, _) => Some(Question::Circle(circle)),
            (Step::Access, _) if self.is_behind(Stream::Access) => {
                let after = self.sent(Stream::Access);
                Some(Question::Access { circle, after, most: limits.entries })
            }
            (Step::Page(stream), _) if self.is_behind(*stream) && self.sent.contains_key(stream) => {
                let after = self.sent(*stream);
                Some(Question::Entries { circle, stream: *stream, after, most: limits.entries })
            }
            (Step::Page(stream), _) if self.is_behind(*stream) && self.streams().contains(stream) => {
                Some(Question::Entries { circle, stream: *stream, after: 0, most: limits.entries })
            }
            (Step::Wraps, party) if self.wraps_seen != Some(self.circle.last_wrap()) => {
                let recipients = page::wrap_recipients(&self.circle, party);
                // What came before was looked at, and nobody is given an older one later.
                let after = self.wraps_seen.unwrap_or(0);
                (!recipients.is_empty()).then_some(Question::Wraps { circle, recipients, after })
            }
            (Step::SubmitAccess(submitted), party) => Some(Question::Perform(Work::Access {
                circle,
                party,
                host: host(),
                submitted: submitted.clone(),
            })),
            (Step::Submit(envelopes), Party::Device(device)) => Some(Question::Perform(Work::Envelopes {
                circle,
                device,
                host: host(),
                envelopes: envelopes.clone(),
            })),
            (Step::SubmitWraps(wraps), Party::Device(device)) => {
                Some(Question::Perform(Work::Wraps { circle, device, wraps: wraps.clone() }))
            }
            (Step::HandBack(handed), Party::Device(device)) => {
                Some(Question::Perform(Work::HandBack { circle, device, handed: handed.clone() }))
            }
            (Step::Missing(cursors), Party::Device(device)) => {
                Some(Question::Perform(Work::Missing { circle, device, cursors: cursors.clone() }))
            }
            _ => None,
        }
    }
}
