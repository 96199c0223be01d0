//! A server that was restored from a backup: it learns what it lacks from those who have it, and takes it back from
//! them, verified like anything else. Until then the circle takes nothing new, at most for 72 hours.

use std::{collections::BTreeMap, sync::Arc};

use kith_protocol::{
    Cursor, DeviceNumber, Hash, Refusal, Stream,
    access::{AccessEntry, AccessLog, AccessRecord, AccessRefusal},
    envelope::{Body, StreamEntry},
    message::{Ack, HandBack, Subject},
    receive::{StreamState, receive_handback, seen_places},
    returning::STAMP_AHEAD_MS,
};

use super::{Done, Fresh, Transaction, envelopes::advance, room::size_of_entry};
use crate::store::{
    Circle, StoreError,
    row::{EntryRow, MissingRow},
    rows::Rows,
};

impl<R: Rows> Transaction<'_, R> {
    /// Remembers the places that a device has seen and this server has not.
    pub(super) async fn take_missing(
        &mut self,
        circle: Arc<Circle>,
        device: DeviceNumber,
        cursors: &[Cursor],
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        let access = &circle.access;
        let lacking = cursors.iter().filter(|cursor| {
            cursor.k > circle.head(cursor.stream).k && access.may_read(device, cursor.stream, access.head())
        });
        let mut rows: Vec<_> = lacking.filter_map(|cursor| claim(&circle, device, cursor, now_ms)).collect();
        if circle.waits_to_hear(device) && rows.iter().all(|row| row.stream != Stream::Access) {
            rows.push(MissingRow { stream: Stream::Access, device, k: 0, since: now_ms, proven: false });
        }
        // A coordinator has been here; what their device has more than this server is in these rows.
        let settled = circle.waits_for_coordinator() && circle.is_coordinators(device);
        if rows.is_empty() && !settled {
            return Ok(Done { circle: Some(circle), ..Done::default() });
        }
        let mut changing = Circle::clone(&circle);
        changing.row.returned = changing.row.returned.filter(|_| !settled);
        for row in rows {
            self.rows.put_missing(circle.id(), &row).await?;
            changing.missing.insert((row.stream, row.device), row);
        }
        Ok(Done { circle: Some(self.keep(changing)), changed: true, ..Done::default() })
    }

    /// Takes what follows the head; what is here already is passed over.
    pub(super) async fn take_back(
        &mut self,
        circle: Arc<Circle>,
        device: DeviceNumber,
        handed: &HandBack,
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        let (stream, from) = match handed {
            HandBack::Access(from, _) => (Stream::Access, *from),
            HandBack::Entries(stream, from, _) => (*stream, *from),
        };
        let access = &circle.access;
        let may = access.may_read(device, stream, access.head())
            && (circle.waiting(now_ms) || circle.claims(device));
        if !may || (stream == Stream::Access && matches!(handed, HandBack::Entries(..))) {
            return Ok(Done::refused(Some(circle), Subject::HandBack(stream, from), Refusal::Forbidden));
        }
        let mut changing = Circle::clone(&circle);
        let mut done = Done::default();
        let taken = match handed {
            HandBack::Access(from, records) => {
                self.records_back(&mut changing, *from, records, now_ms).await?
            }
            HandBack::Entries(stream, from, entries) => {
                let (fresh, outcome) =
                    self.entries_back(&mut changing, *stream, *from, entries, now_ms).await?;
                if !fresh.is_empty() {
                    done.fresh.push(Fresh { stream: *stream, device: None, entries: fresh });
                }
                outcome
            }
        };
        if let Err((at, refusal)) = taken {
            done.frames = Done::refused(None, Subject::HandBack(stream, at), refusal).frames;
        }
        done.changed = changing.head(stream).k > circle.head(stream).k;
        if done.changed {
            // What it says it has, it has: the rest is waited for longer.
            let of_device = changing.missing.values_mut().filter(|row| row.device == device && !row.proven);
            let proven: Vec<_> = of_device
                .map(|row| {
                    row.proven = true;
                    *row
                })
                .collect();
            for row in proven {
                self.rows.put_missing(changing.id(), &row).await?;
            }
        }
        // They may have become coordinator by what was handed back.
        if changing.is_coordinators(device) && !changing.missing.values().any(|row| changing.lacks(row)) {
            changing.row.returned = None;
        }
        done.circle = Some(if done.changed { self.keep(changing) } else { circle });
        Ok(done)
    }

    async fn records_back(
        &mut self,
        circle: &mut Circle,
        from: u64,
        records: &[AccessRecord],
        now_ms: u64,
    ) -> Result<Result<(), (u64, Refusal)>, StoreError> {
        // Where a record belongs follows from the head; what the client says is only how much of it is known already.
        let next = circle.access.head() + 1;
        let Some(known) = next.checked_sub(from).and_then(|known| usize::try_from(known).ok()) else {
            return Ok(Err((from, Refusal::Malformed)));
        };
        for (n, record) in (next..).zip(records.iter().skip(known)) {
            if record.stamp > now_ms.saturating_add(STAMP_AHEAD_MS) {
                return Ok(Err((n, AccessRefusal::Stamp.into())));
            }
            let size = size_of_entry(&record.signed);
            if let Some(refusal) = self.no_room_for_lost(circle.row.access_bytes, size) {
                return Ok(Err((n, refusal)));
            }
            if let Err(refusal) = Arc::make_mut(&mut circle.access).replay(record) {
                return Ok(Err((n, refusal.into())));
            }
            self.put_record(circle, n, record).await?;
            if let Ok(entry) = AccessEntry::decode(&record.signed.bytes) {
                self.follow(circle, &entry.action, now_ms).await?;
            }
        }
        Ok(Ok(()))
    }

    async fn entries_back(
        &mut self,
        circle: &mut Circle,
        stream: Stream,
        from: u64,
        entries: &[StreamEntry],
        now_ms: u64,
    ) -> Result<(Vec<StreamEntry>, Result<(), (u64, Refusal)>), StoreError> {
        let head = circle.head(stream);
        let own = circle.last_seqs.iter().filter(|((of, _), _)| *of == stream);
        let device_seqs = own.map(|((_, device), seq)| (*device, *seq)).collect();
        let mut state = StreamState {
            stream,
            k: head.k,
            chain: head.chain,
            a: head.access_seq,
            stamp: head.stamp,
            device_seqs,
        };
        let mut chains = self.chains_for(circle, stream, entries).await?;
        let mut fresh = Vec::new();
        for (k, entry) in (from..).zip(entries) {
            if k <= state.k {
                continue;
            }
            let (row, size) = match back_row(&circle.access, &mut state, &chains, entry, now_ms) {
                Ok(row) => {
                    let size = row.body.as_ref().map_or(0, Vec::len) + row.header.len() + 64;
                    (row, size)
                }
                Err(refusal) => return Ok((fresh, Err((k, refusal)))),
            };
            if let Some(refusal) = self.no_room_for_lost_entry(circle, size) {
                return Ok((fresh, Err((k, refusal))));
            }
            chains.insert(row.k, row.chain);
            let EntryRow { device, device_seq, access_seq: a, stamp, chain, .. } = row;
            advance(circle, device, &Ack { stream, device_seq, k, a, stamp, chain }, size);
            fresh.push(row.clone().into_entry());
            self.put_entry(circle.id(), row);
        }
        Ok((fresh, Ok(())))
    }

    async fn chains_for(
        &mut self,
        circle: &Circle,
        stream: Stream,
        entries: &[StreamEntry],
    ) -> Result<BTreeMap<u64, Hash>, StoreError> {
        let head = circle.head(stream);
        let mut chains = BTreeMap::from([(head.k, head.chain)]);
        for k in seen_places(entries, head.k) {
            if let Some(chain) = self.chain_at(circle.id(), stream, k).await? {
                chains.insert(k, chain);
            }
        }
        Ok(chains)
    }
}

/// What is to be remembered of a device's word. What was waited for in vain is not waited for again, whatever place it
/// names next: not before what it had named is there.
fn claim(circle: &Circle, device: DeviceNumber, cursor: &Cursor, now_ms: u64) -> Option<MissingRow> {
    let stream = cursor.stream;
    // The databases count by signed numbers.
    let k = cursor.k.min(i64::MAX.unsigned_abs());
    let fresh = MissingRow { stream, device, k, since: now_ms, proven: false };
    let before = circle.missing.get(&(stream, device)).filter(|row| circle.lacks(row));
    let row = before.map_or(fresh, |row| MissingRow { k: row.k.max(k), ..*row });
    (before != Some(&row)).then_some(row)
}

/// What is kept of an entry that is handed back: all of it, but for a body that was erased.
fn back_row(
    access: &AccessLog,
    state: &mut StreamState,
    chains: &BTreeMap<u64, Hash>,
    entry: &StreamEntry,
    now_ms: u64,
) -> Result<EntryRow, Refusal> {
    if entry.stamp > now_ms.saturating_add(STAMP_AHEAD_MS) {
        return Err(AccessRefusal::Stamp.into());
    }
    let ack = receive_handback(state, access, chains, entry)?;
    let header = entry.read_header()?;
    let erased = access.erased_at(ack.stream).is_some_and(|erased| entry.a < erased);
    Ok(EntryRow {
        stream: ack.stream,
        k: ack.k,
        device: header.device,
        device_seq: ack.device_seq,
        access_seq: ack.a,
        stamp: ack.stamp,
        chain: ack.chain,
        hash: entry.hash(),
        header: entry.header.clone(),
        signature: entry.signature,
        body_hash: entry.body.hash(),
        body: match &entry.body {
            Body::Whole(bytes) if !erased => Some(bytes.clone()),
            _ => None,
        },
    })
}
