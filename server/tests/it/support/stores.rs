//! A fresh store of each kind, with whatever must live as long as it.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use kith_server::{MemoryStore, PostgresStore, SqliteStore, Store, store::Quota};
use tempfile::TempDir;

use super::postgres::Cluster;

/// A store that can be opened again.
pub trait Place {
    fn make() -> Self;
    fn open(&self, quota: Quota) -> impl Future<Output = Arc<dyn Store>>;
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
}
