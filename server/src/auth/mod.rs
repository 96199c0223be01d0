//! Who asks, and how much they may ask for.

mod address;
mod bucket;
mod challenge;
mod host;
mod sockets;

pub use address::{ClientAddress, Peer};
pub use bucket::{Bucket, Buckets};
pub use challenge::{CHALLENGE_MS, issue, read_nonce};
pub use host::HostName;
pub use sockets::{SocketCounts, SocketGuard};
