//! Writing a change chunk, byte for byte as Automerge writes it: for our own edits, and to see whether a foreign
//! chunk has the one form its content can have.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::bytes::{put_signed, put_unsigned};
use super::columns::{put_runs, spec};
use super::read::{CHANGE, MAGIC, action, kind};
use super::{ChangeChunk, ChunkAction, ChunkId, ChunkOp};
use crate::Scalar;

/// What a change says. Time is 0; there is no message and nothing after the columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewChange<'a> {
    /// Sorted.
    pub(crate) deps: &'a [[u8; 32]],
    pub(crate) actor: [u8; 16],
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) ops: &'a [ChunkOp],
}

impl<'a> From<&'a ChangeChunk> for NewChange<'a> {
    fn from(chunk: &'a ChangeChunk) -> Self {
        let ChangeChunk { deps, actor, seq, start_op, ops, .. } = chunk;
        Self { deps, actor: *actor, seq: *seq, start_op: *start_op, ops }
    }
}

/// How much of the run limit (`MAX_RUN_TOTAL`) an op takes at most.
pub(crate) fn column_weight(op: &ChunkOp) -> usize {
    7 + 2 * op.pred.len()
}

/// The chunk of a change.
pub(crate) fn write(change: NewChange<'_>) -> Vec<u8> {
    let mut content = Vec::new();
    put_unsigned(&mut content, change.deps.len() as u64);
    content.extend(change.deps.as_flattened());
    put_actor(&mut content, &change.actor);
    put_unsigned(&mut content, change.seq);
    put_unsigned(&mut content, change.start_op);
    put_signed(&mut content, 0);
    put_unsigned(&mut content, 0);

    let others = other_actors(change.actor, change.ops);
    put_unsigned(&mut content, others.len() as u64);
    for actor in &others {
        put_actor(&mut content, actor);
    }

    let index: BTreeMap<[u8; 16], u64> = std::iter::once(change.actor).chain(others).zip(0..).collect();
    let columns = columns(change.ops, |id| index.get(&id.actor).copied().unwrap_or_default());
    let filled = || columns.iter().filter(|(_, data)| !data.is_empty());
    put_unsigned(&mut content, filled().count() as u64);
    for (number, data) in filled() {
        put_unsigned(&mut content, u64::from(*number));
        put_unsigned(&mut content, data.len() as u64);
    }
    filled().for_each(|(_, data)| content.extend(data));
    frame(&content)
}

fn put_actor(out: &mut Vec<u8>, actor: &[u8; 16]) {
    put_unsigned(out, 16);
    out.extend(actor);
}

/// Every actor that the ops name, but for the change's own, in order.
fn other_actors(own: [u8; 16], ops: &[ChunkOp]) -> BTreeSet<[u8; 16]> {
    let named = ops.iter().flat_map(|op| op.obj.iter().chain(&op.pred));
    named.map(|id| id.actor).filter(|actor| *actor != own).collect()
}

fn columns(ops: &[ChunkOp], index: impl Fn(&ChunkId) -> u64) -> [(u32, Vec<u8>); 10] {
    let preds = || ops.iter().flat_map(|op| &op.pred);
    let mut raw = Vec::new();
    let metas: Vec<u64> = ops.iter().map(|op| put_value(&mut raw, &op.action)).collect();
    let mut before = 0_i64;
    let deltas = preds().map(|id| {
        let counter = i64::try_from(id.counter).unwrap_or(i64::MAX);
        std::mem::replace(&mut before, counter).wrapping_neg().wrapping_add(counter)
    });
    [
        (spec::OBJ_ACTOR, numbers(ops.iter().map(|op| op.obj.as_ref().map(&index)))),
        (spec::OBJ_COUNTER, numbers(ops.iter().map(|op| op.obj.map(|id| id.counter)))),
        (spec::KEY, runs(ops.iter().map(|op| Some(&*op.key)), |out, key| put_bytes(out, key.as_bytes()))),
        (spec::INSERT, all_false(ops.len())),
        (spec::ACTION, numbers(ops.iter().map(|op| Some(action_number(&op.action))))),
        (spec::VALUE_META, numbers(metas.into_iter().map(Some))),
        (spec::VALUE, raw),
        (spec::PRED_COUNT, numbers(ops.iter().map(|op| Some(op.pred.len() as u64)))),
        (spec::PRED_ACTOR, numbers(preds().map(|id| Some(index(id))))),
        (spec::PRED_COUNTER, runs(deltas.map(Some), |out, delta| put_signed(out, *delta))),
    ]
}

fn numbers(values: impl Iterator<Item = Option<u64>>) -> Vec<u8> {
    runs(values, |out, value| put_unsigned(out, *value))
}

/// A column; empty when all its values are null.
fn runs<T: PartialEq>(values: impl Iterator<Item = Option<T>>, put: impl Fn(&mut Vec<u8>, &T)) -> Vec<u8> {
    let values: Vec<Option<T>> = values.collect();
    let mut out = Vec::new();
    if values.iter().any(Option::is_some) {
        put_runs(&mut out, &values, put);
    }
    out
}

fn all_false(count: usize) -> Vec<u8> {
    let mut out = Vec::new();
    if count > 0 {
        put_unsigned(&mut out, count as u64);
    }
    out
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_unsigned(out, bytes.len() as u64);
    out.extend(bytes);
}

fn action_number(what: &ChunkAction) -> u64 {
    match what {
        ChunkAction::Make => action::MAKE_MAP,
        ChunkAction::Put(_) => action::PUT,
        ChunkAction::Delete => action::DELETE,
    }
}

/// Appends a value's bytes and gives its metadata.
fn put_value(raw: &mut Vec<u8>, action: &ChunkAction) -> u64 {
    let start = raw.len();
    let kind = match action {
        ChunkAction::Make | ChunkAction::Delete | ChunkAction::Put(Scalar::Null) => kind::NULL,
        ChunkAction::Put(Scalar::Bool(false)) => kind::FALSE,
        ChunkAction::Put(Scalar::Bool(true)) => kind::TRUE,
        ChunkAction::Put(Scalar::Uint(number)) => {
            put_unsigned(raw, *number);
            kind::UINT
        }
        ChunkAction::Put(Scalar::Int(number)) => {
            put_signed(raw, *number);
            kind::INT
        }
        ChunkAction::Put(Scalar::Float(number)) => {
            raw.extend(number.to_le_bytes());
            kind::FLOAT
        }
        ChunkAction::Put(Scalar::Text(text)) => {
            raw.extend(text.as_bytes());
            kind::TEXT
        }
        ChunkAction::Put(Scalar::Bytes(bytes)) => {
            raw.extend(bytes);
            kind::BYTES
        }
    };
    ((raw.len() - start) as u64) << 4 | kind
}

/// Puts the chunk's head before its content.
pub(crate) fn frame(content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![CHANGE];
    put_unsigned(&mut hashed, content.len() as u64);
    hashed.extend(content);
    let hash: [u8; 32] = Sha256::digest(&hashed).into();
    [&MAGIC[..], &hash[..4], &hashed].concat()
}
