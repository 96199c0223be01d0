//! Documents: the only place that knows Automerge.
//!
//! Start with [`Document`]: it holds one document of a circle, takes edits ([`EditScript`]) and what arrives
//! from others, and answers with [`Item`]s and [`Op`]s. Below it, in the order bytes take:
//!
//! - `chunk`: our own reader and writer of Automerge's change chunks; foreign bytes meet nothing else first;
//! - `guard`: the rules a change must keep before Automerge sees it (docs/protocol.md, section 5);
//! - `table`: every accepted op with who wrote it and what it replaced; reading, history and the guard use it;
//! - `document`: ties these to an `automerge::Automerge`, which merges nothing that the guard did not pass.
//!
//! Nothing here reads a clock, draws randomness or does IO.

mod actor;
mod chunk;
mod document;
mod genesis;
mod guard;
mod item;
mod name;
mod op;
pub mod sabotage;
mod scalar;
mod script;
mod snapshot;
mod source;
mod table;
#[cfg(test)]
mod tests;

pub use actor::actor;
pub use chunk::{ChangeChunk, ChunkAction, ChunkError, ChunkId, ChunkOp};
pub use document::{Arrival, Arrived, Document, EditError, Edited};
pub use genesis::{GENESIS, GENESIS_HASH};
pub use guard::Void;
pub use item::{Item, Version};
pub use name::{DocumentName, NameError};
pub use op::{Op, OpKind};
pub use scalar::Scalar;
pub use script::{EditScript, Step};
pub use snapshot::SnapshotError;
pub use source::{DeviceNumber, OpSource, Origin};
