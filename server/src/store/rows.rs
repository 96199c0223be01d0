//! What a store does inside one transaction, row by row. The rules that use these rows are in `take.rs`, once for
//! all stores.

use std::future::Future;

use kith_protocol::{
    CircleId, CircleStart, DeviceNumber, Hash, HashPrefix, InviteId, PairingId, Party, Stream,
};

use super::{
    StoreError,
    row::{AccessRow, CircleRow, EntryRow, HeadRow, KnownRow, MissingRow, PairingRow, TokenRow, WrapRow},
};

/// The rows of one store, inside a transaction or outside of one (then for reading only).
pub(super) trait Rows: CircleRows + EntryRows + KeyRows + MailRows + ClosedRows {}

impl<R: CircleRows + EntryRows + KeyRows + MailRows + ClosedRows> Rows for R {}

/// Circles, who belongs to them, what they lack.
pub(super) trait CircleRows: Send {
    /// The circle's row; inside a writing transaction nobody else writes to this circle until it ends.
    fn lock(&mut self, circle: CircleId) -> impl Rowing<Option<CircleRow>>;

    /// The circle's row as it is now, without waiting for writers.
    fn circle(&mut self, circle: CircleId) -> impl Rowing<Option<CircleRow>>;

    /// Makes a circle's row.
    fn create(&mut self, circle: CircleId, row: &CircleRow) -> impl Rowing<()>;

    /// Writes all but the key of its challenges.
    fn save(&mut self, circle: CircleId, row: &CircleRow) -> impl Rowing<()>;

    /// Access entries after `after`, in order, at most `most`.
    fn access_after(&mut self, circle: CircleId, after: u64, most: usize) -> impl Rowing<Vec<AccessRow>>;

    fn put_access(&mut self, circle: CircleId, row: &AccessRow) -> impl Rowing<()>;

    /// Remembers which circle an invitation is of.
    fn put_invite(&mut self, circle: CircleId, invite: InviteId) -> impl Rowing<()>;

    /// What the circle lacks, as far as it is known.
    fn missing(&mut self, circle: CircleId) -> impl Rowing<Vec<MissingRow>>;

    /// Replaces what is known of a stream by this device's word.
    fn put_missing(&mut self, circle: CircleId, row: &MissingRow) -> impl Rowing<()>;

    /// Every circle waits for its devices, and what they said before counts no more.
    fn mark_restored(&mut self, since: u64) -> impl Rowing<()>;

    /// Circles whose id begins so. More than one is possible only for who made them on purpose.
    fn by_prefix(&mut self, prefix: HashPrefix) -> impl Rowing<Vec<CircleId>>;

    /// Circles whose id begins so, at most two.
    fn by_start(&mut self, start: &CircleStart) -> impl Rowing<Vec<CircleId>>;

    /// Circles that have an invitation with this id.
    fn by_invite(&mut self, invite: InviteId) -> impl Rowing<Vec<CircleId>>;
}

/// Sealed entries.
pub(super) trait EntryRows: Send {
    /// The last entry of each stream.
    fn heads(&mut self, circle: CircleId) -> impl Rowing<Vec<(Stream, HeadRow)>>;

    /// The last number of each device in each stream.
    fn last_seqs(&mut self, circle: CircleId) -> impl Rowing<Vec<(DeviceNumber, Stream, u64)>>;

    /// An entry by its author's number.
    fn known(
        &mut self,
        circle: CircleId,
        stream: Stream,
        device: DeviceNumber,
        device_seq: u64,
    ) -> impl Rowing<Option<KnownRow>>;

    /// The chain at an entry.
    fn chain_at(&mut self, circle: CircleId, stream: Stream, k: u64) -> impl Rowing<Option<Hash>>;

    fn put_entry(&mut self, circle: CircleId, row: &EntryRow) -> impl Rowing<()>;

    /// Entries after `after`, in order, at most `most`.
    fn entries_after(
        &mut self,
        circle: CircleId,
        stream: Stream,
        after: u64,
        most: usize,
    ) -> impl Rowing<Vec<EntryRow>>;

    /// Drops the bodies of a stream's entries up to `k` and gives back how many bytes they had.
    fn erase(&mut self, circle: CircleId, stream: Stream, k: u64) -> impl Rowing<u64>;
}

/// Wraps and tokens.
pub(super) trait KeyRows: Send {
    /// The number of the last wrap.
    fn last_wrap(&mut self, circle: CircleId) -> impl Rowing<u64>;

    fn put_wrap(&mut self, circle: CircleId, row: &WrapRow) -> impl Rowing<()>;

    /// A recipient's wraps after number `after`, in order.
    fn wraps_after(&mut self, circle: CircleId, recipient: Party, after: u64) -> impl Rowing<Vec<WrapRow>>;

    fn put_token(&mut self, circle: CircleId, row: &TokenRow) -> impl Rowing<()>;

    /// Whether a challenge was answered already.
    fn nonce_used(&mut self, circle: CircleId, nonce: &[u8; 32]) -> impl Rowing<bool>;

    /// A token that has not expired, and its circle.
    fn token(&mut self, hash: Hash, now_ms: u64) -> impl Rowing<Option<(CircleId, TokenRow)>>;

    /// Forgets the circle's tokens that have expired.
    fn drop_tokens(&mut self, circle: CircleId, now_ms: u64) -> impl Rowing<()>;
}

/// Mailboxes of pairings.
pub(super) trait MailRows: Send {
    /// Makes a mailbox, or puts the answer into one.
    fn put_pairing(&mut self, circle: CircleId, row: &PairingRow) -> impl Rowing<()>;

    /// The circle's mailboxes, the oldest first.
    fn pairings(&mut self, circle: CircleId) -> impl Rowing<Vec<PairingRow>>;

    /// The circle of a mailbox whose time is not over; of several by one name, the one that was first.
    fn by_pairing(&mut self, id: PairingId, now_ms: u64) -> impl Rowing<Option<CircleId>>;

    fn drop_pairing(&mut self, circle: CircleId, id: PairingId) -> impl Rowing<()>;

    /// Removes the circle's mailboxes whose time is over.
    fn drop_pairings(&mut self, circle: CircleId, now_ms: u64) -> impl Rowing<()>;

    /// An open mailbox and its circle.
    fn mailbox(&mut self, id: PairingId, now_ms: u64) -> impl Rowing<Option<(CircleId, PairingRow)>> {
        async move {
            let Some(circle) = self.by_pairing(id, now_ms).await? else { return Ok(None) };
            let rows = self.pairings(circle).await?;
            let row = rows.into_iter().find(|row| row.id == id && row.expires > now_ms);
            Ok(row.map(|row| (circle, row)))
        }
    }
}

/// What is left of closed circles.
pub(super) trait ClosedRows: Send {
    /// A circle that was closed before this time, or of which something was removed already; its row is locked. None
    /// that another node has locked: it is at work on that one.
    fn lock_closed(&mut self, before_ms: u64) -> impl Rowing<Option<CircleId>>;

    /// Hides the circle, then removes rows of every table but its own, at most `most`; gives back how many.
    fn remove_rows(&mut self, circle: CircleId, most: u64) -> impl Rowing<u64>;

    /// Removes the circle's row, the last one.
    fn remove_circle(&mut self, circle: CircleId) -> impl Rowing<()>;
}

/// What each of them gives: a future that may move between threads.
pub(super) trait Rowing<T>: Future<Output = Result<T, StoreError>> + Send {}

impl<T, F: Future<Output = Result<T, StoreError>> + Send> Rowing<T> for F {}

/// A stream's number in the tables: 0 access, 1 commons, 2 network, 3 care, 4 + n private of member n.
pub(super) fn stream_number(stream: Stream) -> i64 {
    match stream {
        Stream::Access => 0,
        Stream::Commons => 1,
        Stream::Network => 2,
        Stream::Care => 3,
        Stream::Private(member) => 4 + i64::from(member.0),
    }
}

/// The stream with that number.
pub(super) fn stream_of(number: i64) -> Result<Stream, StoreError> {
    Ok(match number {
        0 => Stream::Access,
        1 => Stream::Commons,
        2 => Stream::Network,
        3 => Stream::Care,
        n => Stream::Private(kith_protocol::MemberNumber(
            u32::try_from(n - 4).map_err(|_| StoreError::Damaged("stream"))?,
        )),
    })
}
