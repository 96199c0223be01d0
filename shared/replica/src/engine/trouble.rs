//! What ends the engine's work for now: it drops its memory and opens again from storage.

use crate::input::StorageError;

/// Why the engine cannot go on with what it holds in memory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// Storage did not do what was asked.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What is in storage is not what this engine writes.
    #[error("{0} cannot be read")]
    Damaged(&'static str),
}

impl Trouble {
    /// As the app is told.
    pub fn into_storage(self) -> StorageError {
        match self {
            Self::Storage(error) => error,
            Self::Damaged(what) => StorageError::Failed(format!("{what} cannot be read")),
        }
    }
}
