//! A person with one device that takes nothing on trust: it verifies what the server sends with the protocol's own
//! receiving side.

use std::collections::BTreeMap;

use kith_protocol::{
    CircleId, Cursor, DeviceNumber, DeviceSecrets, Hash, InviteId, Keyring, Language, Party, Role, Stream,
    VERSION,
    access::{AccessLog, AccessRecord, Author, InviteTerms, Proposal, found},
    envelope::{Header, Plaintext, SealedEnvelope, StreamEntry, seal},
    invite::{Greeting, InviteSecret},
    message::{Ack, Frame, HandBack, Hello, Subject, SubmitAccess},
    receive::{ReaderView, StreamState, Verdict, receive_entry},
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// What somebody was invited with.
#[derive(Clone)]
pub struct Invited {
    pub id: InviteId,
    pub secret: InviteSecret,
}

pub struct Person {
    pub secrets: DeviceSecrets,
    pub device: DeviceNumber,
    pub circle: CircleId,
    pub log: Option<AccessLog>,
    pub records: Vec<AccessRecord>,
    pub keyring: Keyring,
    pub invited: Option<Invited>,
    pub streams: BTreeMap<Stream, StreamState>,
    /// Everything received, as it came.
    pub raw: BTreeMap<Stream, Vec<StreamEntry>>,
    chains: BTreeMap<Stream, BTreeMap<u64, Hash>>,
    pub sealed: BTreeMap<Stream, u64>,
    /// What could be read, in order.
    pub read: Vec<(Stream, String)>,
    pub erased: usize,
    pub acks: Vec<Ack>,
    pub refused: Vec<(Subject, kith_protocol::Refusal)>,
    pub stubs: usize,
    pub caught_up: bool,
    pub waiting: bool,
    pub more: Vec<Cursor>,
    pub wraps_got: usize,
    pub rng: ChaCha20Rng,
}

impl Person {
    fn new(seed: u8, circle: CircleId, secrets: DeviceSecrets, rng: ChaCha20Rng) -> Self {
        let _ = seed;
        Self {
            secrets,
            device: DeviceNumber(0),
            circle,
            log: None,
            records: Vec::new(),
            keyring: Keyring::default(),
            invited: None,
            streams: BTreeMap::new(),
            raw: BTreeMap::new(),
            chains: BTreeMap::new(),
            sealed: BTreeMap::new(),
            read: Vec::new(),
            erased: 0,
            acks: Vec::new(),
            refused: Vec::new(),
            stubs: 0,
            caught_up: false,
            waiting: false,
            more: Vec::new(),
            wraps_got: 0,
            rng,
        }
    }

    /// Somebody who founds a circle, and what to post.
    pub fn founder(seed: u8) -> (Self, SubmitAccess) {
        let mut rng = ChaCha20Rng::from_seed([seed; 32]);
        let secrets = DeviceSecrets::generate(&mut rng);
        let founding = found(&secrets, Language::English, None, &mut rng).unwrap();
        let mut person = Self::new(seed, founding.circle, secrets, rng);
        person.device = DeviceNumber(1);
        (person, SubmitAccess { signed: founding.signed, wraps: founding.wraps })
    }

    /// Somebody who was given a link.
    pub fn guest(seed: u8, circle: CircleId, invited: Invited) -> Self {
        let mut rng = ChaCha20Rng::from_seed([seed; 32]);
        let secrets = DeviceSecrets::generate(&mut rng);
        let mut person = Self::new(seed, circle, secrets, rng);
        person.invited = Some(invited);
        person
    }

    pub fn log(&self) -> &AccessLog {
        self.log.as_ref().expect("the access stream was read")
    }

    pub fn party(&self) -> Party {
        match (&self.invited, self.device.0) {
            (Some(invited), 0) => Party::Invitation(invited.id),
            _ => Party::Device(self.device),
        }
    }

    /// The keys that this person's session is opened with.
    pub fn session_secrets(&self) -> DeviceSecrets {
        match (&self.invited, self.device.0) {
            (Some(invited), 0) => invited.secret.secrets(),
            _ => self.secrets.clone(),
        }
    }

    fn propose(
        &mut self,
        now_ms: u64,
        make: impl FnOnce(&Author<'_>, &mut ChaCha20Rng) -> Proposal,
    ) -> SubmitAccess {
        let log = self.log.as_ref().expect("the access stream was read");
        let author =
            Author { log, device: self.device, secrets: &self.secrets, keyring: &self.keyring, now_ms };
        let Proposal { signed, wraps, .. } = make(&author, &mut self.rng);
        SubmitAccess { signed, wraps }
    }

    /// An invitation for one day.
    pub fn invite(&mut self, role: Role, uses: u32, direct: bool, now_ms: u64) -> (Invited, SubmitAccess) {
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        let invited = Invited { id: InviteId(id), secret: InviteSecret::generate(&mut self.rng) };
        let terms = InviteTerms { id: invited.id, role, uses, expires: now_ms + 86_400_000, direct };
        let greeting =
            Greeting { person: "Rose".into(), inviter: "Ann".into(), language: "en-GB".into(), to: None };
        let secret = invited.secret.clone();
        let submitted =
            self.propose(now_ms, |author, rng| author.invite(&terms, &secret, &greeting, rng).unwrap());
        (invited, submitted)
    }

    pub fn join(&mut self, now_ms: u64) -> SubmitAccess {
        let invited = self.invited.clone().expect("has a link");
        self.propose(now_ms, |author, rng| author.join(invited.id, &invited.secret, "Ben", rng).unwrap())
    }

    pub fn act(
        &mut self,
        now_ms: u64,
        make: impl FnOnce(&Author<'_>, &mut ChaCha20Rng) -> Result<Proposal, kith_protocol::access::BuildError>,
    ) -> SubmitAccess {
        self.propose(now_ms, |author, rng| make(author, rng).unwrap())
    }

    /// The header of the next envelope, right in every field.
    pub fn header(&self, stream: Stream) -> Header {
        let log = self.log();
        let seen = self.cursor(stream);
        Header {
            version: VERSION,
            stream,
            device: self.device,
            device_seq: self.sealed.get(&stream).copied().unwrap_or(0) + 1,
            access_seq: log.head(),
            access_hash: log.head_hash().prefix(),
            epoch: log.epoch(stream),
            seen_k: seen.k,
            seen_chain: seen.chain.prefix(),
        }
    }

    /// Seals a text as if it were a change.
    pub fn seal(&mut self, stream: Stream, text: &str) -> SealedEnvelope {
        let header = self.header(stream);
        self.sealed.insert(stream, header.device_seq);
        self.seal_as(&header, text)
    }

    pub fn seal_as(&self, header: &Header, text: &str) -> SealedEnvelope {
        let plain = Plaintext { document: "care/plan".into(), incarnation: 1, changes: vec![text.into()] };
        let key = self.keyring.key(header.stream, self.log().epoch(header.stream)).expect("holds the key");
        seal(header, &plain, &self.circle, key, &self.secrets).unwrap()
    }

    pub fn cursor(&self, stream: Stream) -> Cursor {
        if stream == Stream::Access {
            let zero = Cursor { stream, k: 0, chain: Hash::ZERO };
            return self.log.as_ref().map_or(zero, AccessLog::cursor);
        }
        self.streams.get(&stream).map_or(Cursor { stream, k: 0, chain: Hash::ZERO }, StreamState::cursor)
    }

    /// The hash of an entry that was read and verified.
    pub fn chain_at(&self, stream: Stream, k: u64) -> Option<Hash> {
        self.chains.get(&stream)?.get(&k).copied()
    }

    pub fn hello(&self, token: &[u8], live: bool) -> Frame {
        let mut cursors = vec![self.cursor(Stream::Access)];
        cursors.extend(self.streams.values().map(StreamState::cursor));
        Frame::Hello(Hello { versions: vec![VERSION], token: token.to_vec(), cursors, live })
    }

    /// Everything held of a stream, to hand back.
    pub fn hand_back(&self, stream: Stream) -> Frame {
        Frame::HandBack(match stream {
            Stream::Access => HandBack::Access(1, self.records.clone()),
            _ => HandBack::Entries(stream, 1, self.raw.get(&stream).cloned().unwrap_or_default()),
        })
    }

    /// Verifies and takes in what the server sent; panics on anything that a client would call a server's fault.
    pub fn take(&mut self, frame: Frame) {
        match frame {
            Frame::Welcome(welcome) => self.waiting = welcome.waiting,
            Frame::Access(page) => {
                for record in page.records {
                    self.take_record(record);
                }
            }
            Frame::Wraps(wraps) => {
                for wrap in wraps {
                    self.wraps_got += 1;
                    let log = self.log.clone().expect("access comes first");
                    if matches!(wrap.subject, kith_protocol::WrapSubject::Name(_)) {
                        continue;
                    }
                    let secrets = match (wrap.recipient, &self.invited) {
                        (Party::Invitation(_), Some(invited)) => invited.secret.secrets(),
                        _ => self.secrets.clone(),
                    };
                    self.keyring.take_wrap(&log, &wrap, wrap.recipient, &secrets).expect("a good key");
                }
            }
            Frame::Entries(page) => {
                assert_eq!(Some(page.from), page.entries.first().map(|entry| entry.k));
                for entry in page.entries {
                    self.take_entry(page.stream, entry);
                }
                assert_eq!(self.cursor(page.stream).chain, page.chain, "the page names the chain after it");
                if page.more {
                    self.more.push(self.cursor(page.stream));
                }
            }
            Frame::Acked(ack) => self.acks.push(ack),
            Frame::Refused(subject, refusal) => self.refused.push((subject, refusal)),
            Frame::CaughtUp => self.caught_up = true,
            Frame::AccessAcked(_) => {}
            other => panic!("a server does not say {other:?}"),
        }
    }

    fn take_record(&mut self, record: AccessRecord) {
        match &mut self.log {
            None => {
                let log = AccessLog::found(&record.signed, record.stamp).unwrap();
                assert_eq!(log.circle(), self.circle);
                self.log = Some(log);
            }
            Some(log) => log.replay(&record).unwrap(),
        }
        self.records.push(record);
        let own = self.log().device_by_key(&self.secrets.public().sign).map(|device| device.number);
        if let Some(number) = own {
            self.device = number;
        }
    }

    fn take_entry(&mut self, stream: Stream, entry: StreamEntry) {
        let state = self.streams.entry(stream).or_insert_with(|| StreamState::new(stream));
        let chains = self.chains.entry(stream).or_default();
        let log = self.log.as_ref().expect("access comes first");
        let view = ReaderView { access: log, keyring: &self.keyring, chains, own: self.device };
        match receive_entry(state, &view, &entry).expect("no fault of the server") {
            Verdict::Committed(_, plain) => {
                self.read.push((stream, String::from_utf8(plain.changes[0].clone()).unwrap()));
            }
            Verdict::Own(_) => self.stubs += 1,
            Verdict::Erased(_) => self.erased += 1,
            other => panic!("{other:?}"),
        }
        chains.insert(state.k, state.chain);
        self.raw.entry(stream).or_default().push(entry);
    }
}
