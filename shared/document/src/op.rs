//! One op as the history tells it: who wrote what, where, over what.

use minicbor::{Decode, Encode};

use crate::{OpSource, Scalar};

/// What an op did at its path.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum OpKind {
    #[n(0)]
    Make,
    #[n(1)]
    Put(#[n(0)] Scalar),
    #[n(2)]
    Delete,
}

/// One op of an accepted or own pending change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Op {
    /// Keys from the root: `["items", uuid, "note"]`.
    #[n(0)]
    pub path: Vec<String>,
    /// The item it belongs to: the second key of a path under `items`.
    #[n(1)]
    pub item: Option<String>,
    #[n(2)]
    pub kind: OpKind,
    #[n(3)]
    pub source: OpSource,
    /// The values its writer saw there and replaced, winner first, at most eight; maps are not listed.
    #[n(4)]
    pub replaced: Vec<Scalar>,
}
