//! The stored form of a document.

/// Why stored bytes are not a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    #[error("the stored document is damaged")]
    Damaged,
    #[error("the stored document was written by a newer app (form {0})")]
    Newer(u32),
}
