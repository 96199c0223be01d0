//! Our own reader and writer of Automerge's change chunks.

/// Placeholder until the reader stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    #[error("not a change chunk")]
    NotAChange,
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeChunk {}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkOp {}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkId {}
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChunkAction {}
