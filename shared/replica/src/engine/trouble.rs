//! What ends the engine's work for now: it drops its memory and opens again from storage.

use crate::input::StorageError;
use crate::output::CannotOpen;

/// Why the engine cannot go on with what it holds in memory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// Storage did not do what was asked.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What is in storage is not what this engine writes.
    #[error("{0} cannot be read")]
    Damaged(&'static str),
    /// A newer build has written it.
    #[error("what a newer version of the app has stored cannot be read")]
    Newer,
    /// A trial version has written it.
    #[error("what a version before the first has stored is not read any more")]
    Older,
}

impl Trouble {
    /// As the app is told.
    pub fn into_storage(self) -> StorageError {
        match self {
            Self::Storage(error) => error,
            other => StorageError::Failed(other.to_string()),
        }
    }

    /// Why nothing can be opened, if that is so for as long as storage is as it is.
    pub fn lasting(&self) -> Option<CannotOpen> {
        match self {
            Self::Storage(_) => None,
            Self::Damaged(_) => Some(CannotOpen::Damaged),
            Self::Newer => Some(CannotOpen::Newer),
            Self::Older => Some(CannotOpen::Older),
        }
    }
}
