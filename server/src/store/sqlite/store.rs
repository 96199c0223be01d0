//! [`Store`] over a SQLite file: reads on a small pool, writes through the one writer.

use std::{fs::File, path::Path, sync::Arc};

use futures::{FutureExt, future::BoxFuture};
use kith_protocol::{
    CircleId, CircleStart, Hash, HashPrefix, InviteId, PairingId, Party, Refusal, Stream, message::Subject,
};
use sqlx::{
    ConnectOptions, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
};

use super::{
    spare::SpareTokens,
    writer::{self, Job},
};
use crate::store::{
    Circle, Done, Quota, Store, StoreError, Work,
    cache::Cache,
    row::{AccessRow, EntryRow, PairingRow, TokenRow, WrapRow},
    rows::{CircleRows, EntryRows, KeyRows, MailRows},
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Requests that may wait for the writer before senders wait too.
const INBOX: usize = 1024;

/// Circles in one file. Only one process may have it open.
#[derive(Debug)]
pub struct SqliteStore {
    reads: SqlitePool,
    writer: Mutex<Option<Writer>>,
    inbox: mpsc::WeakSender<Job>,
    cache: Arc<Cache>,
    spare: SpareTokens,
}

#[derive(Debug)]
struct Writer {
    /// The only one that lives on; when it goes, the writer ends.
    inbox: mpsc::Sender<Job>,
    task: JoinHandle<()>,
    /// Held while the store is open.
    lock: File,
}

impl SqliteStore {
    /// Opens the file, making it when missing, and brings its schema up to date.
    pub async fn open(path: &Path, quota: Quota) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged entry must survive the power going out, not only the process ending.
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging();
        let reads = SqlitePoolOptions::new().max_connections(4).connect_with(options.clone()).await?;
        MIGRATIONS.run(&reads).await?;
        let connection = options.connect().await?;
        let cache = Arc::<Cache>::default();
        let (inbox, jobs) = mpsc::channel(INBOX);
        let task = tokio::spawn(writer::run(connection, jobs, Arc::clone(&cache), quota));
        let weak = inbox.downgrade();
        let writer = Mutex::new(Some(Writer { inbox, task, lock }));
        Ok(Self { reads, writer, inbox: weak, cache, spare: SpareTokens::default() })
    }

    /// By way of the writer.
    async fn write(&self, work: Work, now_ms: u64) -> Result<Done, StoreError> {
        let (answer, answered) = oneshot::channel();
        let inbox = self.inbox.upgrade().ok_or(StoreError::Closed)?;
        inbox.send(Job { work, now_ms, answer }).await.map_err(|_| StoreError::Closed)?;
        drop(inbox);
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// A token, in memory when it cannot be written: who only reads needs nothing of the disk but what is there.
    async fn write_token(&self, circle: CircleId, token: TokenRow, now_ms: u64) -> Result<Done, StoreError> {
        let used = Done::refused(None, Subject::Session, Refusal::Token);
        if self.spare.answered(circle, &token.nonce) {
            return Ok(used);
        }
        let error = match self.write(Work::Token { circle, token }, now_ms).await {
            Err(error @ StoreError::Database(_)) => error,
            other => return other,
        };
        if self.reads.acquire().await?.nonce_used(circle, &token.nonce).await? {
            return Ok(used);
        }
        let circle_now = self.circle(circle).await?;
        if circle_now.is_some() && self.spare.keep(circle, token, now_ms) {
            return Ok(Done { circle: circle_now, ..Done::default() });
        }
        Err(error)
    }
}

/// A second process on the same file would not see the first one's cache, nor be seen by it.
fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::create(&name).map_err(|error| StoreError::Database(error.into()))?;
    file.try_lock().map_err(|_| StoreError::InUse)?;
    Ok(file)
}

impl Store for SqliteStore {
    fn perform(&self, work: Work, now_ms: u64) -> BoxFuture<'_, Result<Done, StoreError>> {
        async move {
            match work {
                Work::Token { circle, token } => self.write_token(circle, token, now_ms).await,
                work => self.write(work, now_ms).await,
            }
        }
        .boxed()
    }

    fn circle(&self, id: CircleId) -> BoxFuture<'_, Result<Option<Arc<Circle>>, StoreError>> {
        async move {
            // The only writer fills the cache, so what is in it is how things are.
            if let Some(circle) = self.cache.get(id) {
                return Ok(Some(circle));
            }
            // One transaction, so that what is read belongs together.
            let mut reading = self.reads.begin().await?;
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
        async move { self.reads.acquire().await?.access_after(id, after, most).await }.boxed()
    }

    fn entries(
        &self,
        id: CircleId,
        stream: Stream,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<EntryRow>, StoreError>> {
        async move { self.reads.acquire().await?.entries_after(id, stream, after, most).await }.boxed()
    }

    fn wraps(
        &self,
        id: CircleId,
        recipient: Party,
        after: u64,
    ) -> BoxFuture<'_, Result<Vec<WrapRow>, StoreError>> {
        async move { self.reads.acquire().await?.wraps_after(id, recipient, after).await }.boxed()
    }

    fn by_prefix(&self, prefix: HashPrefix) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.reads.acquire().await?.by_prefix(prefix).await }.boxed()
    }

    fn by_start(&self, start: CircleStart) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.reads.acquire().await?.by_start(&start).await }.boxed()
    }

    fn pairing(
        &self,
        id: PairingId,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<Option<(CircleId, PairingRow)>, StoreError>> {
        async move { self.reads.acquire().await?.mailbox(id, now_ms).await }.boxed()
    }

    fn by_invite(&self, invite: InviteId) -> BoxFuture<'_, Result<Vec<CircleId>, StoreError>> {
        async move { self.reads.acquire().await?.by_invite(invite).await }.boxed()
    }

    fn token(
        &self,
        hash: Hash,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<Option<(CircleId, TokenRow)>, StoreError>> {
        async move {
            match self.spare.get(hash, now_ms) {
                Some(spare) => Ok(Some(spare)),
                None => self.reads.acquire().await?.token(hash, now_ms).await,
            }
        }
        .boxed()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        async move {
            sqlx::query("SELECT 1").execute(&self.reads).await?;
            if self.inbox.upgrade().is_some_and(|inbox| !inbox.is_closed()) {
                Ok(())
            } else {
                Err(StoreError::Closed)
            }
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            self.reads.close().await;
            if let Some(Writer { inbox, task, lock }) = self.writer.lock().await.take() {
                drop(inbox);
                let _ = task.await;
                drop(lock);
            }
        }
        .boxed()
    }
}
