//! What the server asks of a store.

use std::sync::Arc;

use futures::{FutureExt, future::BoxFuture};
use kith_protocol::{CircleId, CircleStart, Hash, HashPrefix, InviteId, PairingId, Party, Stream};
use tokio::sync::mpsc;

use super::{AccessRow, Circle, Done, EntryRow, PairingRow, StoreError, TokenRow, Work, WrapRow};

/// What a circle may hold.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// The largest sealed entry, in bytes.
    pub entry_bytes: usize,
    /// All sealed entries of a circle, in bytes.
    pub circle_bytes: u64,
    /// All access entries and wraps of a circle, in bytes.
    pub access_bytes: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Self { entry_bytes: 70_000, circle_bytes: 256 << 20, access_bytes: 64 << 20 }
    }
}

/// A store. What [`Store::perform`] answered is durable; everything else only reads.
///
/// Times are milliseconds since 1970 and come in as arguments.
pub trait Store: Send + Sync {
    /// Checks and writes in one transaction. A refusal is an answer, not an error.
    fn perform(&self, work: Work, now_ms: u64) -> BoxFuture<'_, Result<Done, StoreError>>;

    /// The circle as it is now: its verified access stream, its heads.
    fn circle(&self, id: CircleId) -> BoxFuture<'_, Result<Option<Arc<Circle>>, StoreError>>;

    /// Access entries after number `after`, in order, at most `most`.
    fn access(
        &self,
        id: CircleId,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<AccessRow>, StoreError>>;

    /// Entries of a stream after number `after`, in order, at most `most`.
    fn entries(
        &self,
        id: CircleId,
        stream: Stream,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<EntryRow>, StoreError>>;

    /// A recipient's wraps after number `after`, in order.
    fn wraps(
        &self,
        id: CircleId,
        recipient: Party,
        after: u64,
    ) -> BoxFuture<'_, Result<Vec<WrapRow>, StoreError>>;

    /// The circles whose id begins so; more than one only if somebody made them so on purpose.
    fn by_prefix(&self, prefix: HashPrefix) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>>;

    /// The circles whose id begins with what a kit knows of it; at most two are looked for.
    fn by_start(&self, start: CircleStart) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>>;

    /// A mailbox whose time is not over, with its circle.
    fn pairing(
        &self,
        id: PairingId,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<Option<(CircleId, PairingRow)>, StoreError>>;

    /// The circles that have an invitation with this id.
    fn by_invite(&self, invite: InviteId) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>>;

    /// A token that has not expired, with its circle.
    fn token(
        &self,
        hash: Hash,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<Option<(CircleId, TokenRow)>, StoreError>>;

    /// Whether the store answers and takes writes.
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Hints that another node changed a circle. Can be taken once; `None` for stores of one node.
    fn foreign(&self) -> Option<mpsc::Receiver<CircleId>> {
        None
    }

    /// Finishes what is being written. Afterwards everything fails.
    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}
