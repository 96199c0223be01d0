//! What the server checks before it takes anything: pure functions over what the store read in its transaction.

use crate::access::{AccessLog, AccessRecord, AccessRefusal, Action, Checked, SignedAccess};
use crate::chain::{Place, chain};
use crate::envelope::{Header, MAX_ENVELOPE_BYTES, SealedEnvelope};
use crate::hash::Hash;
use crate::identity::{DeviceNumber, SignatureKind};
use crate::message::Ack;
use crate::refusal::Refusal;
use crate::stream::Cursor;
use crate::wrap::{Party, Wrap, WrapSubject};
use std::collections::BTreeSet;

/// An envelope that the server already has, looked up by (device, stream, `device_seq`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEnvelope {
    /// [`SealedEnvelope::hash`].
    pub hash: Hash,
    /// What was acknowledged then.
    pub ack: Ack,
}

/// What the circle stores and may store, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Stored now.
    pub used: u64,
    /// At most.
    pub limit: u64,
}

/// What the store reads, with the circle's row locked, before an envelope is judged. The header says what to look
/// up: [`SealedEnvelope::read_header`].
#[derive(Debug, Clone, Copy)]
pub struct ServerView<'a> {
    /// The whole access stream.
    pub access: &'a AccessLog,
    /// The device that the token belongs to.
    pub device: DeviceNumber,
    /// The server's clock, Unix milliseconds.
    pub now_ms: u64,
    /// The head of the header's stream: k and `C_k`.
    pub head: Cursor,
    /// The stamp of that head, 0 if the stream is empty.
    pub head_stamp: u64,
    /// The envelope under the header's (device, stream, `device_seq`).
    pub known: Option<KnownEnvelope>,
    /// The largest `device_seq` of (device, stream), 0 for none.
    pub last_device_seq: u64,
    /// `C` at the header's `seen_k`, none if the stream has no such place.
    pub chain_at_seen: Option<Hash>,
    /// What the circle stores.
    pub quota: Quota,
}

/// An envelope that is taken, with everything to store, or that was taken before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// For the author, after the commit. Holds k, a, stamp and `C_k`.
    pub ack: Ack,
    /// [`SealedEnvelope::hash`].
    pub hash: Hash,
    /// False: it is stored already, nothing changes.
    pub fresh: bool,
}

/// The server's checks 1 to 8, in this order.
pub fn accept_envelope(view: &ServerView<'_>, envelope: &SealedEnvelope) -> Result<Accepted, Refusal> {
    let (header, hash) = check_author(view, envelope)?;
    if let Some(known) = &view.known {
        let same = known.hash == hash;
        let again = Accepted { ack: known.ack, hash, fresh: false };
        return if same { Ok(again) } else { Err(Refusal::Different(known.hash, known.ack.k)) };
    }
    let a = view.access.head();
    check_standing(view.access, &header, a)?;
    if header.device_seq != view.last_device_seq.saturating_add(1) {
        return Err(Refusal::Gap(view.last_device_seq));
    }
    check_seen(&header, view.head, view.chain_at_seen)?;
    if view.quota.used.saturating_add(envelope.size() as u64) > view.quota.limit {
        return Err(Refusal::Quota(view.quota.limit));
    }
    let stream = header.stream;
    let stamp = view.now_ms.max(view.head_stamp).max(view.access.head_stamp());
    let place = Place { stream, k: view.head.k + 1, a, stamp };
    let chain = chain(&view.head.chain, &place, &view.access.head_hash(), &hash);
    let ack = Ack { stream, device_seq: header.device_seq, k: place.k, a, stamp, chain };
    Ok(Accepted { ack, hash, fresh: true })
}

/// Check 1: size, the token's device, the signature.
fn check_author(view: &ServerView<'_>, envelope: &SealedEnvelope) -> Result<(Header, Hash), Refusal> {
    if envelope.size() > MAX_ENVELOPE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let header = envelope.read_header()?;
    if header.device != view.device {
        return Err(Refusal::WrongDevice);
    }
    let author = view.access.device(header.device).ok_or(Refusal::WrongDevice)?;
    let message = envelope.signed_message();
    let circle = view.access.circle();
    if !envelope.signature.verifies(&author.public.sign, SignatureKind::Envelope, &circle, &message) {
        return Err(Refusal::Signature);
    }
    Ok((header, envelope.hash()))
}

/// Checks 3, 4 and 5 at access entry `a`: the same for the server and for every reader.
pub(crate) fn check_standing(access: &AccessLog, header: &Header, a: u64) -> Result<(), Refusal> {
    if !access.may_write(header.device, header.stream, a) {
        return Err(Refusal::NoRight(a));
    }
    let seen = access.hash_at(header.access_seq).filter(|_| (1..=a).contains(&header.access_seq));
    if seen.map(|hash| hash.prefix()) != Some(header.access_hash) {
        return Err(Refusal::Fork(true));
    }
    let epoch = access.epoch_at(header.stream, a);
    // Epoch 0 is a private stream before its first key.
    if header.epoch != epoch || epoch == 0 {
        return Err(Refusal::Stale(epoch));
    }
    Ok(())
}

/// Check 7: what the author saw is what is here. `head` is the place before the envelope's.
pub(crate) fn check_seen(header: &Header, head: Cursor, at_seen: Option<Hash>) -> Result<(), Refusal> {
    let here = match header.seen_k {
        0 => Some(Hash::ZERO),
        k if k == head.k => Some(head.chain),
        k if k < head.k => at_seen,
        _ => None,
    };
    if here.map(|hash| hash.prefix()) == Some(header.seen_chain) { Ok(()) } else { Err(Refusal::Fork(false)) }
}

/// What the store knows when an access entry arrives.
#[derive(Debug, Clone, Copy)]
pub struct AccessView<'a> {
    /// The whole access stream.
    pub access: &'a AccessLog,
    /// Whose session it is.
    pub session: Party,
    /// The server's clock, Unix milliseconds.
    pub now_ms: u64,
    /// The host that this server answers to.
    pub host: &'a str,
}

/// An access entry that is taken, with everything to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedAccess {
    /// For [`AccessLog::push`].
    pub checked: Checked,
    /// As it is stored and sent to everybody.
    pub record: AccessRecord,
}

/// The rules of the access stream, and that the wraps beside the entry are exactly those that it needs.
pub fn accept_access(
    view: &AccessView<'_>,
    signed: &SignedAccess,
    wraps: &[Wrap],
) -> Result<AcceptedAccess, AccessRefusal> {
    if let Some(host) = view.access.moved_to().filter(|host| *host != view.host) {
        return Err(AccessRefusal::Moved(host.to_owned()));
    }
    let stamp = view.now_ms.max(view.access.head_stamp());
    let checked = view.access.check(signed, stamp)?;
    let entry = checked.entry();
    let own = match (&entry.action, view.session) {
        (Action::Join(join), Party::Invitation(id)) => join.invite == id,
        (Action::Join(_), Party::Device(_)) | (_, Party::Invitation(_)) => false,
        (_, Party::Device(device)) => entry.author == device,
    };
    if !own {
        return Err(AccessRefusal::Session);
    }
    let needed = view.access.needs(entry.author, &entry.action, stamp).wraps;
    exactly(wraps, &needed)?;
    Ok(AcceptedAccess { record: AccessRecord { signed: signed.clone(), stamp }, checked })
}

/// A founded circle that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedFound {
    /// The log of the new circle, which has its id.
    pub log: AccessLog,
    /// Its first record.
    pub record: AccessRecord,
}

/// Takes a Found entry, which needs no session.
pub fn accept_found(
    signed: &SignedAccess,
    wraps: &[Wrap],
    now_ms: u64,
) -> Result<AcceptedFound, AccessRefusal> {
    let log = AccessLog::found(signed, now_ms)?;
    let founder = Party::Device(DeviceNumber(1));
    let needed = crate::stream::Stream::SHARED.map(|stream| (founder, WrapSubject::Epoch(stream, 1)));
    exactly(wraps, &BTreeSet::from(needed))?;
    Ok(AcceptedFound { log, record: AccessRecord { signed: signed.clone(), stamp: now_ms } })
}

fn exactly(wraps: &[Wrap], needed: &BTreeSet<(Party, WrapSubject)>) -> Result<(), AccessRefusal> {
    let given: BTreeSet<_> = wraps.iter().map(|wrap| (wrap.recipient, wrap.subject)).collect();
    let exact = given == *needed && wraps.len() == needed.len();
    if exact { Ok(()) } else { Err(AccessRefusal::Recipients) }
}

/// Wraps uploaded later, by a device that may read what they open: each is the current key of a class, for
/// somebody who must have it now. The store keeps only those whose (recipient, subject) it lacks.
pub fn accept_wraps(
    access: &AccessLog,
    device: DeviceNumber,
    wraps: &[Wrap],
    now_ms: u64,
) -> Result<(), Refusal> {
    for wrap in wraps {
        let WrapSubject::Epoch(stream, epoch) = wrap.subject else { return Err(Refusal::Forbidden) };
        let permitted = access.recipients(stream, now_ms).iter().any(|(party, _)| *party == wrap.recipient);
        let reads = access.may_read(device, stream, access.head());
        if !(permitted && reads && epoch > 0 && epoch == access.epoch(stream)) {
            return Err(Refusal::Forbidden);
        }
    }
    Ok(())
}
