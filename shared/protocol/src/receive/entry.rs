//! Taking what arrives on a client.

use super::state::StreamState;
use super::verdict::{Park, ServerFault, Verdict};
use super::verify::{Verified, verify};
use crate::access::{AccessLog, AccessRecord, AccessRefusal};
use crate::chain::{Place, chain};
use crate::envelope::{Body, Header, StreamEntry, open};
use crate::hash::Hash;
use crate::identity::DeviceNumber;
use crate::keyring::Keyring;
use crate::stream::Stream;
use std::collections::BTreeMap;

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

/// Whether these entries, in this order and with these stamps, make the chain `end` out of what is held. `Err`: the access
/// stream must be caught up first.
pub fn leads_to(
    state: &StreamState,
    access: &AccessLog,
    entries: &[StreamEntry],
    end: Hash,
) -> Result<bool, Park> {
    let mut at = state.chain;
    for entry in entries {
        let access_hash = access.hash_at(entry.a).ok_or(Park::Access(entry.a))?;
        let place = Place { stream: state.stream, k: entry.k, a: entry.a, stamp: entry.stamp };
        at = chain(&at, &place, &access_hash, &entry.hash());
    }
    Ok(at == end)
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
