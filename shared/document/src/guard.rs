//! The rules a change must keep before Automerge sees it: a pure function of the change's bytes and of the accepted
//! part of the document, so that every device comes to the same verdict.
//!
//! The numbers are those of docs/protocol.md, section 5. Rule 1 is `ChangeChunk::read`.

use std::sync::Arc;

use crate::chunk::{ChangeChunk, ChunkAction, ChunkError, ChunkOp, write};
use crate::sabotage::{Safeguard, is_off};
use crate::table::{ChangeIndex, Draft, Resolved, Standing, Table};

/// Most changes in one envelope.
pub(crate) const MAX_CHANGES: usize = 1_000;
/// Longest key, in bytes.
pub(crate) const MAX_KEY_BYTES: usize = 256;
/// Longest text or byte string, in bytes.
pub(crate) const MAX_VALUE_BYTES: usize = 1 << 16;
/// Deepest map: the root has depth 0, `items` 1, an item 2. Whoever reads items may recurse.
pub(crate) const MAX_DEPTH: usize = 16;
/// Highest counter of an op. Automerge holds counters in 32 bits.
const MAX_COUNTER: u64 = i32::MAX as u64;

/// Why a change, and with it its whole envelope, adds nothing. The same on every device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    #[error("rule 1: {0}")]
    Chunk(#[from] ChunkError),
    #[error("rule 1: more than {MAX_CHANGES} changes in an envelope")]
    TooManyChanges,
    #[error("rule 2: not by the actor of the envelope's device")]
    Actor,
    #[error("rule 2: a time, a message or extra bytes")]
    Extras,
    #[error("rule 3: deps are empty or not sorted")]
    DepsOrder,
    #[error("rule 3: a dep that is not accepted")]
    UnknownDep,
    #[error("rule 3: the actor's own previous change is not before it")]
    OwnHistory,
    #[error("rule 4: not the next change of its actor")]
    Seq,
    #[error("rule 4: its ops do not start after those it depends on")]
    StartOp,
    #[error("rule 4: no ops")]
    Empty,
    #[error("rule 5: an op on a map that is not there")]
    Object,
    #[error("rule 5: an empty key or one of more than {MAX_KEY_BYTES} bytes")]
    Key,
    #[error("rule 5: a value of more than {MAX_VALUE_BYTES} bytes")]
    ValueLength,
    #[error("rule 5: maps nested deeper than {MAX_DEPTH}")]
    Depth,
    #[error("rule 6: it does not replace exactly the values that it sees")]
    Pred,
    #[error("rule 6: it deletes where nothing is")]
    NothingToDelete,
    #[error("rule 7: its content has another form than the one it is written in")]
    Form,
    /// Never seen, and the reason why the guard is fuzzed: Automerge refused what the guard let pass.
    #[error("the document does not take it")]
    Engine,
}

/// Which changes a new one may build on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Those that have their place in the stream: for all that arrives.
    Committed,
    /// Own pending ones too: for own edits.
    WithPending,
}

/// Holds one change against all rules.
pub(crate) fn check(table: &Table, bytes: &[u8], actor: &[u8; 16], scope: Scope) -> Result<Resolved, Void> {
    let chunk = ChangeChunk::read(bytes)?;
    if chunk.actor != *actor && !is_off(Safeguard::Actor) {
        return Err(Void::Actor);
    }
    if chunk.time != 0 || chunk.message_len != 0 || chunk.extra_len != 0 {
        return Err(Void::Extras);
    }
    let resolved = resolve(table, &chunk, scope)?;
    if write((&chunk).into()) == bytes { Ok(resolved) } else { Err(Void::Form) }
}

/// Rules 3 to 6, which turn names into what they name.
fn resolve(table: &Table, chunk: &ChangeChunk, scope: Scope) -> Result<Resolved, Void> {
    let deps = find_deps(table, chunk, scope)?;
    let start_op = 1 + deps.iter().map(|dep| table.changes()[*dep as usize].max_op()).max().unwrap_or(0);
    let mut draft = Draft::new(table, chunk.actor, chunk.start_op, deps);
    let own = table.actor(&chunk.actor).map_or(&[][..], |actor| &actor.changes);
    if own.last().is_some_and(|last| !table.covers(draft.clock(), *last)) {
        return Err(Void::OwnHistory);
    }
    if chunk.seq != own.len() as u64 + 1 && !is_off(Safeguard::Seq) {
        return Err(Void::Seq);
    }
    if (chunk.start_op != start_op || chunk.max_op > MAX_COUNTER) && !is_off(Safeguard::StartOp) {
        return Err(Void::StartOp);
    }
    if chunk.ops.is_empty() {
        return Err(Void::Empty);
    }
    for op in &chunk.ops {
        check_op(&mut draft, op)?;
    }
    Ok(draft.finish(chunk.hash))
}

fn find_deps(table: &Table, chunk: &ChangeChunk, scope: Scope) -> Result<Vec<ChangeIndex>, Void> {
    if chunk.deps.is_empty() || !chunk.deps.is_sorted_by(|one, next| one < next) {
        return Err(Void::DepsOrder);
    }
    let accepted = |hash| {
        let (index, change) = table.change_by_hash(hash)?;
        let pending = matches!(change.standing, Standing::Pending { .. });
        (!pending || scope == Scope::WithPending).then_some(index)
    };
    chunk.deps.iter().map(|hash| accepted(hash).ok_or(Void::UnknownDep)).collect()
}

fn check_op(draft: &mut Draft<'_>, op: &ChunkOp) -> Result<(), Void> {
    let object = match &op.obj {
        None => crate::table::ROOT,
        Some(id) => draft.object(id).ok_or(Void::Object)?,
    };
    check_key(&op.key)?;
    match &op.action {
        ChunkAction::Make if draft.depth(object) >= MAX_DEPTH => return Err(Void::Depth),
        ChunkAction::Put(value) if value.weight() > MAX_VALUE_BYTES => return Err(Void::ValueLength),
        ChunkAction::Make | ChunkAction::Put(_) | ChunkAction::Delete => {}
    }
    let visible = draft.visible(object, &op.key);
    if !visible.iter().map(|op| draft.id(*op)).eq(op.pred.iter().copied()) {
        return Err(Void::Pred);
    }
    // Automerge stores a delete only as a mark on what it deleted: one of nothing would be lost on the next save.
    if visible.is_empty() && op.action == ChunkAction::Delete {
        return Err(Void::NothingToDelete);
    }
    draft.push(object, &op.key, &op.action, visible);
    Ok(())
}

pub(crate) fn check_key(key: &Arc<str>) -> Result<(), Void> {
    if key.is_empty() || key.len() > MAX_KEY_BYTES { Err(Void::Key) } else { Ok(()) }
}
