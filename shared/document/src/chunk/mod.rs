//! Change chunks: our own reader and writer, because Automerge's decoder trusts what it decodes.
//!
//! Form: <https://automerge.org/automerge-binary-format-spec/>, chunk type 1. Only what our documents hold is known
//! here: ops on maps with text keys, of three actions. Anything else is an error, not a variant.

mod bytes;
mod columns;
mod error;
mod limits;
mod read;
mod write;

pub use error::ChunkError;
pub use limits::{MAX_CHUNK_BYTES, MAX_RUN_TOTAL};
#[cfg(test)]
pub(crate) use write::frame;
pub(crate) use write::{NewChange, column_weight, write};

use std::sync::Arc;

use crate::Scalar;

/// An op's name for good: its counter and the actor that wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChunkId {
    pub counter: u64,
    pub actor: [u8; 16],
}

/// What an op does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChunkAction {
    /// Makes a map.
    Make,
    Put(Scalar),
    Delete,
}

/// One op of a change, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkOp {
    /// The map it is on; None is the root.
    pub obj: Option<ChunkId>,
    pub key: Arc<str>,
    pub action: ChunkAction,
    /// The ops whose values it replaces, in the order written.
    pub pred: Vec<ChunkId>,
}

/// A change as its bytes say, with nothing checked against any document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeChunk {
    pub hash: [u8; 32],
    pub deps: Vec<[u8; 32]>,
    pub actor: [u8; 16],
    pub seq: u64,
    pub start_op: u64,
    /// Counter of the last op; `start_op - 1` in a change without ops.
    pub max_op: u64,
    pub time: i64,
    /// Bytes of the message. Our changes carry none, so its text is not kept.
    pub message_len: usize,
    /// Bytes after the columns. Our changes carry none.
    pub extra_len: usize,
    pub ops: Vec<ChunkOp>,
}
