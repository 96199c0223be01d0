//! A circle as its transactions and its sessions see it: one consistent state, shared and never changed in place.

use std::{collections::BTreeMap, sync::Arc};

use kith_protocol::{
    CircleId, Cursor, DeviceNumber, Stream,
    access::{AccessLog, AccessRecord, AccessRefusal, SignedAccess},
};

use super::{
    StoreError,
    cache::Cache,
    row::{CircleRow, HeadRow, MissingRow},
    rows::Rows,
};

/// How long a restored server waits for what it lacks: 72 hours in milliseconds.
const WAIT_MS: u64 = 72 * 3_600_000;
/// How long a circle waits for its devices after its operator restored a backup: 24 hours in milliseconds.
const DEVICES_MS: u64 = 24 * 3_600_000;
/// How long it waits on a device's word alone, before anything was handed back: 10 minutes in milliseconds.
const WORD_MS: u64 = 600_000;

impl MissingRow {
    /// Whether the circle waits for it still: shortly for a mere word, longer for one that began to prove true.
    fn holds(&self, now_ms: u64) -> bool {
        now_ms < self.since.saturating_add(if self.proven { WAIT_MS } else { WORD_MS })
    }
}

/// A circle at one version.
#[derive(Clone, Debug)]
pub struct Circle {
    id: CircleId,
    pub(super) row: CircleRow,
    pub(super) access: Arc<AccessLog>,
    pub(super) heads: BTreeMap<Stream, HeadRow>,
    pub(super) last_seqs: BTreeMap<(Stream, DeviceNumber), u64>,
    pub(super) last_wrap: u64,
    pub(super) missing: BTreeMap<(Stream, DeviceNumber), MissingRow>,
}

impl Circle {
    pub(super) fn new(id: CircleId, row: CircleRow, access: AccessLog) -> Self {
        Self {
            id,
            row,
            access: Arc::new(access),
            heads: BTreeMap::new(),
            last_seqs: BTreeMap::new(),
            last_wrap: 0,
            missing: BTreeMap::new(),
        }
    }

    /// Its id.
    pub fn id(&self) -> CircleId {
        self.id
    }

    /// One more with each transaction that changed something.
    pub fn version(&self) -> u64 {
        self.row.version
    }

    /// Whether this is the state that the row is of; one that was removed and founded again has another key.
    pub(super) fn is_at(&self, row: &CircleRow) -> bool {
        (self.row.version, self.row.challenge_key) == (row.version, row.challenge_key)
    }

    /// The verified access stream.
    pub fn access(&self) -> &AccessLog {
        &self.access
    }

    /// A stream's last entry; of the access stream too.
    pub fn head(&self, stream: Stream) -> HeadRow {
        if stream == Stream::Access {
            let (k, stamp) = (self.access.head(), self.access.head_stamp());
            return HeadRow { k, access_seq: k, stamp, chain: self.access.head_hash() };
        }
        self.heads.get(&stream).copied().unwrap_or(HeadRow::NONE)
    }

    /// The same as a cursor.
    pub fn cursor(&self, stream: Stream) -> Cursor {
        let head = self.head(stream);
        Cursor { stream, k: head.k, chain: head.chain }
    }

    /// Restored from a backup, or given back by somebody who has it: something that devices have may be missing, and
    /// nothing new is taken.
    pub fn waiting(&self, now_ms: u64) -> bool {
        let returned = self.row.returned.is_some_and(|since| now_ms < since.saturating_add(WAIT_MS));
        returned
            || self.restored_within(now_ms) && self.unheard().next().is_some()
            || self.missing.values().any(|row| self.lacks(row) && row.holds(now_ms))
    }

    fn restored_within(&self, now_ms: u64) -> bool {
        self.row.restored.is_some_and(|since| now_ms < since.saturating_add(DEVICES_MS))
    }

    /// The devices that were active when the backup was restored and have not been here since. A recovery kit
    /// is on paper.
    fn unheard(&self) -> impl Iterator<Item = DeviceNumber> {
        let since = self.row.restored.unwrap_or(0);
        let before = move |from: Option<u64>| {
            from.and_then(|from| self.access.stamp_at(from)).is_some_and(|stamp| stamp <= since)
        };
        let active = self.access.devices().iter().filter(|device| device.active() && !device.recovery);
        let known = active.filter(move |device| before(device.from)).map(|device| device.number);
        known.filter(|device| !self.missing.contains_key(&(Stream::Access, *device)))
    }

    /// Whether this is a device that the circle waits for since a backup was restored.
    pub fn waits_to_hear(&self, device: DeviceNumber) -> bool {
        self.row.restored.is_some() && self.unheard().any(|unheard| unheard == device)
    }

    /// Whether this device says that it has what is missing, be it waited for or not any more.
    pub(super) fn claims(&self, device: DeviceNumber) -> bool {
        self.missing.values().any(|row| row.device == device && self.lacks(row))
    }

    /// Whether what that row says is missing still.
    pub(super) fn lacks(&self, row: &MissingRow) -> bool {
        row.k > self.head(row.stream).k
    }

    /// Given back to this server, and no coordinator's device has been here since.
    pub fn waits_for_coordinator(&self) -> bool {
        self.row.returned.is_some()
    }

    /// Whether this device is a coordinator's.
    pub fn is_coordinators(&self, device: DeviceNumber) -> bool {
        let access = &self.access;
        let role = access.member_of(device).and_then(|member| access.role_of(member, access.head()));
        access.device_active(device, access.head()) && role == Some(kith_protocol::Role::Coordinator)
    }

    /// The number of the last wrap.
    pub fn last_wrap(&self) -> u64 {
        self.last_wrap
    }

    /// Authenticates this circle's challenges.
    pub fn challenge_key(&self) -> &[u8; 32] {
        &self.row.challenge_key
    }

    /// The circle as the rows say, through the cache. The rows must be of one snapshot.
    pub(super) async fn read(
        rows: &mut impl Rows,
        cache: &Cache,
        id: CircleId,
    ) -> Result<Option<Arc<Self>>, StoreError> {
        let forgotten = cache.forgotten();
        let Some(row) = rows.circle(id).await? else { return Ok(None) };
        let circle = match Self::load(rows, cache, id, row).await {
            // To this server it is not there; what lies stored is left alone.
            Err(StoreError::Older) => return Ok(None),
            circle => circle?,
        };
        cache.put_read(&circle, forgotten);
        Ok(Some(circle))
    }

    /// The circle of a row that was read just now.
    pub(super) async fn load(
        rows: &mut impl Rows,
        cache: &Cache,
        id: CircleId,
        row: CircleRow,
    ) -> Result<Arc<Self>, StoreError> {
        let cached = cache.get(id);
        // A circle that was removed and founded again has another key.
        let cached = cached.filter(|circle| circle.row.challenge_key == row.challenge_key);
        if let Some(circle) = cached.as_ref().filter(|circle| circle.row.version == row.version) {
            return Ok(Arc::clone(circle));
        }
        // Access entries are never changed, so that what was verified once stays so.
        let known =
            cached.filter(|circle| circle.row.version < row.version).map(|circle| Arc::clone(&circle.access));
        let access = read_access(rows, id, known).await?;
        let heads = rows.heads(id).await?.into_iter().collect();
        let seqs = rows.last_seqs(id).await?.into_iter().map(|(device, stream, seq)| ((stream, device), seq));
        let last_seqs = seqs.collect();
        let last_wrap = rows.last_wrap(id).await?;
        let missing = rows.missing(id).await?.into_iter();
        let missing = missing.map(|row| ((row.stream, row.device), row)).collect();
        Ok(Arc::new(Self { id, row, access, heads, last_seqs, last_wrap, missing }))
    }
}

async fn read_access(
    rows: &mut impl Rows,
    id: CircleId,
    known: Option<Arc<AccessLog>>,
) -> Result<Arc<AccessLog>, StoreError> {
    let after = known.as_ref().map_or(0, |log| log.head());
    let mut log = known;
    for row in rows.access_after(id, after, usize::MAX).await? {
        let signed = SignedAccess { bytes: row.bytes, signature: row.signature };
        let damaged = |refusal| match refusal {
            AccessRefusal::Older => StoreError::Older,
            _ => StoreError::Damaged("access entry"),
        };
        match &mut log {
            None => log = Some(Arc::new(AccessLog::found(&signed, row.stamp).map_err(damaged)?)),
            Some(log) => {
                Arc::make_mut(log).replay(&AccessRecord { signed, stamp: row.stamp }).map_err(damaged)?;
            }
        }
    }
    log.ok_or(StoreError::Damaged("founding entry"))
}
