//! A host that does not know the circle, or not all of it, is given it: the access stream in requests, until a session can
//! be opened; then page after page of everything else. One page is on its way at a time, and the host's welcome behind it
//! says where to go on.

use kith_protocol::access::AccessRecord;
use kith_protocol::message::{AccessAck, Frame, HandBack, MAX_PAGE_BYTES};
use kith_protocol::receive::ServerFault;
use kith_protocol::returning::Return;
use kith_protocol::{Cursor, Hash, Stream};

use crate::cbor::from_bytes;
use crate::engine::member::Member;
use crate::engine::network::State;
use crate::engine::trouble::Trouble;
use crate::record::StoredRaw;
use crate::sabotage::{Safeguard, is_off};

/// The most entries of a page.
const PAGE: u64 = 128;

impl Member {
    /// The host refused a session: it does not know the circle (404) or this device (403). Gives whether there is
    /// something to be done about it.
    pub async fn unknown_there(&mut self, status: u16, state: State) -> Result<bool, Trouble> {
        let asked = matches!(state, State::Challenge(_));
        if asked {
            self.home.forgotten = status == 404;
        }
        if self.home.forgotten && self.next_host().is_some() {
            self.network.state = State::Idle;
            return Ok(true);
        }
        // Where everybody was told that it is kept now, it is given without asking.
        if !asked || self.home.given || !(self.home.giving || self.home.stored.arriving) {
            return Ok(false);
        }
        self.home.given = true;
        // A device that it does not know goes on where somebody has begun: the answer to the first entry says where.
        self.give(1, if status == 404 { PAGE } else { 1 }).await?;
        Ok(true)
    }

    /// A person said that the circle is to be given to this host again.
    pub fn give_back(&mut self) {
        self.home.giving = self.home.forgotten;
        self.network.hurry();
    }

    async fn give(&mut self, from: u64, most: u64) -> Result<(), Trouble> {
        let records = self.records(from, most).await?;
        let body = Return { circle: self.circle, from, records }.encode();
        self.network.request(&self.port, "/v1/circles/return", body, State::Returning);
        Ok(())
    }

    /// The host has the access stream up to somewhere. `Ok(false)`: what it said cannot be understood.
    pub async fn given(&mut self, body: &[u8]) -> Result<bool, Trouble> {
        let Ok(ack) = AccessAck::decode(body) else { return Ok(false) };
        let head = self.log.head();
        if ack.seq <= head && self.log.hash_at(ack.seq) != Some(ack.hash) {
            self.halt(Stream::Access, ack.seq, &ServerFault::Chain, body).await?;
            return Ok(true);
        }
        let stuck = self.home.handed.iter().any(|place| place.stream == Stream::Access && place.k == ack.seq);
        if ack.seq < head && !stuck {
            self.home.handed.push(Cursor { stream: Stream::Access, k: ack.seq, chain: ack.hash });
            self.give(ack.seq + 1, PAGE).await?;
        }
        Ok(true)
    }

    /// Entries of the access stream from `from` on, as many as a request may hold.
    async fn records(&self, from: u64, most: u64) -> Result<Vec<AccessRecord>, Trouble> {
        let to = self.log.head().min(from.saturating_add(most - 1));
        let stored = self.port.read((from..=to).map(|n| self.keys.access(n)).collect()).await?;
        let records = stored.into_iter().map_while(|bytes| AccessRecord::decode(&bytes?).ok());
        Ok(whole(records, |record| record.signed.bytes.len() + 128))
    }

    /// A restored server lacks entries: they go back to it as they came, if it stands where this device once stood.
    pub(super) async fn plan_hand_back(&mut self, head: &Cursor) -> Result<(), Trouble> {
        let own = match head.stream {
            _ if head.k == 0 => Some(Hash::ZERO),
            Stream::Access => self.log.hash_at(head.k),
            stream => {
                let raw = self.port.read_one(self.keys.raw(stream, head.k)).await?;
                raw.and_then(|bytes| from_bytes::<StoredRaw>(&bytes)).map(|raw| raw.chain)
            }
        };
        if own != Some(head.chain) {
            return self.halt(head.stream, head.k, &ServerFault::Chain, &[]).await;
        }
        if !is_off(Safeguard::HandBack) && !self.home.handed.contains(head) {
            self.back.push(*head);
        }
        Ok(())
    }

    /// The next page that the host lacks, of the first stream that it lacks something of.
    pub(super) async fn hand_back(&mut self) -> Result<Option<Frame>, Trouble> {
        let mut back = std::mem::take(&mut self.back).into_iter();
        let Some(head) = back.next() else { return Ok(None) };
        self.home.handed.push(head);
        let from = head.k + 1;
        if head.stream == Stream::Access {
            let records = self.records(from, PAGE).await?;
            return Ok(Some(Frame::HandBack(HandBack::Access(from, records))));
        }
        let keys = (from..from + PAGE).map(|k| self.keys.raw(head.stream, k)).collect();
        let stored = self.port.read(keys).await?;
        let erased = self.log.erased_at(head.stream).unwrap_or(0);
        let entries = stored.into_iter().map_while(|bytes| {
            let entry = from_bytes::<StoredRaw>(&bytes?)?.entry;
            // What was erased is not brought back by anybody.
            Some(if entry.a < erased { entry.stub() } else { entry })
        });
        let entries = whole(entries, |entry| entry.encode().len());
        Ok(Some(Frame::HandBack(HandBack::Entries(head.stream, from, entries))))
    }
}

/// As many as fit a page, but one at least.
fn whole<T>(items: impl Iterator<Item = T>, size: impl Fn(&T) -> usize) -> Vec<T> {
    let mut bytes = 0;
    let mut page: Vec<T> = Vec::new();
    for item in items {
        bytes += size(&item);
        if bytes > MAX_PAGE_BYTES && !page.is_empty() {
            break;
        }
        page.push(item);
    }
    page
}
