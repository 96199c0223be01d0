//! Reading a change chunk that anybody may have made: it ends in a `ChangeChunk` or an error, never in a panic, and
//! allocates no more than the bytes and the run limit allow.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::bytes::Bytes;
use super::columns::{RunBudget, read_all_false, read_deltas, read_full_runs, read_runs, spec};
use super::{ChangeChunk, ChunkAction, ChunkError, ChunkId, ChunkOp, MAX_CHUNK_BYTES};
use crate::Scalar;

pub(super) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
pub(super) const CHANGE: u8 = 1;

impl ChangeChunk {
    /// Reads one uncompressed change chunk; `bytes` must hold it and nothing else.
    pub fn read(bytes: &[u8]) -> Result<Self, ChunkError> {
        if bytes.len() > MAX_CHUNK_BYTES {
            return Err(ChunkError::TooLong);
        }
        let mut outer = Bytes::new(bytes);
        if outer.array::<4>()? != MAGIC {
            return Err(ChunkError::Magic);
        }
        let checksum = outer.array::<4>()?;
        let hashed = &bytes[8..];
        let [kind] = outer.array::<1>()?;
        if kind != CHANGE {
            return Err(ChunkError::Type(kind));
        }
        let content = outer.prefixed()?;
        if !outer.is_empty() {
            return Err(ChunkError::LeftOver);
        }
        let hash: [u8; 32] = Sha256::digest(hashed).into();
        if hash[..4] != checksum {
            return Err(ChunkError::Checksum);
        }
        read_content(hash, Bytes::new(content))
    }
}

fn read_content(hash: [u8; 32], mut bytes: Bytes<'_>) -> Result<ChangeChunk, ChunkError> {
    let count = bytes.count(32)?;
    let deps = (0..count).map(|_| bytes.array::<32>()).collect::<Result<Vec<_>, _>>()?;
    let actor = read_actor(&mut bytes)?;
    let seq = bytes.unsigned()?;
    let start_op = bytes.unsigned()?;
    let time = bytes.signed()?;
    let message_len = bytes.prefixed()?.len();
    let mut actors = vec![actor];
    for _ in 0..bytes.count(17)? {
        actors.push(read_actor(&mut bytes)?);
    }
    let columns = read_column_heads(&mut bytes)?;
    let mut columns = columns.into_iter();
    let mut data = [&[][..]; spec::KNOWN.len()];
    for (known, slot) in spec::KNOWN.iter().zip(&mut data) {
        if let Some((_, length)) = columns.as_slice().first().filter(|(number, _)| number == known) {
            *slot = bytes.take(*length)?;
            columns.next();
        }
    }
    // Heads come in rising order: one that was not met above is of a column we do not know.
    if !columns.as_slice().is_empty() {
        return Err(ChunkError::Column);
    }
    let ops = read_ops(data, &actors)?;
    let max_op = start_op
        .checked_add(ops.len() as u64)
        .and_then(|end| end.checked_sub(1))
        .ok_or(ChunkError::Number)?;
    let extra_len = bytes.len();
    Ok(ChangeChunk { hash, deps, actor, seq, start_op, max_op, time, message_len, extra_len, ops })
}

fn read_actor(bytes: &mut Bytes<'_>) -> Result<[u8; 16], ChunkError> {
    bytes.prefixed()?.try_into().map_err(|_| ChunkError::Actor)
}

/// The columns' numbers and lengths, in strictly rising order.
fn read_column_heads(bytes: &mut Bytes<'_>) -> Result<Vec<(u32, usize)>, ChunkError> {
    let count = bytes.unsigned()?;
    if count > spec::KNOWN.len() as u64 {
        return Err(ChunkError::Column);
    }
    let mut heads: Vec<(u32, usize)> = Vec::with_capacity(spec::KNOWN.len());
    for _ in 0..count {
        let number = u32::try_from(bytes.unsigned()?).map_err(|_| ChunkError::Number)?;
        let length = usize::try_from(bytes.unsigned()?).map_err(|_| ChunkError::Number)?;
        if heads.last().is_some_and(|(before, _)| *before >= number) {
            return Err(ChunkError::Column);
        }
        heads.push((number, length));
    }
    Ok(heads)
}

fn read_ops(data: [&[u8]; 10], actors: &[[u8; 16]]) -> Result<Vec<ChunkOp>, ChunkError> {
    let [obj_actor, obj_counter, key, insert, action, meta, value, pred_count, pred_actor, pred_counter] =
        data;
    let budget = &mut RunBudget::new();
    let actions = read_full_runs(action, budget, Bytes::unsigned)?;
    let keys = read_full_runs(key, budget, read_key)?;
    let metas = read_full_runs(meta, budget, Bytes::unsigned)?;
    let pred_counts = read_full_runs(pred_count, budget, Bytes::unsigned)?;
    let count = actions.len();
    let inserts = read_all_false(insert, budget)?;
    if [keys.len(), metas.len(), pred_counts.len(), inserts] != [count; 4] {
        return Err(ChunkError::ColumnLength);
    }
    let obj_actors = or_nulls(read_runs(obj_actor, budget, Bytes::unsigned)?, count)?;
    let obj_counters = or_nulls(read_runs(obj_counter, budget, Bytes::unsigned)?, count)?;
    let pred_actors = read_full_runs(pred_actor, budget, Bytes::unsigned)?;
    let pred_counters = read_deltas(pred_counter, budget)?;
    if pred_actors.len() != pred_counters.len() {
        return Err(ChunkError::ColumnLength);
    }

    let id = |index: u64, counter: u64| {
        let actor =
            usize::try_from(index).ok().and_then(|index| actors.get(index)).ok_or(ChunkError::ActorIndex)?;
        Ok(ChunkId { counter, actor: *actor })
    };
    let mut preds = pred_actors.into_iter().zip(pred_counters);
    let mut values = Bytes::new(value);
    let mut ops = Vec::with_capacity(count);
    for (at, key) in keys.into_iter().enumerate() {
        let obj = match (obj_actors[at], obj_counters[at]) {
            (None, None) => None,
            (Some(index), Some(counter)) => Some(id(index, counter)?),
            _ => return Err(ChunkError::ColumnLength),
        };
        let pred_count = usize::try_from(pred_counts[at]).map_err(|_| ChunkError::Number)?;
        let pred = preds.by_ref().take(pred_count).map(|(index, counter)| id(index, counter));
        let pred = pred.collect::<Result<Vec<_>, _>>()?;
        if pred.len() != pred_count {
            return Err(ChunkError::ColumnLength);
        }
        let action = read_action(actions[at], read_value(metas[at], &mut values)?)?;
        ops.push(ChunkOp { obj, key, action, pred });
    }
    if preds.next().is_some() || !values.is_empty() {
        return Err(ChunkError::LeftOver);
    }
    Ok(ops)
}

/// A column that is left out stands for nulls.
fn or_nulls<T: Clone>(column: Vec<Option<T>>, count: usize) -> Result<Vec<Option<T>>, ChunkError> {
    match column.len() {
        0 => Ok(vec![None; count]),
        length if length == count => Ok(column),
        _ => Err(ChunkError::ColumnLength),
    }
}

fn read_key(bytes: &mut Bytes<'_>) -> Result<Arc<str>, ChunkError> {
    std::str::from_utf8(bytes.prefixed()?).map(Arc::from).map_err(|_| ChunkError::Text)
}

/// The number of a value's kind, in the low four bits of its metadata; the rest is its length in bytes.
pub(super) mod kind {
    pub(crate) const NULL: u64 = 0;
    pub(crate) const FALSE: u64 = 1;
    pub(crate) const TRUE: u64 = 2;
    pub(crate) const UINT: u64 = 3;
    pub(crate) const INT: u64 = 4;
    pub(crate) const FLOAT: u64 = 5;
    pub(crate) const TEXT: u64 = 6;
    pub(crate) const BYTES: u64 = 7;
}

fn read_value(meta: u64, values: &mut Bytes<'_>) -> Result<Scalar, ChunkError> {
    let length = usize::try_from(meta >> 4).map_err(|_| ChunkError::Number)?;
    let raw = values.take(length)?;
    let mut bytes = Bytes::new(raw);
    let scalar = match meta & 0xf {
        kind::NULL => Scalar::Null,
        kind::FALSE => Scalar::Bool(false),
        kind::TRUE => Scalar::Bool(true),
        kind::UINT => Scalar::Uint(bytes.unsigned()?),
        kind::INT => Scalar::Int(bytes.signed()?),
        kind::FLOAT => Scalar::Float(f64::from_le_bytes(bytes.array()?)),
        kind::TEXT => {
            Scalar::Text(std::str::from_utf8(bytes.take(length)?).map_err(|_| ChunkError::Text)?.to_owned())
        }
        kind::BYTES => Scalar::Bytes(bytes.take(length)?.to_vec()),
        _ => return Err(ChunkError::Value),
    };
    if bytes.is_empty() { Ok(scalar) } else { Err(ChunkError::Value) }
}

/// The number of an op's action.
pub(super) mod action {
    pub(crate) const MAKE_MAP: u64 = 0;
    pub(crate) const PUT: u64 = 1;
    pub(crate) const DELETE: u64 = 3;
}

fn read_action(number: u64, value: Scalar) -> Result<ChunkAction, ChunkError> {
    match (number, value) {
        (action::PUT, value) => Ok(ChunkAction::Put(value)),
        (action::MAKE_MAP, Scalar::Null) => Ok(ChunkAction::Make),
        (action::DELETE, Scalar::Null) => Ok(ChunkAction::Delete),
        (action::MAKE_MAP | action::DELETE, _) => Err(ChunkError::Value),
        _ => Err(ChunkError::Action),
    }
}
