//! What a restored server takes back.

use super::state::StreamState;
use super::verdict::{Park, ServerFault};
use super::verify::{Verified, verify};
use crate::access::AccessLog;
use crate::envelope::{Body, StreamEntry};
use crate::hash::Hash;
use crate::message::Ack;
use crate::refusal::Refusal;
use std::collections::BTreeMap;

/// Takes the next entry that a reader hands back to a restored server, which has no keys: everything is verified
/// but the content. `chains` as in [`super::ReaderView`]. On success the state has moved on to the entry's place.
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
