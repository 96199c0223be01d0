//! A WebSocket as a stream of answers to `Open`.

use crux_core::capability::Operation;
use facet::Facet;
use serde::{Deserialize, Serialize};

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum SocketOperation {
    /// Streams `Opened`, `Received`…, `Closed` (exactly one `Closed`, also when it could not be opened).
    Open { id: u64, url: String },
    /// No answer. Dropped when the socket is not open.
    Send { id: u64, frame: Vec<u8> },
    /// No answer of its own; `Closed` follows on the stream.
    Close { id: u64 },
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum SocketOutput {
    Opened,
    Received { frame: Vec<u8> },
    Closed,
}

impl Operation for SocketOperation {
    type Output = SocketOutput;
}
