//! [`Store`] over a pool of connections: the circle's row is locked, checks and inserts are one transaction.

use std::sync::Arc;

use futures::{FutureExt, future::BoxFuture};
use kith_protocol::{CircleId, CircleStart, Hash, HashPrefix, InviteId, PairingId, Party, Stream};
use sqlx::{
    ConnectOptions, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::mpsc;

use super::news::News;
use crate::store::{
    Circle, Done, Quota, Store, StoreError, Work,
    cache::Cache,
    row::{AccessRow, EntryRow, PairingRow, TokenRow, WrapRow},
    rows::{CircleRows, EntryRows, KeyRows, MailRows},
    take::Transaction,
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections a node holds at most, besides the one that listens.
const CONNECTIONS: u32 = 16;

/// Circles in a database that other nodes may use as well.
#[derive(Debug)]
pub struct PostgresStore {
    pool: PgPool,
    cache: Cache,
    quota: Quota,
    news: News,
}

impl PostgresStore {
    /// Connects and brings the schema up to date (one node at a time: migrations take a lock).
    pub async fn open(url: &str, quota: Quota) -> Result<Self, StoreError> {
        let options = url.parse::<PgConnectOptions>()?.disable_statement_logging();
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
        MIGRATIONS.run(&pool).await?;
        let news = News::start(pool.clone()).await?;
        Ok(Self { pool, cache: Cache::default(), quota, news })
    }
}

impl Store for PostgresStore {
    fn perform(&self, work: Work, now_ms: u64) -> BoxFuture<'_, Result<Done, StoreError>> {
        async move {
            let mut database = self.pool.begin().await?;
            let mut transaction = Transaction::new(&mut *database, &self.cache, self.quota);
            let done = transaction.perform(&work, now_ms).await?;
            let writes = transaction.finish();
            writes.write(&mut *database).await?;
            database.commit().await?;
            // After the commit: inside, NOTIFY would take a lock on the whole database.
            self.news.tell(writes.circles.iter().map(|circle| circle.id()));
            writes.publish(&self.cache);
            Ok(done)
        }
        .boxed()
    }

    fn circle(&self, id: CircleId) -> BoxFuture<'_, Result<Option<Arc<Circle>>, StoreError>> {
        async move {
            let Some(row) = self.pool.acquire().await?.circle(id).await? else { return Ok(None) };
            if let Some(circle) = self.cache.get(id).filter(|circle| circle.is_at(&row)) {
                return Ok(Some(circle));
            }
            // One snapshot, so that what is read belongs together.
            let mut reading = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
            Circle::read(&mut *reading, &self.cache, id).await
        }
        .boxed()
    }

    fn access(
        &self,
        id: CircleId,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<AccessRow>, StoreError>> {
        async move { self.pool.acquire().await?.access_after(id, after, most).await }.boxed()
    }

    fn entries(
        &self,
        id: CircleId,
        stream: Stream,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<EntryRow>, StoreError>> {
        async move { self.pool.acquire().await?.entries_after(id, stream, after, most).await }.boxed()
    }

    fn wraps(
        &self,
        id: CircleId,
        recipient: Party,
        after: u64,
    ) -> BoxFuture<'_, Result<Vec<WrapRow>, StoreError>> {
        async move { self.pool.acquire().await?.wraps_after(id, recipient, after).await }.boxed()
    }

    fn by_prefix(&self, prefix: HashPrefix) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.pool.acquire().await?.by_prefix(prefix).await }.boxed()
    }

    fn by_start(&self, start: CircleStart) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.pool.acquire().await?.by_start(&start).await }.boxed()
    }

    fn pairing(
        &self,
        id: PairingId,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<Option<(CircleId, PairingRow)>, StoreError>> {
        async move { self.pool.acquire().await?.mailbox(id, now_ms).await }.boxed()
    }

    fn by_invite(&self, invite: InviteId) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.pool.acquire().await?.by_invite(invite).await }.boxed()
    }

    fn token(
        &self,
        hash: Hash,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<Option<(CircleId, TokenRow)>, StoreError>> {
        async move { self.pool.acquire().await?.token(hash, now_ms).await }.boxed()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        async move {
            sqlx::query("SELECT 1").execute(&self.pool).await?;
            Ok(())
        }
        .boxed()
    }

    fn foreign(&self) -> Option<mpsc::Receiver<CircleId>> {
        self.news.take_foreign()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            self.news.stop().await;
            self.pool.close().await;
        }
        .boxed()
    }
}
