//! One stream as this device holds it: how far it was taken in, what waits to be sent, what stops it.

use std::collections::BTreeMap;

use kith_document::DocumentName;
use kith_protocol::receive::{Park, StreamState};
use kith_protocol::{DeviceNumber, Stream};

use crate::record::{StoredPending, StoredSealed};

/// The most envelopes of one stream on their way at a time.
pub(crate) const MOST_IN_FLIGHT: usize = 16;

/// A sealed envelope on its way.
pub(crate) struct Outgoing {
    pub sealed: StoredSealed,
    /// The epoch it is sealed in.
    pub epoch: u32,
    /// Sent on the connection that stands now.
    pub sent: bool,
    /// Where the server says it put it; an own entry is committed when the stream reaches its place.
    pub acked: Option<u64>,
}

/// What holds back the sending of a stream; what is taken in goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Until the access stream is longer than this.
    Access(u64),
    /// Until the stream has been taken in up to this place; then what waits is made anew.
    Place(u64),
    /// Until this time (Unix milliseconds by this device's clock).
    Time(u64),
}

/// A stream that is not the access stream.
pub(crate) struct Lane {
    pub state: StreamState,
    pub pending: BTreeMap<u64, StoredPending>,
    /// By `device_seq`.
    pub outbox: BTreeMap<u64, Outgoing>,
    pub parked: Option<Park>,
    /// It is not parked any more, and was asked for from where it stands: what came further on before that is still on its way.
    pub resumed: bool,
    pub hold: Option<Hold>,
    /// All that the host holds was taken in, on the connection that stands now.
    pub caught_up: bool,
    /// The server named a gap since it last took something; a second time means waiting.
    pub gap_told: bool,
    pub next_pending: u64,
    /// When the server last took something from each device (its stamps).
    pub heard: BTreeMap<DeviceNumber, u64>,
}

impl Lane {
    /// The pending edits of a document, in their order.
    pub fn pending_of<'a>(
        &'a self,
        document: &'a DocumentName,
    ) -> impl Iterator<Item = (u64, &'a StoredPending)> + Clone {
        self.pending.iter().filter(move |(_, edit)| edit.document == *document).map(|(n, edit)| (*n, edit))
    }

    /// Nothing of the stream yet.
    pub fn new(stream: Stream) -> Self {
        Self {
            state: StreamState::new(stream),
            pending: BTreeMap::new(),
            outbox: BTreeMap::new(),
            parked: None,
            resumed: false,
            hold: None,
            caught_up: false,
            gap_told: false,
            next_pending: 1,
            heard: BTreeMap::new(),
        }
    }

    /// Whether a page that begins at `from` is to be looked at. While the stream is parked none is; afterwards the first that goes on
    /// from here, as the host may have sent newer entries before it was asked for these.
    pub fn takes(&mut self, from: u64) -> bool {
        if self.parked.is_some() || self.resumed && from > self.state.k.saturating_add(1) {
            return false;
        }
        self.resumed = false;
        true
    }

    /// Nothing keeps the stream parked any more.
    pub fn resume(&mut self) {
        self.resumed |= self.parked.take().is_some();
    }

    /// The envelopes that are not on their way, oldest first; none behind one that must be sealed anew.
    pub fn unsent(&mut self, epoch: u32) -> impl Iterator<Item = &mut Outgoing> {
        let free = self.hold.is_none();
        let first = self.outbox.values_mut().take(MOST_IN_FLIGHT).filter(|out| out.acked.is_none());
        first.take_while(move |out| free && out.epoch == epoch).filter(|out| !out.sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_before_a_stream_was_asked_to_go_on_is_passed_over_once() {
        let mut lane = Lane::new(Stream::Care);
        lane.parked = Some(Park::NoKey(Stream::Care, 1));
        assert!(!lane.takes(1), "parked");
        lane.resume();
        assert!(!lane.takes(16), "newer entries that were on their way");
        assert!(lane.takes(1), "what was asked for");
        assert!(lane.takes(16), "from here on a gap is looked at, and is a fault");
    }
}
