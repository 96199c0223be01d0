//! A page of a stream: verified entry by entry; what is good is applied and stored in one batch.

use std::collections::{BTreeMap, BTreeSet};

use kith_document::DocumentName;
use kith_protocol::envelope::{Body, StreamEntry};
use kith_protocol::message::Entries;
use kith_protocol::receive::{
    Park, ReaderView, ServerFault, StreamState, Verdict, leads_to, receive_entry, seen_places,
};
use kith_protocol::{DeviceNumber, Hash, Stream};

use crate::cbor::{from_bytes, to_bytes};
use crate::engine::apply::Coming;
use crate::engine::lane::Lane;
use crate::engine::member::Member;
use crate::engine::sheaf::Sheaf;
use crate::engine::trouble::Trouble;
use crate::keys::stream_of;
use crate::output::Notice;
use crate::port::Batch;
use crate::record::{Applying, StoredCursor, StoredRaw};
use crate::sabotage::{Safeguard, is_off};

/// What became of a page before anything of it was applied.
pub(crate) struct Verified {
    pub state: StreamState,
    pub raws: Vec<StoredRaw>,
    /// The opened entries, by document, each in the order of the stream.
    pub coming: BTreeMap<DocumentName, Vec<Coming>>,
    /// Own envelopes that have their place now, by `device_seq`.
    pub own: Vec<u64>,
    /// What waits in this stream must be made anew: an own entry is void, or not known here.
    pub anew: bool,
    pub heard: BTreeMap<DeviceNumber, u64>,
    pub parked: Option<Park>,
    pub fault: Option<(u64, ServerFault, Vec<u8>)>,
    /// An own entry came without its body, and this device does not have it: ask for the whole.
    pub incomplete: bool,
}

impl Member {
    /// A page of a stream that is not the access stream.
    pub async fn take_entries(&mut self, page: Entries) -> Result<(), Trouble> {
        let stream = page.stream;
        if stream == Stream::Access || !self.may_read(stream) || !self.lane(stream).takes(page.from) {
            return Ok(());
        }
        let held = self.lane(stream).state.k;
        let entries: Vec<StreamEntry> = page.entries.into_iter().filter(|entry| entry.k > held).collect();
        let whole_page = entries.last().map(|entry| entry.k);
        // Nothing is believed that does not lead to the `C` which the server says is behind it, not even the part of it
        // that stands before an entry which is at fault or waits.
        let state = self.lane(stream).state.clone();
        let led = leads_to(&state, &self.log, &entries, page.chain);
        let led = if is_off(Safeguard::Chain) { Ok(true) } else { led };
        let mut rest = entries.as_slice();
        while let Some(first) = rest.first() {
            // After a crash in this range, entries are applied one by one, to find the one that does it.
            let careful = self.careful.is_some_and(|(of, to)| of == stream && first.k <= to);
            let (now, later) = rest.split_at(if careful { 1 } else { rest.len() });
            if !self.take_batch(stream, now, careful, led).await? {
                // The host holds the rest back until it is asked to go on, and with it the end of this round.
                if page.more && self.lane(stream).parked.is_some() {
                    self.more.insert(stream);
                }
                return Ok(());
            }
            rest = later;
        }
        // A page that brought nothing new was sent twice: what is behind it was asked for the first time.
        if page.more && whole_page.is_some() {
            self.more.insert(stream);
        }
        Ok(())
    }

    /// Verifies, applies and stores entries in one batch; false when the stream does not go on behind them. `led` says
    /// whether their page leads to its end.
    async fn take_batch(
        &mut self,
        stream: Stream,
        entries: &[StreamEntry],
        careful: bool,
        led: Result<bool, Park>,
    ) -> Result<bool, Trouble> {
        let mut verified = self.verify(stream, entries).await?;
        if led != Ok(true) {
            let last = entries.last().map(|last| (last.k, ServerFault::Chain, last.encode()));
            match (verified.fault.or(last), led) {
                // Whether it leads there is known once the access stream is.
                (_, Err(park)) => self.lane(stream).parked = Some(park),
                (Some((k, fault, bytes)), Ok(_)) => self.halt(stream, k, &fault, &bytes).await?,
                (None, Ok(_)) => {}
            }
            return Ok(false);
        }
        let taken = !verified.raws.is_empty();
        if taken {
            self.network.progress = true;
            self.store_batch(stream, &mut verified, careful).await?;
        }
        if verified.anew {
            self.rebase_stream(stream).await?;
        }
        if let Some((k, fault, bytes)) = &verified.fault {
            self.halt(stream, *k, fault, bytes).await?;
            return Ok(false);
        }
        if verified.incomplete {
            self.network.failed(&self.port);
            self.disconnected();
            return Ok(false);
        }
        self.lane(stream).parked = verified.parked;
        Ok(verified.parked.is_none())
    }

    async fn verify(&mut self, stream: Stream, entries: &[StreamEntry]) -> Result<Verified, Trouble> {
        let mut chains = self.chains_at(stream, entries).await?;
        let lane = self.lanes.entry(stream).or_insert_with(|| Lane::new(stream));
        let mut verified = Verified {
            state: lane.state.clone(),
            raws: Vec::new(),
            coming: BTreeMap::new(),
            own: Vec::new(),
            anew: false,
            heard: BTreeMap::new(),
            parked: None,
            fault: None,
            incomplete: false,
        };
        let erased = self.log.erased_at(stream).unwrap_or(0);
        for entry in entries {
            let mut entry = entry.clone();
            let header = entry.read_header().ok();
            let own = header.filter(|header| header.device == self.device);
            let ours = own.and_then(|header| lane.outbox.get(&header.device_seq));
            let ours = ours.filter(|out| out.sealed.envelope.hash() == entry.hash());
            if let Body::Hash(_) = entry.body {
                match ours {
                    Some(out) => entry.body = Body::Whole(out.sealed.envelope.body.clone()),
                    None if own.is_some() && entry.a >= erased => {
                        verified.incomplete = true;
                        break;
                    }
                    None => {}
                }
            }
            let view =
                ReaderView { access: &self.log, keyring: &self.keyring, chains: &chains, own: self.device };
            let verdict = match receive_entry(&mut verified.state, &view, &entry) {
                Ok(Verdict::Park(park)) => {
                    verified.parked = Some(park);
                    break;
                }
                Ok(verdict) => verdict,
                Err(fault) => {
                    verified.fault = Some((entry.k, fault, entry.encode()));
                    break;
                }
            };
            chains.insert(verified.state.k, verified.state.chain);
            if let Some(header) = own {
                verified.own.push(header.device_seq);
                verified.anew |= matches!(verdict, Verdict::Void(..)) && ours.is_some();
            }
            if let Some(header) = header {
                verified.heard.insert(header.device, entry.stamp);
            }
            if let Verdict::Committed(header, plaintext) = verdict {
                // A name that is none, or one of another class, voids the entry: for every reader alike.
                let name = DocumentName::parse(&plaintext.document).ok();
                if let Some(name) = name.filter(|name| stream_of(name) == Some(stream)) {
                    let coming = Coming::new(&entry, &header, plaintext);
                    verified.coming.entry(name).or_default().push(coming);
                }
            }
            verified.raws.push(StoredRaw { entry, chain: verified.state.chain });
        }
        Ok(verified)
    }

    /// `C` at every place before these entries that one of their authors saw.
    async fn chains_at(
        &mut self,
        stream: Stream,
        entries: &[StreamEntry],
    ) -> Result<BTreeMap<u64, Hash>, Trouble> {
        let first = self.lane(stream).state.k + 1;
        let places = seen_places(entries, first);
        let keys = places.iter().map(|k| self.keys.raw(stream, *k)).collect();
        let stored = self.port.read(keys).await?;
        let chain = |(k, bytes): (&u64, Option<Vec<u8>>)| Some((*k, from_bytes::<StoredRaw>(&bytes?)?.chain));
        Ok(places.iter().zip(stored).filter_map(chain).collect())
    }

    async fn store_batch(
        &mut self,
        stream: Stream,
        verified: &mut Verified,
        careful: bool,
    ) -> Result<(), Trouble> {
        let from = verified.raws.first().map_or(0, |raw| raw.entry.k);
        let to = verified.state.k;
        let aside = self.aside.take_if(|(of, k)| *of == stream && (from..=to).contains(k));
        if let Some((_, k)) = aside {
            for list in verified.coming.values_mut() {
                list.retain(|coming| coming.k != k);
            }
        }
        let foreign = verified.coming.values().flatten().any(|coming| coming.device != self.device);
        if foreign {
            let mut marker = Batch::default();
            marker.put(self.keys.applying(), to_bytes(&Applying { stream, from, to, careful }));
            self.write(marker).await?;
        }
        let mut sheaf = Sheaf::default();
        let mut committed = BTreeSet::new();
        let mut coming = std::mem::take(&mut verified.coming);
        for (name, list) in &mut coming {
            let applied = self.apply(stream, name, list, &mut sheaf).await?;
            committed.extend(applied.committed);
            verified.anew |= applied.anew;
        }
        for raw in verified.raws.iter().filter(|_| !is_off(Safeguard::Raw)) {
            sheaf.batch.put(self.keys.raw(stream, raw.entry.k), to_bytes(raw));
        }
        sheaf.batch.delete(self.keys.applying());
        if let Some((stream, k)) = aside {
            sheaf.batch.put(self.keys.aside(stream, k), Vec::new());
        }
        let lane = self.lanes.entry(stream).or_insert_with(|| Lane::new(stream));
        for n in committed {
            sheaf.batch.delete(self.keys.pending(stream, n));
            lane.pending.remove(&n);
        }
        for device_seq in &verified.own {
            sheaf.batch.delete(self.keys.sealed(stream, *device_seq));
            lane.outbox.remove(device_seq);
        }
        lane.state = verified.state.clone();
        lane.heard.append(&mut verified.heard);
        let cursor = StoredCursor { state: lane.state.clone(), heard: lane.heard.clone() };
        sheaf.batch.put(self.keys.cursor(stream), to_bytes(&cursor));
        self.write(sheaf.batch).await?;
        if !sheaf.rows.is_empty() {
            self.port.notice(Notice::Rows(sheaf.rows));
        }
        if let Some((stream, k)) = aside {
            self.port.notice(Notice::SetAside { stream, k });
        }
        if self.careful.is_some_and(|(of, last)| of == stream && last <= to) {
            self.careful = None;
        }
        for name in coming.keys() {
            self.save_if_long(name).await?;
        }
        Ok(())
    }

    /// A page was being applied when the app went down: this time entry by entry. If that was a single entry, and it
    /// was tried with care already, it is set aside on this device when it comes again.
    pub fn look_at_applying(&mut self) {
        let Some(applying) = self.applying.take() else { return };
        let Applying { stream, from, to, careful } = applying;
        if careful && from == to {
            self.aside = Some((stream, from));
        } else {
            self.careful = Some((stream, to));
        }
    }
}
