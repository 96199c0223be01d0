//! A circle that was closed: the last of it is fetched, what was not shared goes to the drawer, and then the host is
//! left alone. What is on this device stays. Announcing, taking back and closing are wishes like others (`intent`).

use kith_protocol::Stream;
use kith_protocol::access::{CLOSING_NOTICE_MS, MAX_CLOSING_MS};

use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;

/// What is added to the wait, so that clocks which differ a little do not make the host refuse: 10 minutes.
const MARGIN_MS: u64 = 600_000;

/// How long a host knows a circle after its Close (docs/protocol.md, section 3), in milliseconds.
const KNOWN_MS: u64 = 30 * 86_400_000;

/// From when on the circle may be closed, if that is signed at `now_ms` by the host's clock.
pub(super) fn closing_time(now_ms: u64, wait_ms: u64) -> u64 {
    let longest = MAX_CLOSING_MS - 2 * MARGIN_MS;
    now_ms.saturating_add(wait_ms.clamp(CLOSING_NOTICE_MS, longest)).saturating_add(MARGIN_MS)
}

impl Member {
    /// Whether the circle was closed.
    pub fn closed(&self) -> bool {
        self.log.closed_at().is_some()
    }

    /// Nobody is asked for anything in a closed circle. Once it has told all it still has, what waits here goes to the
    /// drawer, and no connection is opened any more. Not before: an edit that the host took in the last moment is no
    /// draft.
    pub async fn wind_up(&mut self) -> Result<(), Trouble> {
        if !self.closed() || self.wound_up {
            return Ok(());
        }
        self.drop_intents().await?;
        if !self.is_over() && !self.was_told_all() {
            return Ok(());
        }
        let waiting = self.lanes.iter().filter(|(_, lane)| !lane.pending.is_empty());
        let streams: Vec<Stream> = waiting.map(|(stream, _)| *stream).collect();
        for stream in streams {
            self.rebase_stream(stream).await?;
        }
        self.wound_up = true;
        Ok(())
    }

    /// The host does not know the circle any more, or will not by now.
    fn is_over(&self) -> bool {
        let closed = self.log.closed_at().and_then(|n| self.log.stamp_at(n));
        let until = closed.unwrap_or(0).saturating_add(KNOWN_MS);
        self.network.gone() || self.network.server_time(self.port.now()) >= until
    }

    /// Everything that the host has is here, and it has answered all that it was sent.
    fn was_told_all(&self) -> bool {
        let told = |lane: &Lane| lane.parked.is_some() || lane.caught_up;
        let streams = self.log.streams_of(self.device);
        let mut others = streams.iter().filter(|stream| **stream != Stream::Access);
        self.network.settled()
            && self.current
            && self.more.is_empty()
            && self.back.is_empty()
            && (self.home.lacking.is_none() || self.home.no_room)
            && others.all(|stream| self.lanes.get(stream).is_some_and(told))
            && !self.lanes.values().any(|lane| lane.outbox.values().any(|out| out.sent))
    }
}
