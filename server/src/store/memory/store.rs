//! [`Store`] over maps behind one lock.

use std::sync::Arc;

use futures::{FutureExt, future::BoxFuture, lock::Mutex};
use kith_protocol::{CircleId, CircleStart, Hash, HashPrefix, InviteId, PairingId, Party, Stream};

use super::rows::MemoryRows;
use crate::store::{
    Circle, Done, Quota, Store, StoreError, Work,
    cache::Cache,
    row::{AccessRow, EntryRow, PairingRow, TokenRow, WrapRow},
    rows::{CircleRows, EntryRows, KeyRows, MailRows},
    take::Transaction,
};

/// Circles in memory, lost when dropped.
#[derive(Debug)]
pub struct MemoryStore {
    rows: Mutex<MemoryRows>,
    cache: Cache,
    quota: Quota,
}

impl MemoryStore {
    /// An empty store.
    pub fn new(quota: Quota) -> Self {
        Self { rows: Mutex::default(), cache: Cache::default(), quota }
    }

    /// Another store that holds now what this one holds: a backup. Waits for a transaction that is under way.
    pub async fn backup(&self) -> Self {
        let rows = self.rows.lock().await.clone();
        Self { rows: Mutex::new(rows), cache: Cache::default(), quota: self.quota }
    }
}

impl Store for MemoryStore {
    fn perform(&self, work: Work, now_ms: u64) -> BoxFuture<'_, Result<Done, StoreError>> {
        async move {
            let mut rows = self.rows.lock().await;
            let mut transaction = Transaction::new(&mut *rows, &self.cache, self.quota);
            let done = transaction.perform(&work, now_ms).await?;
            let writes = transaction.finish();
            writes.write(&mut *rows).await?;
            writes.publish(&self.cache);
            Ok(done)
        }
        .boxed()
    }

    fn circle(&self, id: CircleId) -> BoxFuture<'_, Result<Option<Arc<Circle>>, StoreError>> {
        async move { Circle::read(&mut *self.rows.lock().await, &self.cache, id).await }.boxed()
    }

    fn access(
        &self,
        id: CircleId,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<AccessRow>, StoreError>> {
        async move { self.rows.lock().await.access_after(id, after, most).await }.boxed()
    }

    fn entries(
        &self,
        id: CircleId,
        stream: Stream,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<EntryRow>, StoreError>> {
        async move { self.rows.lock().await.entries_after(id, stream, after, most).await }.boxed()
    }

    fn wraps(
        &self,
        id: CircleId,
        recipient: Party,
        after: u64,
    ) -> BoxFuture<'_, Result<Vec<WrapRow>, StoreError>> {
        async move { self.rows.lock().await.wraps_after(id, recipient, after).await }.boxed()
    }

    fn by_prefix(&self, prefix: HashPrefix) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.rows.lock().await.by_prefix(prefix).await }.boxed()
    }

    fn by_start(&self, start: CircleStart) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.rows.lock().await.by_start(&start).await }.boxed()
    }

    fn pairing(
        &self,
        id: PairingId,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<Option<(CircleId, PairingRow)>, StoreError>> {
        async move { self.rows.lock().await.mailbox(id, now_ms).await }.boxed()
    }

    fn by_invite(&self, invite: InviteId) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.rows.lock().await.by_invite(invite).await }.boxed()
    }

    fn token(
        &self,
        hash: Hash,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<Option<(CircleId, TokenRow)>, StoreError>> {
        async move { self.rows.lock().await.token(hash, now_ms).await }.boxed()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        async { Ok(()) }.boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}
