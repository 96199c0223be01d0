//! What was committed, as the other sessions of the circle hear it: encoded once, sent many times.

use std::sync::Arc;

use axum::body::Bytes;
use kith_protocol::{
    DeviceNumber, Hash, Stream,
    envelope::StreamEntry,
    message::{Entries, Frame},
};

use crate::store::{Circle, Done};

/// The circle after a commit, and what the commit brought.
#[derive(Clone, Debug)]
pub struct News {
    pub circle: Arc<Circle>,
    pub pieces: Vec<Piece>,
}

/// New entries of one stream, encoded as one frame.
#[derive(Clone, Debug)]
pub struct Piece {
    pub stream: Stream,
    /// The number of the first entry.
    pub from: u64,
    /// The number of the last.
    pub to: u64,
    /// Who wrote them, if one device did.
    pub author: Option<DeviceNumber>,
    /// For everybody.
    pub whole: Bytes,
    /// For the author, who has the bodies.
    pub stubs: Bytes,
}

impl News {
    /// What to tell after a commit; `None` if nothing changed.
    pub fn of(done: Done) -> Option<Self> {
        let circle = done.circle.filter(|_| done.changed)?;
        let pieces = done.fresh.into_iter().filter_map(|fresh| {
            let (from, to) = (fresh.entries.first()?.k, fresh.entries.last()?.k);
            // The fresh entries are the last of their stream as of this commit.
            let chain = circle.head(fresh.stream).chain;
            let stubs = fresh.entries.iter().map(StreamEntry::stub).collect();
            Some(Piece {
                stream: fresh.stream,
                from,
                to,
                author: fresh.device,
                stubs: entries_frame(fresh.stream, stubs, chain, false),
                whole: entries_frame(fresh.stream, fresh.entries, chain, false),
            })
        });
        let pieces = pieces.collect();
        Some(Self { circle, pieces })
    }

    /// Another node changed the circle: everybody reads what they lack.
    pub fn hint(circle: Arc<Circle>) -> Self {
        Self { circle, pieces: Vec::new() }
    }
}

/// A page as it is sent.
pub(super) fn entries_frame(stream: Stream, entries: Vec<StreamEntry>, chain: Hash, more: bool) -> Bytes {
    let from = entries.first().map_or(0, |entry| entry.k);
    Frame::Entries(Entries { stream, from, entries, chain, more }).encode().into()
}
