//! A fresh store of each kind, with whatever must live as long as it.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use kith_protocol::CircleId;
use kith_server::{MemoryStore, PostgresStore, SqliteStore, Store, store::Quota};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use super::postgres::Cluster;

/// A store that can be opened again.
pub trait Place {
    fn make() -> Self;
    fn open(&self, quota: Quota) -> impl Future<Output = Arc<dyn Store>>;

    /// How many rows each table has for a circle, read past the store; nothing where there are no tables.
    fn rows_of(&self, circle: CircleId) -> impl Future<Output = BTreeMap<String, i64>>;
}

/// The rows of a circle in each table that this query names.
macro_rules! count_rows {
    ($database:ident, $tables:ident, $circle:ident) => {{
        let tables: Vec<String> = sqlx::query_scalar($tables).fetch_all(&mut $database).await.unwrap();
        let mut rows = BTreeMap::new();
        for table in tables {
            let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table} WHERE circle_id = $1"));
            let count = sqlx::query_scalar(sql).bind(&$circle.0[..]).fetch_one(&mut $database).await.unwrap();
            rows.insert(table, count);
        }
        rows
    }};
}

/// A fresh place.
pub fn fresh<P: Place>() -> P {
    P::make()
}

pub struct InMemory;

impl Place for InMemory {
    fn make() -> Self {
        Self
    }

    async fn open(&self, quota: Quota) -> Arc<dyn Store> {
        Arc::new(MemoryStore::new(quota))
    }

    async fn rows_of(&self, _: CircleId) -> BTreeMap<String, i64> {
        BTreeMap::new()
    }
}

pub struct InSqlite(TempDir);

impl InSqlite {
    pub fn path(&self) -> PathBuf {
        self.0.path().join("kith.db")
    }
}

impl Place for InSqlite {
    fn make() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    async fn open(&self, quota: Quota) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.path(), quota).await.unwrap())
    }

    async fn rows_of(&self, circle: CircleId) -> BTreeMap<String, i64> {
        let options = SqliteConnectOptions::new().filename(self.path());
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        let tables = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                      WHERE m.type = 'table' AND c.name = 'circle_id'";
        count_rows!(database, tables, circle)
    }
}

pub struct InPostgres {
    _cluster: Arc<Cluster>,
    pub url: String,
}

/// One cluster for all tests that run at the same time.
static CLUSTER: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
static DATABASES: Mutex<u32> = Mutex::new(0);

impl Place for InPostgres {
    fn make() -> Self {
        let cluster = {
            let mut shared = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
            shared.upgrade().unwrap_or_else(|| {
                let cluster = Arc::new(Cluster::start());
                *shared = Arc::downgrade(&cluster);
                cluster
            })
        };
        let n = {
            let mut databases = DATABASES.lock().unwrap_or_else(PoisonError::into_inner);
            *databases += 1;
            *databases
        };
        let url = cluster.database(&format!("kith{n}"));
        Self { _cluster: cluster, url }
    }

    async fn open(&self, quota: Quota) -> Arc<dyn Store> {
        Arc::new(PostgresStore::open(&self.url, quota).await.unwrap())
    }

    async fn rows_of(&self, circle: CircleId) -> BTreeMap<String, i64> {
        let mut database = PgConnection::connect(&self.url).await.unwrap();
        let tables = "SELECT table_name::text FROM information_schema.columns \
                      WHERE column_name = 'circle_id' AND table_schema = 'public'";
        count_rows!(database, tables, circle)
    }
}
