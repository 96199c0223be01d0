//! The one writer. What came in while a commit was on its way to the disk is committed together, so that the disk
//! is waited for once a group and not once an entry.

use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::store::{
    Done, Quota, StoreError, Work,
    cache::Cache,
    sql::{TAKEN, commit_one},
    take::{Transaction, Writes},
};

/// Requests in one commit at most.
const GROUP: usize = 256;

/// A request and where its answer goes.
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) now_ms: u64,
    pub(super) answer: oneshot::Sender<Result<Done, StoreError>>,
}

impl Job {
    /// Who asked may have gone; what was committed is kept all the same.
    fn answer(self, done: Result<Done, StoreError>) {
        let _ = self.answer.send(done);
    }
}

/// Runs until the last sender is gone, then leaves the file checkpointed.
pub(super) async fn run(
    mut connection: SqliteConnection,
    mut inbox: mpsc::Receiver<Job>,
    cache: Arc<Cache>,
    quota: Quota,
) {
    if let Err(error) = sqlx::raw_sql(TAKEN).execute(&mut connection).await {
        tracing::error!(%error, "the writer cannot begin");
        return;
    }
    let mut group = Vec::new();
    while inbox.recv_many(&mut group, GROUP).await > 0 {
        commit(&mut connection, &cache, quota, &mut group).await;
    }
    let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await;
    let _ = connection.close().await;
}

/// Performs and commits a group, then answers. A group that fails is taken back and each request of it goes by itself: one
/// that cannot be done costs nobody else anything (ADR 0039).
async fn commit(connection: &mut SqliteConnection, cache: &Cache, quota: Quota, group: &mut Vec<Job>) {
    if group.len() > 1 {
        match attempt(connection, cache, quota, group).await {
            Ok(done) => {
                for (job, done) in group.drain(..).zip(done) {
                    job.answer(Ok(done));
                }
            }
            Err(error) => {
                tracing::error!(%error, size = group.len(), "group commit failed");
                take_back(connection, cache).await;
            }
        }
    }
    for job in group.drain(..) {
        match attempt(connection, cache, quota, std::slice::from_ref(&job)).await {
            Ok(done) => job.answer(Ok(done.into_iter().next().unwrap_or_default())),
            Err(error) => {
                tracing::error!(%error, "commit failed");
                take_back(connection, cache).await;
                job.answer(Err(error));
            }
        }
    }
}

/// Leaves nothing of what was begun.
async fn take_back(connection: &mut SqliteConnection, cache: &Cache) {
    // The transaction may not have begun, or may be over already.
    let _ = sqlx::query("ROLLBACK").execute(connection).await;
    cache.clear();
}

async fn attempt(
    connection: &mut SqliteConnection,
    cache: &Cache,
    quota: Quota,
    group: &[Job],
) -> Result<Vec<Done>, StoreError> {
    // Envelopes are written at the end only, and nobody else writes: what is read before needs no transaction.
    let late = group.iter().all(|job| matches!(job.work, Work::Envelopes { .. }));
    if !late {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    }
    let mut transaction = Transaction::new(&mut *connection, cache, quota).alone();
    let mut done = Vec::with_capacity(group.len());
    for job in group {
        done.push(transaction.perform(&job.work, job.now_ms).await?);
    }
    let writes = transaction.finish();
    write(connection, &writes, late).await?;
    writes.publish(cache);
    Ok(done)
}

/// Writes and commits. A single envelope, which is what comes while nobody else writes, is one step.
async fn write(connection: &mut SqliteConnection, writes: &Writes, late: bool) -> Result<(), StoreError> {
    match (&writes.entries[..], &writes.circles[..]) {
        _ if late && writes.is_empty() => return Ok(()),
        ([(id, entry)], [circle]) if late && *id == circle.id() => {
            return commit_one(connection, *id, entry, &circle.row).await;
        }
        _ if late => {
            sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        }
        _ => {}
    }
    writes.write(connection).await?;
    sqlx::query("COMMIT").execute(connection).await?;
    Ok(())
}
