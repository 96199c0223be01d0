//! A circle that moves to another host: what is left at the old one is taken in first, then this device goes to the new
//! one, with what waits here. Where a person says that the circle is kept elsewhere now, only this device goes.

use kith_protocol::message::Welcome;
use kith_protocol::{Cursor, Stream};

use crate::cbor::to_bytes;
use crate::engine::member::{Member, NoRoom};
use crate::engine::network::State;
use crate::engine::trouble::Trouble;
use crate::port::Batch;
use crate::record::StoredHome;
use crate::view::Keeping;

/// Where the circle is kept, as far as it is not settled.
#[expect(clippy::struct_excessive_bools, reason = "each stands for itself; none follows from another")]
#[derive(Default)]
pub(crate) struct Home {
    pub stored: StoredHome,
    /// Where the host that is left stands for good: it takes nothing more, so what it said after the Move was known here.
    last_heads: Option<Vec<Cursor>>,
    /// The host said that it does not know the circle.
    pub forgotten: bool,
    /// A person said that the circle is to be given back to this host.
    pub giving: bool,
    /// What the host lacks of what is here, in entries: still, and at first.
    pub lacking: Option<(u64, u64)>,
    /// Where the host stood when it was handed something, on this connection: nothing is handed there again.
    pub handed: Vec<Cursor>,
    /// The host was given the access stream, since the last connection.
    pub given: bool,
    /// The host takes nothing new at the moment.
    pub waits: bool,
    /// The host has no room for what it was handed.
    pub no_room: bool,
}

impl Home {
    /// As it was stored.
    pub fn stored(stored: Option<StoredHome>) -> Self {
        Self { stored: stored.unwrap_or_default(), ..Self::default() }
    }

    /// The connection was lost.
    pub fn disconnected(&mut self) {
        self.handed.clear();
        self.given = false;
    }
}

impl Member {
    /// Where the circle is kept now, if that is not where this device goes still.
    pub fn next_host(&self) -> Option<&str> {
        let moved = self.log.moved()?;
        let host = self.log.moved_to().filter(|host| *host != self.host)?;
        // What is over needs no host.
        (moved.since > self.home.stored.settled && !self.ended() && !self.closed()).then_some(host)
    }

    /// Goes to the new host, once nothing is left at this one that is not here.
    pub async fn follow(&mut self) -> Result<(), Trouble> {
        let Some(host) = self.next_host().map(str::to_owned) else { return Ok(()) };
        if self.home.forgotten || self.has_all() {
            let settled = self.log.moved().map_or(0, |moved| moved.since);
            return self.go_to(host, StoredHome { settled, arriving: true, ..StoredHome::default() }).await;
        }
        if self.home.last_heads.is_none() {
            // It may have taken something after it said where it stands, before the Move.
            match self.network.state {
                State::Live => {
                    self.network.close(&self.port);
                    self.disconnected();
                    self.network.retry_at = None;
                }
                State::Rested => self.network.retry_at = None,
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether everything that is left at the old host is here, or never will be readable here.
    fn has_all(&self) -> bool {
        let Some(heads) = &self.home.last_heads else { return false };
        let parked = |stream| self.lanes.get(&stream).is_some_and(|lane| lane.parked.is_some());
        let mut read =
            heads.iter().filter(|head| head.stream == Stream::Access || self.may_read(head.stream));
        read.all(|head| self.cursor(head.stream).k >= head.k || parked(head.stream))
    }

    /// A person says where the circle is kept now; for this device only. What that host shows must go on from here.
    pub async fn follow_to(&mut self, host: String) -> Result<(), Trouble> {
        if !kith_protocol::returning::valid_host(&host) {
            self.refuse_action("follow_to", "this is no address of a server");
            return Ok(());
        }
        let settled = self.log.moved().map_or(0, |moved| moved.since);
        // Where it was moved to by everybody, it may also be given.
        let arriving = self.log.moved_to() == Some(&host);
        self.go_to(host, StoredHome { settled, arriving, ..StoredHome::default() }).await
    }

    async fn go_to(&mut self, host: String, home: StoredHome) -> Result<(), Trouble> {
        if self.offer.is_some() {
            // Its mailbox stays behind.
            self.decline_device().await?;
        }
        let stored = StoredHome { host: Some(host.clone()), keys_due: true, ..home };
        let mut batch = Batch::default();
        batch.put(self.keys.home(), to_bytes(&stored));
        self.network.close(&self.port);
        self.write(batch).await?;
        self.home = Home::stored(Some(stored));
        self.host = host;
        // Seen at once: what is sent from here on goes there.
        self.port.with_view(|view| view.host.clone_from(&self.host));
        self.network.begin_anew();
        self.disconnected();
        (self.current, self.giving.lost, self.no_room) = (false, true, NoRoom::default());
        self.back.clear();
        Ok(())
    }

    /// What a welcome tells of the host's own state.
    pub fn hear_home(&mut self, welcome: &Welcome) {
        (self.home.forgotten, self.home.giving, self.home.given) = (false, false, false);
        self.home.waits = welcome.waiting;
        self.giving.lost |= self.home.stored.keys_due;
        self.home.last_heads = self.next_host().is_some().then(|| welcome.heads.clone());
        let behind: u64 =
            welcome.heads.iter().map(|head| self.cursor(head.stream).k.saturating_sub(head.k)).sum();
        let before = self.home.lacking;
        self.home.lacking = (behind > 0).then(|| (behind, before.map_or(behind, |(_, all)| all.max(behind))));
        if self.home.lacking.map(|(still, _)| still) != before.map(|(still, _)| still) {
            self.network.progress = true;
        }
        self.home.no_room &= self.home.lacking.is_some();
    }

    /// The new host has what was sealed for others: it need not be given again.
    pub async fn arrived(&mut self) -> Result<(), Trouble> {
        let StoredHome { arriving, keys_due, .. } = self.home.stored;
        if !arriving && !keys_due {
            return Ok(());
        }
        (self.home.stored.arriving, self.home.stored.keys_due) = (false, false);
        let mut batch = Batch::default();
        batch.put(self.keys.home(), to_bytes(&self.home.stored));
        self.write(batch).await
    }

    /// What was sealed for others is still to be given to the new host.
    pub async fn keys_are_due(&mut self) -> Result<(), Trouble> {
        if self.home.stored.host.is_none() || self.home.stored.keys_due {
            return Ok(());
        }
        self.home.stored.keys_due = true;
        let mut batch = Batch::default();
        batch.put(self.keys.home(), to_bytes(&self.home.stored));
        self.write(batch).await
    }

    /// For the outside.
    pub fn keeping(&self) -> Keeping {
        Keeping {
            leaving_for: self.next_host().map(str::to_owned),
            forgotten: self.home.forgotten,
            given: self.home.lacking.map(|(still, all)| (all - still, all)),
            waits: self.home.waits,
            no_room: self.home.no_room,
        }
    }
}
