//! What a client makes of what the server sends. Three outcomes, never mixed: a server's fault halts the stream,
//! what cannot be read yet parks it, what is void counts and adds nothing.

use crate::accept::{check_seen, check_standing};
use crate::access::{AccessLog, AccessRecord, AccessRefusal};
use crate::cbor::DecodeError;
use crate::chain::{Place, chain};
use crate::envelope::{Body, Header, OpenError, Plaintext, StreamEntry, open};
use crate::hash::Hash;
use crate::identity::{DeviceNumber, SignatureKind};
use crate::keyring::Keyring;
use crate::message::Ack;
use crate::refusal::Refusal;
use crate::stream::{Cursor, Stream};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// Proof that the server does not do what it must. Halt the stream, send nothing more, keep the evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerFault {
    /// Not the next number, or another stream's entry.
    #[error("entry {got} came where {expected} belongs")]
    Order {
        /// The next k.
        expected: u64,
        /// The k that came.
        got: u64,
    },
    /// The access head goes back, or the stamp does.
    #[error("the order of time goes back")]
    Backwards,
    /// Not readable, and not of a later version.
    #[error("an entry is not readable")]
    Malformed,
    /// Not signed by the device that it names.
    #[error("a signature is wrong")]
    Signature,
    /// The author may not have written it.
    #[error("the author had no right to write it")]
    NoRight,
    /// Its author saw another history, of access (true) or of this stream.
    #[error("people are shown different things")]
    Fork(bool),
    /// Sealed with the key of another epoch.
    #[error("sealed in a wrong epoch")]
    Epoch,
    /// An envelope of its author is missing or doubled.
    #[error("an envelope of its author is missing or doubled")]
    DeviceSeq,
    /// The body is missing though nothing erased it.
    #[error("a body is missing")]
    NoBody,
    /// The server's chain is not the one that its entries make.
    #[error("the chain is not the one that the entries make")]
    Chain,
    /// A record of the access stream breaks its rules.
    #[error("the access stream breaks its rules: {0}")]
    Access(AccessRefusal),
}

/// Why a stream waits. Keep the entry; nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Park {
    /// The access stream must be caught up to this entry first.
    Access(u64),
    /// The key of this epoch has not come yet.
    NoKey(Stream, u32),
    /// A later version of the app wrote it.
    Newer,
}

/// What became of an entry that the server rightly sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It opened: apply it, if the guard agrees; else treat it as void.
    Committed(Header, Plaintext),
    /// An own entry without its body, which the outbox has.
    Own(Header),
    /// Erased: it counts and adds nothing.
    Erased(Header),
    /// It does not open: it counts and adds nothing, for every reader alike.
    Void(Header, OpenError),
    /// Not now; the stream stays where it is.
    Park(Park),
}

/// How far a client has verified one stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StreamState {
    /// Which stream.
    #[n(0)]
    pub stream: Stream,
    /// The last entry.
    #[n(1)]
    pub k: u64,
    /// `C_k`.
    #[n(2)]
    pub chain: Hash,
    /// Its access head.
    #[n(3)]
    pub a: u64,
    /// Its stamp, Unix milliseconds.
    #[n(4)]
    pub stamp: u64,
    /// The last `device_seq` of each author.
    #[n(5)]
    pub device_seqs: BTreeMap<DeviceNumber, u64>,
}

impl StreamState {
    /// The start of a stream.
    pub fn new(stream: Stream) -> Self {
        Self { stream, k: 0, chain: Hash::ZERO, a: 0, stamp: 0, device_seqs: BTreeMap::new() }
    }

    /// For Hello.
    pub fn cursor(&self) -> Cursor {
        Cursor { stream: self.stream, k: self.k, chain: self.chain }
    }

    /// For the device's own storage. Not a wire format.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::cbor::to_vec(self)
    }

    /// What [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        minicbor::decode(bytes).map_err(|_| DecodeError::Malformed)
    }

    /// Compares with a place that the server names, if that is where this state is.
    pub fn agrees(&self, with: &Cursor) -> Result<(), ServerFault> {
        let other = with.stream == self.stream && with.k == self.k && with.chain != self.chain;
        if other { Err(ServerFault::Chain) } else { Ok(()) }
    }
}

/// What a client knows when an entry arrives.
#[derive(Debug, Clone, Copy)]
pub struct ReaderView<'a> {
    /// As far as it is verified here, at least to the entry's `a`.
    pub access: &'a AccessLog,
    /// The keys held.
    pub keyring: &'a Keyring,
    /// `C` at the places that authors saw, from storage and from this batch; see [`seen_places`].
    pub chains: &'a BTreeMap<u64, Hash>,
    /// This device, whose own entries may come without their bodies.
    pub own: DeviceNumber,
}

/// The places whose `C` must be at hand before a batch is received, all before `first`.
pub fn seen_places(entries: &[StreamEntry], first: u64) -> Vec<u64> {
    let seen = entries.iter().filter_map(|entry| entry.read_header().ok()).map(|header| header.seen_k);
    let mut places: Vec<_> = seen.filter(|k| *k > 0 && *k < first).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Takes the next entry of a stream. The state moves on unless the verdict is to park or the server is at fault.
pub fn receive_entry(
    state: &mut StreamState,
    view: &ReaderView<'_>,
    entry: &StreamEntry,
) -> Result<Verdict, ServerFault> {
    let Verified { header, next } = match verify(state, view.access, view.chains, entry)? {
        Ok(verified) => verified,
        Err(park) => return Ok(Verdict::Park(park)),
    };
    let verdict = read_body(state.stream, view, entry, &header)?;
    if !matches!(verdict, Verdict::Park(_)) {
        *state = next;
    }
    Ok(verdict)
}

/// Takes the next entry that a reader hands back to a restored server, which has no keys: everything is verified
/// but the content. `chains` as in [`ReaderView`]. On success the state has moved on to the entry's place.
pub fn receive_handback(
    state: &mut StreamState,
    access: &AccessLog,
    chains: &BTreeMap<u64, Hash>,
    entry: &StreamEntry,
) -> Result<Ack, Refusal> {
    let verified = verify(state, access, chains, entry).map_err(|fault| match fault {
        ServerFault::Fork(access) => Refusal::Fork(access),
        ServerFault::Signature => Refusal::Signature,
        _ => Refusal::Malformed,
    })?;
    let Verified { header, next } = verified.map_err(|park| match park {
        Park::Newer => Refusal::Newer,
        Park::Access(_) | Park::NoKey(..) => Refusal::Waiting,
    })?;
    let erased = access.erased_at(state.stream).is_some_and(|erased| entry.a < erased);
    if matches!(entry.body, Body::Hash(_)) && !erased {
        return Err(Refusal::Malformed);
    }
    let (stream, device_seq) = (state.stream, header.device_seq);
    *state = next;
    Ok(Ack { stream, device_seq, k: entry.k, a: entry.a, stamp: entry.stamp, chain: state.chain })
}

/// An entry that the server was right to place where it is.
struct Verified {
    header: Header,
    next: StreamState,
}

/// Order, signature, the server's checks 3 to 7 as of the entry's own access head, and the new `C_k`.
fn verify(
    state: &StreamState,
    access: &AccessLog,
    chains: &BTreeMap<u64, Hash>,
    entry: &StreamEntry,
) -> Result<Result<Verified, Park>, ServerFault> {
    let expected = state.k + 1;
    if entry.k != expected {
        return Err(ServerFault::Order { expected, got: entry.k });
    }
    if entry.a < state.a || entry.stamp < state.stamp {
        return Err(ServerFault::Backwards);
    }
    let header = match entry.read_header() {
        Ok(header) => header,
        Err(DecodeError::Newer) => return Ok(Err(Park::Newer)),
        Err(_) => return Err(ServerFault::Malformed),
    };
    if header.stream != state.stream {
        return Err(ServerFault::Order { expected, got: entry.k });
    }
    let Some(access_hash) = access.hash_at(entry.a) else {
        return Ok(Err(Park::Access(entry.a)));
    };
    let author = access.device(header.device).ok_or(ServerFault::NoRight)?;
    let (circle, message) = (access.circle(), entry.signed_message());
    if !entry.signature.verifies(&author.public.sign, SignatureKind::Envelope, &circle, &message) {
        return Err(ServerFault::Signature);
    }
    check_standing(access, &header, entry.a).map_err(|refusal| match refusal {
        Refusal::Fork(access) => ServerFault::Fork(access),
        Refusal::Stale(_) => ServerFault::Epoch,
        _ => ServerFault::NoRight,
    })?;
    let last = state.device_seqs.get(&header.device).copied().unwrap_or(0);
    if header.device_seq != last.saturating_add(1) {
        return Err(ServerFault::DeviceSeq);
    }
    let at_seen = chains.get(&header.seen_k).copied();
    check_seen(&header, state.cursor(), at_seen).map_err(|_| ServerFault::Fork(false))?;
    let place = Place { stream: state.stream, k: entry.k, a: entry.a, stamp: entry.stamp };
    let chain = chain(&state.chain, &place, &access_hash, &entry.hash());
    let mut next = StreamState { k: entry.k, a: entry.a, stamp: entry.stamp, chain, ..state.clone() };
    next.device_seqs.insert(header.device, header.device_seq);
    Ok(Ok(Verified { header, next }))
}

fn read_body(
    stream: Stream,
    view: &ReaderView<'_>,
    entry: &StreamEntry,
    header: &Header,
) -> Result<Verdict, ServerFault> {
    let Body::Whole(body) = &entry.body else {
        let erased = view.access.erased_at(stream).is_some_and(|erased| entry.a < erased);
        return match (header.device == view.own, erased) {
            (true, _) => Ok(Verdict::Own(*header)),
            (false, true) => Ok(Verdict::Erased(*header)),
            (false, false) => Err(ServerFault::NoBody),
        };
    };
    let Some(key) = view.keyring.key(stream, header.epoch) else {
        return Ok(Verdict::Park(Park::NoKey(stream, header.epoch)));
    };
    Ok(match open(&entry.header, body, key) {
        Ok(plaintext) => Verdict::Committed(*header, plaintext),
        Err(error) => Verdict::Void(*header, error),
    })
}

/// Takes the next record of the access stream. `Ok(Some(park))`: nothing was taken.
pub fn receive_access(log: &mut AccessLog, record: &AccessRecord) -> Result<Option<Park>, ServerFault> {
    match log.replay(record) {
        Ok(()) => Ok(None),
        Err(AccessRefusal::Newer) => Ok(Some(Park::Newer)),
        Err(refusal) => Err(ServerFault::Access(refusal)),
    }
}
