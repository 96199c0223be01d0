//! [`Store`] over maps behind one lock.

use std::sync::Arc;

use futures::{FutureExt, future::BoxFuture, lock::Mutex};
use kith_protocol::{CircleId, Hash, HashPrefix, InviteId, Party, Stream};

use super::rows::MemoryRows;
use crate::store::{
    Circle, Done, Quota, Store, StoreError, Work,
    cache::Cache,
    row::{AccessRow, EntryRow, TokenRow, WrapRow},
    rows::{CircleRows, EntryRows, KeyRows},
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
