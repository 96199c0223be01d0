//! A circle in memory: people with their own keys, and a server that stores what the checks let through.

use kith_protocol::accept::{
    Accepted, AccessView, KnownEnvelope, Quota, ServerView, accept_access, accept_envelope, accept_found,
};
use kith_protocol::access::{
    AccessLog, AccessRecord, AccessRefusal, Action, Author, BuildError, InviteTerms, Proposal, SignedAccess,
    found,
};
use kith_protocol::envelope::{Header, Plaintext, SealedEnvelope, StreamEntry, seal};
use kith_protocol::invite::{Greeting, InviteLink, InviteSecret};
use kith_protocol::receive::{ReaderView, ServerFault, StreamState, Verdict, receive_entry};
use kith_protocol::{
    Cursor, DeviceNumber, DeviceSecrets, Hash, InviteId, Keyring, Language, MemberNumber, Party, Refusal,
    Role, Stream, Wrap,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;

pub const HOST: &str = "kith.example";
pub const START: u64 = 1_790_000_000_000;
pub const DAY: u64 = 86_400_000;

#[derive(Clone)]
pub struct Person {
    pub device: DeviceNumber,
    pub secrets: DeviceSecrets,
    pub keyring: Keyring,
    /// The invitation by which they came, whose wraps are theirs too.
    pub link: Option<InviteLink>,
}

impl Person {
    pub fn member(&self) -> MemberNumber {
        MemberNumber(self.device.0)
    }
}

#[derive(Clone, Default)]
pub struct Stored {
    pub entries: Vec<StreamEntry>,
    pub chains: BTreeMap<u64, Hash>,
    pub known: BTreeMap<(DeviceNumber, u64), KnownEnvelope>,
}

#[derive(Clone)]
pub struct World {
    pub log: AccessLog,
    pub records: Vec<AccessRecord>,
    pub wraps: Vec<Wrap>,
    pub streams: BTreeMap<Stream, Stored>,
    pub rng: ChaCha20Rng,
    pub now: u64,
    pub quota: Quota,
}

impl World {
    pub fn found() -> (Self, Person) {
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let secrets = DeviceSecrets::generate(&mut rng);
        let founding = found(&secrets, Language::English, None, &mut rng).unwrap();
        let taken = accept_found(&founding.signed, &founding.wraps, START).unwrap();
        assert_eq!(taken.log.circle(), founding.circle);
        let world = Self {
            log: taken.log,
            records: vec![taken.record],
            wraps: founding.wraps,
            streams: BTreeMap::new(),
            rng,
            now: START,
            quota: Quota { used: 0, limit: 10_000_000 },
        };
        let keyring = Keyring::default();
        let mut founder = Person { device: DeviceNumber(1), secrets, keyring, link: None };
        world.fetch_keys(&mut founder);
        (world, founder)
    }

    /// A founder, and one member of each of these roles, in by direct invitations.
    pub fn with<const N: usize>(roles: [Role; N]) -> (Self, Person, [Person; N]) {
        let (mut world, mut founder) = Self::found();
        let others = roles.map(|role| world.bring(&mut founder, role));
        (world, founder, others)
    }

    pub fn bring(&mut self, by: &mut Person, role: Role) -> Person {
        let link = self.invite_some(by, role, true, 1).unwrap();
        self.join(&link, "Sam").unwrap()
    }

    pub fn author<'a>(&'a self, person: &'a Person) -> Author<'a> {
        Author {
            log: &self.log,
            device: person.device,
            secrets: &person.secrets,
            keyring: &person.keyring,
            now_ms: self.now,
        }
    }

    /// What `person` proposes with its keys and rotations as the rules need them.
    pub fn propose(&mut self, person: &Person, action: Action) -> Proposal {
        self.try_propose(person, action).unwrap()
    }

    pub fn try_propose(&mut self, person: &Person, action: Action) -> Result<Proposal, BuildError> {
        let mut person = person.clone();
        self.fetch_keys(&mut person);
        let mut rng = self.rng.clone();
        let proposal = self.author(&person).propose(action, &mut rng);
        self.rng = rng;
        proposal
    }

    pub fn act(&mut self, person: &Person, action: Action) -> Result<(), AccessRefusal> {
        let proposal = self.propose(person, action);
        self.submit(Party::Device(person.device), &proposal)
    }

    /// An entry at the head, signed by `person` as it stands; nothing is filled in.
    pub fn raw(&self, person: &Person, action: Action) -> SignedAccess {
        let (seq, previous) = (self.log.head() + 1, self.log.head_hash());
        let entry = kith_protocol::access::AccessEntry {
            version: kith_protocol::VERSION,
            seq,
            previous,
            author: person.device,
            action,
        };
        entry.sign(Some(&self.log.circle()), &person.secrets)
    }

    pub fn judge(&self, session: Party, proposal: &Proposal) -> Result<(), AccessRefusal> {
        let view = AccessView { access: &self.log, session, now_ms: self.now, host: HOST };
        accept_access(&view, &proposal.signed, &proposal.wraps).map(|_| ())
    }

    pub fn submit(&mut self, session: Party, proposal: &Proposal) -> Result<(), AccessRefusal> {
        let view = AccessView { access: &self.log, session, now_ms: self.now, host: HOST };
        let taken = accept_access(&view, &proposal.signed, &proposal.wraps)?;
        self.log.push(taken.checked).unwrap();
        self.records.push(taken.record);
        self.wraps.extend(proposal.wraps.iter().cloned());
        Ok(())
    }

    pub fn invite(&mut self, by: &Person, role: Role, direct: bool) -> Result<InviteLink, AccessRefusal> {
        self.invite_some(by, role, direct, 2)
    }

    pub fn invite_some(
        &mut self,
        by: &Person,
        role: Role,
        direct: bool,
        uses: u32,
    ) -> Result<InviteLink, AccessRefusal> {
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        let secret = InviteSecret::generate(&mut self.rng);
        let expires = self.now + 7 * DAY;
        let terms = InviteTerms { id: InviteId(id), role, uses, expires, direct };
        let mut rng = self.rng.clone();
        let proposal = self.author(by).invite(&terms, &secret, &greeting(), &mut rng).unwrap();
        self.rng = rng;
        self.submit(Party::Device(by.device), &proposal)?;
        let circle = self.log.circle().prefix();
        Ok(InviteLink { host: HOST.to_owned(), id: terms.id, secret, circle })
    }

    pub fn join(&mut self, link: &InviteLink, name: &str) -> Result<Person, AccessRefusal> {
        let (mut person, proposal) = self.propose_join(link, name);
        self.submit(Party::Invitation(link.id), &proposal)?;
        self.fetch_keys(&mut person);
        Ok(person)
    }

    pub fn propose_join(&mut self, link: &InviteLink, name: &str) -> (Person, Proposal) {
        let secrets = DeviceSecrets::generate(&mut self.rng);
        let device = DeviceNumber(self.log.next_member().0);
        let person = Person { device, secrets, keyring: Keyring::default(), link: Some(link.clone()) };
        let mut rng = self.rng.clone();
        let author = Author { device: DeviceNumber(0), ..self.author(&person) };
        let proposal = author.join(link.id, &link.secret, name, &mut rng).unwrap();
        self.rng = rng;
        (person, proposal)
    }

    /// Every wrap that the server would hand to this person now.
    pub fn fetch_keys(&self, person: &mut Person) {
        for wrap in &self.wraps {
            if wrap.recipient == Party::Device(person.device) {
                let _ = person.keyring.take_wrap(&self.log, wrap, wrap.recipient, &person.secrets);
            }
            if let Some(link) =
                person.link.as_ref().filter(|link| wrap.recipient == Party::Invitation(link.id))
            {
                let secrets = link.secret.secrets();
                let _ = person.keyring.take_wrap(&self.log, wrap, wrap.recipient, &secrets);
            }
        }
    }

    pub fn stored(&self, stream: Stream) -> Stored {
        self.streams.get(&stream).cloned().unwrap_or_default()
    }

    pub fn head(&self, stream: Stream) -> Cursor {
        let stored = self.stored(stream);
        let k = stored.entries.len() as u64;
        Cursor { stream, k, chain: stored.chains.get(&k).copied().unwrap_or(Hash::ZERO) }
    }

    pub fn last_device_seq(&self, device: DeviceNumber, stream: Stream) -> u64 {
        self.stored(stream)
            .known
            .keys()
            .filter(|(of, _)| *of == device)
            .map(|(_, seq)| *seq)
            .max()
            .unwrap_or(0)
    }

    /// The header that `person` would write next, having seen everything.
    pub fn header(&self, person: &Person, stream: Stream) -> Header {
        let head = self.head(stream);
        Header {
            version: kith_protocol::VERSION,
            stream,
            device: person.device,
            device_seq: self.last_device_seq(person.device, stream) + 1,
            access_seq: self.log.head(),
            access_hash: self.log.head_hash().prefix(),
            epoch: self.log.epoch(stream),
            seen_k: head.k,
            seen_chain: head.chain.prefix(),
        }
    }

    pub fn seal_as(&self, person: &Person, header: &Header) -> SealedEnvelope {
        let key = person.keyring.key(header.stream, header.epoch).unwrap();
        seal(header, &plaintext(), &self.log.circle(), key, &person.secrets).unwrap()
    }

    pub fn seal(&self, person: &Person, stream: Stream) -> SealedEnvelope {
        self.seal_as(person, &self.header(person, stream))
    }

    pub fn judge_envelope(
        &self,
        device: DeviceNumber,
        envelope: &SealedEnvelope,
    ) -> Result<Accepted, Refusal> {
        let Ok(header) = envelope.read_header() else {
            // The store cannot look anything up; the check itself says why.
            return accept_envelope(&self.view(device, Stream::Commons, 0, 0), envelope);
        };
        let mut view = self.view(device, header.stream, header.device_seq, header.seen_k);
        view.last_device_seq = self.last_device_seq(header.device, header.stream);
        accept_envelope(&view, envelope)
    }

    fn view(&self, device: DeviceNumber, stream: Stream, device_seq: u64, seen_k: u64) -> ServerView<'_> {
        let stored = self.stored(stream);
        ServerView {
            access: &self.log,
            device,
            now_ms: self.now,
            head: self.head(stream),
            head_stamp: stored.entries.last().map_or(0, |entry| entry.stamp),
            known: stored.known.get(&(device, device_seq)).copied(),
            last_device_seq: self.last_device_seq(device, stream),
            chain_at_seen: stored.chains.get(&seen_k).copied(),
            quota: self.quota,
        }
    }

    pub fn send(&mut self, envelope: &SealedEnvelope) -> Result<Accepted, Refusal> {
        let header = envelope.read_header().unwrap();
        let accepted = self.judge_envelope(header.device, envelope)?;
        if accepted.fresh {
            let stored = self.streams.entry(header.stream).or_default();
            stored.entries.push(StreamEntry::placed(envelope.clone(), &accepted.ack));
            stored.chains.insert(accepted.ack.k, accepted.ack.chain);
            let known = KnownEnvelope { hash: accepted.hash, ack: accepted.ack };
            stored.known.insert((header.device, header.device_seq), known);
        }
        Ok(accepted)
    }

    /// Writes one envelope, which must be taken.
    pub fn write(&mut self, person: &Person, stream: Stream) -> Accepted {
        let envelope = self.seal(person, stream);
        self.send(&envelope).unwrap()
    }

    /// What `person` makes of one entry.
    pub fn receive(
        &self,
        person: &Person,
        state: &mut StreamState,
        entry: &StreamEntry,
    ) -> Result<Verdict, ServerFault> {
        let chains = self.stored(state.stream).chains;
        let view =
            ReaderView { access: &self.log, keyring: &person.keyring, chains: &chains, own: person.device };
        receive_entry(state, &view, entry)
    }
}

pub fn greeting() -> Greeting {
    Greeting {
        person: "Rosa".to_owned(),
        inviter: "Marie".to_owned(),
        language: "en-GB".to_owned(),
        to: None,
    }
}

pub fn plaintext() -> Plaintext {
    Plaintext { document: "care/log-2026-11".to_owned(), incarnation: 5, changes: vec![vec![1, 2, 3]; 2] }
}
