//! Storage: ordered keys to bytes, written in atomic batches.
//!
//! A shell keeps the order of writes, answers `Written` only when the batch is durable, and seals every value
//! whose key begins with `secret/` under a key of the platform's before it touches the disk (ADR 0003).

use crux_core::capability::Operation;
use facet::Facet;
use serde::{Deserialize, Serialize};

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum StorageOperation {
    /// All of it or nothing. Deletes are done first.
    Write { puts: Vec<StoredPair>, deletes: Vec<Vec<u8>> },
    /// One answer a key, in order.
    Read { keys: Vec<Vec<u8>> },
    /// Pairs whose key begins with `prefix` and sorts after `after`, ascending, `limit` at most.
    Scan { prefix: Vec<u8>, after: Option<Vec<u8>>, limit: u32 },
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct StoredPair {
    pub key: Vec<u8>,
    pub value: Vec<u8>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct StoredValue {
    pub value: Option<Vec<u8>>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum StorageOutput {
    Written,
    Values(Vec<StoredValue>),
    Pairs(Vec<StoredPair>),
    Failed(StorageFault),
}

#[derive(Facet, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum StorageFault {
    /// No room. Nothing of the batch was kept.
    Full,
    /// Another tab or process owns the storage now. Nothing of the batch was kept.
    NotOwner,
    /// The platform refuses to store anything here (private window, blocked).
    Refused,
    /// Anything else. Nothing of the batch was kept.
    Broken,
}

impl Operation for StorageOperation {
    type Output = StorageOutput;
}
