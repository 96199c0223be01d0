//! The storage effect on IndexedDB: `queue.rs` keeps the order, `database.rs` speaks IndexedDB, `vault.rs` seals
//! secrets, `fence.rs` lets only the tab that runs the core write.

mod database;
mod fault;
mod fence;
mod queue;
mod request;
mod vault;

pub use queue::Storage;
