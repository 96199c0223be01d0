//! Why a store could not do what it was asked to. Refusals are not errors; they are answers.

/// Nothing was changed, or it is unknown whether it was: nobody was told that it was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database answered with an error.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date, or is newer than this build.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// What is stored is not what was written.
    #[error("stored {0} cannot be read")]
    Damaged(&'static str),
    /// A circle of a wire version that is not read any more.
    #[error("the circle was made before wire version 1")]
    Older,
    /// Another process has it open.
    #[error("another kith-server has this store open")]
    InUse,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}
