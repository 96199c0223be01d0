//! What holds of every entry, whoever reads it: order, signature, and the server's checks 3 to 7.

use super::state::StreamState;
use super::verdict::{Park, ServerFault};
use crate::accept::{check_seen, check_standing};
use crate::access::AccessLog;
use crate::cbor::DecodeError;
use crate::chain::{Place, chain};
use crate::envelope::{Header, StreamEntry};
use crate::hash::Hash;
use crate::identity::SignatureKind;
use crate::refusal::Refusal;
use crate::sabotage::{Safeguard, is_off};
use std::collections::BTreeMap;

/// An entry that the server was right to place where it is.
pub(super) struct Verified {
    pub(super) header: Header,
    pub(super) next: StreamState,
}

/// Order, signature, the server's checks 3 to 7 as of the entry's own access head, and the new `C_k`.
pub(super) fn verify(
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
    let signed = entry.signature.verifies(&author.public.sign, SignatureKind::Envelope, &circle, &message);
    if !signed && !is_off(Safeguard::Signature) {
        return Err(ServerFault::Signature);
    }
    match check_standing(access, &header, entry.a) {
        Err(Refusal::Fork(access)) if !is_off(Safeguard::Access) => return Err(ServerFault::Fork(access)),
        Err(Refusal::Stale(_)) if !is_off(Safeguard::Epoch) => return Err(ServerFault::Epoch),
        Err(Refusal::NoRight(_)) if !is_off(Safeguard::Right) => return Err(ServerFault::NoRight),
        _ => {}
    }
    let last = state.device_seqs.get(&header.device).copied().unwrap_or(0);
    if header.device_seq != last.saturating_add(1) && !is_off(Safeguard::Number) {
        return Err(ServerFault::DeviceSeq);
    }
    let at_seen = chains.get(&header.seen_k).copied();
    if check_seen(&header, state.cursor(), at_seen).is_err() && !is_off(Safeguard::Seen) {
        return Err(ServerFault::Fork(false));
    }
    let place = Place { stream: state.stream, k: entry.k, a: entry.a, stamp: entry.stamp };
    let chain = chain(&state.chain, &place, &access_hash, &entry.hash());
    let mut next = StreamState { k: entry.k, a: entry.a, stamp: entry.stamp, chain, ..state.clone() };
    next.device_seqs.insert(header.device, header.device_seq);
    Ok(Ok(Verified { header, next }))
}
