//! The store in one SQLite file: the default, for one machine.

mod spare;
mod store;
mod writer;

pub use store::SqliteStore;
