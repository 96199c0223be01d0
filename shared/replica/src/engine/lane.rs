//! One stream as this device holds it: how far it was taken in, what waits to be sent, what stops it.

use std::collections::BTreeMap;

use kith_document::DocumentName;

use crate::record::{StoredPending, StoredSealed};
use crate::status::Fault;

/// A sealed envelope on its way.
pub(crate) struct Outgoing {
    pub sealed: StoredSealed,
    /// Sent on the connection that stands now.
    pub sent: bool,
    /// Where the server says it put it; an own entry is committed when the stream reaches its place.
    pub acked: Option<u64>,
}

/// Why a stream waits before its next entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parked {
    /// The key has not come yet.
    NoKey,
    /// A newer app wrote it.
    Newer,
}

/// A stream that is not the access stream.
#[derive(Default)]
pub(crate) struct Lane {
    pub pending: BTreeMap<u64, StoredPending>,
    /// By device_seq.
    pub outbox: BTreeMap<u64, Outgoing>,
    pub parked: Option<Parked>,
    pub fault: Option<Fault>,
    /// The server's refusals since it last took something.
    pub refusals: u32,
    /// What the host holds is known to be taken in, on the connection that stands now.
    pub caught_up: bool,
    pub next_pending: u64,
}

impl Lane {
    /// The pending edits of a document, in their order.
    pub fn pending_of<'a>(
        &'a self,
        document: &'a DocumentName,
    ) -> impl Iterator<Item = (u64, &'a StoredPending)> + Clone {
        self.pending.iter().filter(move |(_, edit)| edit.document == *document).map(|(n, edit)| (*n, edit))
    }

    /// Whether a pending edit lies in a sealed envelope.
    pub fn frozen(&self, n: u64) -> bool {
        self.outbox.values().any(|out| out.sealed.edits.contains(&n))
    }
}
