//! The hash chain of a stream: whoever holds `C_k` holds every entry up to k, in this order.

use crate::hash::{Hash, Tuple};
use crate::stream::Stream;

/// Where the server put an envelope, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The stream.
    pub stream: Stream,
    /// The number there.
    pub k: u64,
    /// The access head then.
    pub a: u64,
    /// The server's time then, Unix milliseconds.
    pub stamp: u64,
}

/// `C_k = H("chain" C_{k-1} stream k a A_a stamp H("envelope" header H(body) signature))`; `C_0` is zero.
/// `access_hash` is `A_a`, `envelope` the hash of the envelope.
pub fn chain(previous: &Hash, place: &Place, access_hash: &Hash, envelope: &Hash) -> Hash {
    Tuple::new("chain", 7)
        .bytes(&previous.0)
        .value(&place.stream)
        .uint(place.k)
        .uint(place.a)
        .bytes(&access_hash.0)
        .uint(place.stamp)
        .bytes(&envelope.0)
        .hash()
}
