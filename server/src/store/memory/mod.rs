//! The store in this process' memory: for tests, for the simulation, for trials. It never waits, so its futures are
//! ready at the first poll and need no runtime.

mod closed;
mod mail;
mod rows;
mod store;

pub use store::MemoryStore;
