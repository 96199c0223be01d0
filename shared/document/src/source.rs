//! Where an op came from. Who wrote something is never a field of a document: it is read from here.

use minicbor::{Decode, Encode};

/// A device's number in its circle: its order of appearance in the access stream, from 1.
pub type DeviceNumber = u32;

/// Whether an op has its place in the stream yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Origin {
    /// It came with entry `k` of the stream, as op number `place` (from 0) of that entry; the server took the entry
    /// at `stamp` (Unix milliseconds). `(k, place)` orders all committed ops of a stream.
    #[n(0)]
    Committed {
        #[n(0)]
        k: u64,
        #[n(1)]
        place: u32,
        #[n(2)]
        stamp: u64,
    },
    /// This device's own edit number `n`, which has no place yet.
    #[n(1)]
    Pending {
        #[n(0)]
        n: u64,
    },
}

/// Who wrote an op, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct OpSource {
    #[n(0)]
    pub device: DeviceNumber,
    #[n(1)]
    pub origin: Origin,
    /// Automerge's counter of the op: with the device's actor it names the op for good.
    #[n(2)]
    pub counter: u64,
}
