//! The tables as maps. A step that fails does so before it writes, so a transaction needs no way back.

use std::collections::BTreeMap;

use kith_protocol::{
    CircleId, CircleStart, DeviceNumber, Hash, HashPrefix, InviteId, PairingId, Party, Stream,
};

use crate::store::{
    StoreError,
    row::{AccessRow, CircleRow, EntryRow, HeadRow, KnownRow, MissingRow, PairingRow, TokenRow, WrapRow},
    rows::{CircleRows, EntryRows, KeyRows},
};

/// All circles.
#[derive(Clone, Debug, Default)]
pub(super) struct MemoryRows {
    pub(super) circles: BTreeMap<CircleId, Tables>,
    pub(super) tokens: BTreeMap<Hash, (CircleId, TokenRow)>,
    pub(super) invites: BTreeMap<InviteId, Vec<CircleId>>,
    pub(super) pairings: BTreeMap<(CircleId, PairingId), PairingRow>,
}

/// One circle's rows.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    pub(super) row: CircleRow,
    access: Vec<AccessRow>,
    streams: BTreeMap<Stream, Vec<EntryRow>>,
    by_author: BTreeMap<(Stream, DeviceNumber, u64), u64>,
    wraps: Vec<WrapRow>,
    missing: BTreeMap<(Stream, DeviceNumber), MissingRow>,
}

impl MemoryRows {
    fn tables(&mut self, circle: CircleId) -> Result<&mut Tables, StoreError> {
        self.circles.get_mut(&circle).ok_or(StoreError::Damaged("circle"))
    }
}

fn index(k: u64) -> usize {
    usize::try_from(k).unwrap_or(usize::MAX)
}

impl CircleRows for MemoryRows {
    async fn lock(&mut self, circle: CircleId) -> Result<Option<CircleRow>, StoreError> {
        self.circle(circle).await
    }

    async fn circle(&mut self, circle: CircleId) -> Result<Option<CircleRow>, StoreError> {
        Ok(self.circles.get(&circle).map(|tables| tables.row.clone()))
    }

    async fn create(&mut self, circle: CircleId, row: &CircleRow) -> Result<(), StoreError> {
        let tables = Tables {
            row: row.clone(),
            access: Vec::new(),
            streams: BTreeMap::new(),
            by_author: BTreeMap::new(),
            wraps: Vec::new(),
            missing: BTreeMap::new(),
        };
        self.circles.insert(circle, tables);
        Ok(())
    }

    async fn save(&mut self, circle: CircleId, row: &CircleRow) -> Result<(), StoreError> {
        self.tables(circle)?.row = row.clone();
        Ok(())
    }

    async fn access_after(
        &mut self,
        circle: CircleId,
        after: u64,
        most: usize,
    ) -> Result<Vec<AccessRow>, StoreError> {
        Ok(self.tables(circle)?.access.iter().skip(index(after)).take(most).cloned().collect())
    }

    async fn put_access(&mut self, circle: CircleId, row: &AccessRow) -> Result<(), StoreError> {
        self.tables(circle)?.access.push(row.clone());
        Ok(())
    }

    async fn put_invite(&mut self, circle: CircleId, invite: InviteId) -> Result<(), StoreError> {
        self.invites.entry(invite).or_default().push(circle);
        Ok(())
    }

    async fn missing(&mut self, circle: CircleId) -> Result<Vec<MissingRow>, StoreError> {
        Ok(self.tables(circle)?.missing.values().copied().collect())
    }

    async fn put_missing(&mut self, circle: CircleId, row: &MissingRow) -> Result<(), StoreError> {
        self.tables(circle)?.missing.insert((row.stream, row.device), *row);
        Ok(())
    }

    async fn mark_restored(&mut self, since: u64) -> Result<(), StoreError> {
        for tables in self.circles.values_mut() {
            tables.missing.clear();
            if tables.row.closed.is_none() {
                tables.row.restored = Some(since);
                tables.row.version += 1;
            }
        }
        Ok(())
    }

    async fn by_prefix(&mut self, prefix: HashPrefix) -> Result<Vec<CircleId>, StoreError> {
        let mut low = [0; 32];
        low[..16].copy_from_slice(&prefix.0);
        Ok(self
            .circles
            .range(CircleId(low)..)
            .take(2)
            .map(|(id, _)| *id)
            .filter(|id| id.prefix() == prefix)
            .collect())
    }

    async fn by_start(&mut self, start: &CircleStart) -> Result<Vec<CircleId>, StoreError> {
        let mut low = [0; 32];
        low[..start.bytes().len()].copy_from_slice(start.bytes());
        Ok(self
            .circles
            .range(CircleId(low)..)
            .map(|(id, _)| *id)
            .take_while(|id| start.starts(id))
            .take(2)
            .collect())
    }

    async fn by_invite(&mut self, invite: InviteId) -> Result<Vec<CircleId>, StoreError> {
        Ok(self.invites.get(&invite).cloned().unwrap_or_default())
    }
}

impl EntryRows for MemoryRows {
    async fn heads(&mut self, circle: CircleId) -> Result<Vec<(Stream, HeadRow)>, StoreError> {
        let last = |(stream, rows): (&Stream, &Vec<EntryRow>)| {
            let row = rows.last()?;
            let head = HeadRow { k: row.k, access_seq: row.access_seq, stamp: row.stamp, chain: row.chain };
            Some((*stream, head))
        };
        Ok(self.tables(circle)?.streams.iter().filter_map(last).collect())
    }

    async fn last_seqs(&mut self, circle: CircleId) -> Result<Vec<(DeviceNumber, Stream, u64)>, StoreError> {
        // Ascending, so that the last of a device overwrites those before when put into a map.
        Ok(self
            .tables(circle)?
            .by_author
            .keys()
            .map(|(stream, device, seq)| (*device, *stream, *seq))
            .collect())
    }

    async fn known(
        &mut self,
        circle: CircleId,
        stream: Stream,
        device: DeviceNumber,
        device_seq: u64,
    ) -> Result<Option<KnownRow>, StoreError> {
        let tables = self.tables(circle)?;
        let Some(k) = tables.by_author.get(&(stream, device, device_seq)) else { return Ok(None) };
        let row = tables.streams.get(&stream).and_then(|rows| rows.get(index(k - 1)));
        Ok(row.map(|row| KnownRow {
            k: row.k,
            access_seq: row.access_seq,
            stamp: row.stamp,
            chain: row.chain,
            hash: row.hash,
        }))
    }

    async fn chain_at(
        &mut self,
        circle: CircleId,
        stream: Stream,
        k: u64,
    ) -> Result<Option<Hash>, StoreError> {
        let Some(at) = k.checked_sub(1) else { return Ok(None) };
        Ok(self
            .tables(circle)?
            .streams
            .get(&stream)
            .and_then(|rows| rows.get(index(at)))
            .map(|row| row.chain))
    }

    async fn put_entry(&mut self, circle: CircleId, row: &EntryRow) -> Result<(), StoreError> {
        let tables = self.tables(circle)?;
        tables.by_author.insert((row.stream, row.device, row.device_seq), row.k);
        tables.streams.entry(row.stream).or_default().push(row.clone());
        Ok(())
    }

    async fn entries_after(
        &mut self,
        circle: CircleId,
        stream: Stream,
        after: u64,
        most: usize,
    ) -> Result<Vec<EntryRow>, StoreError> {
        let rows = self.tables(circle)?.streams.get(&stream);
        Ok(rows.into_iter().flatten().skip(index(after)).take(most).cloned().collect())
    }

    async fn erase(&mut self, circle: CircleId, stream: Stream, k: u64) -> Result<u64, StoreError> {
        let rows = self.tables(circle)?.streams.get_mut(&stream);
        let gone = rows.into_iter().flatten().take(index(k)).filter_map(|row| row.body.take());
        Ok(gone.map(|body| body.len() as u64).sum())
    }
}

impl KeyRows for MemoryRows {
    async fn last_wrap(&mut self, circle: CircleId) -> Result<u64, StoreError> {
        Ok(self.tables(circle)?.wraps.last().map_or(0, |row| row.n))
    }

    async fn put_wrap(&mut self, circle: CircleId, row: &WrapRow) -> Result<(), StoreError> {
        self.tables(circle)?.wraps.push(row.clone());
        Ok(())
    }

    async fn wraps_after(
        &mut self,
        circle: CircleId,
        recipient: Party,
        after: u64,
    ) -> Result<Vec<WrapRow>, StoreError> {
        let wraps = self.tables(circle)?.wraps.iter();
        Ok(wraps.filter(|row| row.n > after && row.wrap.recipient == recipient).cloned().collect())
    }

    async fn put_token(&mut self, circle: CircleId, row: &TokenRow) -> Result<(), StoreError> {
        self.tokens.insert(row.hash, (circle, *row));
        Ok(())
    }

    async fn nonce_used(&mut self, circle: CircleId, nonce: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(self.tokens.values().any(|(of, row)| *of == circle && row.nonce == *nonce))
    }

    async fn token(&mut self, hash: Hash, now_ms: u64) -> Result<Option<(CircleId, TokenRow)>, StoreError> {
        Ok(self.tokens.get(&hash).filter(|(_, row)| row.expires > now_ms).copied())
    }

    async fn drop_tokens(&mut self, circle: CircleId, now_ms: u64) -> Result<(), StoreError> {
        self.tokens.retain(|_, (of, row)| *of != circle || row.expires > now_ms);
        Ok(())
    }
}
