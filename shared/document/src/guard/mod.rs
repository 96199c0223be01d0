//! The rules a change must keep before Automerge sees it.

/// Why a change, and with it its whole envelope, adds nothing. The same on every device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    #[error(transparent)]
    Chunk(#[from] crate::ChunkError),
}
