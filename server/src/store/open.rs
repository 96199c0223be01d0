//! Opens the store that the settings name.

use std::sync::Arc;

use super::{MemoryStore, PostgresStore, Quota, SqliteStore, Store, StoreError};
use crate::config::{Limits, StoreUrl};

/// Opens a store and brings its schema up to date.
pub async fn open_store(url: &StoreUrl, limits: &Limits) -> Result<Arc<dyn Store>, StoreError> {
    let quota = Quota {
        entry_bytes: limits.max_entry_bytes,
        circle_bytes: limits.circle_quota_bytes(),
        access_bytes: limits.access_quota_bytes(),
    };
    Ok(match url {
        StoreUrl::Memory => Arc::new(MemoryStore::new(quota)),
        StoreUrl::Sqlite(path) => Arc::new(SqliteStore::open(path, quota).await?),
        StoreUrl::Postgres(url) => Arc::new(PostgresStore::open(url, quota).await?),
    })
}
