//! The fencing number: each start of a core takes the next one, and every batch checks that it is still ours, in its
//! own transaction. A tab that lost the lock without noticing (a sleeping phone) can then not write.

use super::{
    database::{self, Database},
    fault::fault,
    request::completion,
};
use shared::effects::StorageFault;
use web_sys::IdbObjectStore;

/// Never written by the core.
pub const KEY: &[u8] = b"device/owner";

/// Takes the next number. From then on every older owner is refused.
pub async fn take(database: &Database) -> Result<u64, StorageFault> {
    let transaction = database.write()?;
    let done = completion(&transaction);
    let pairs = database::pairs(&transaction)?;
    let mine = read(&pairs).await?.wrapping_add(1);
    pairs
        .put_with_key(&database::bytes(&mine.to_be_bytes()), &database::bytes(KEY))
        .map_err(|error| fault(&error))?;
    done.await.map_err(|error| fault(&error))?;
    Ok(mine)
}

/// `NotOwner` when somebody took a later number.
pub async fn check(pairs: &IdbObjectStore, mine: u64) -> Result<(), StorageFault> {
    if read(pairs).await? == mine { Ok(()) } else { Err(StorageFault::NotOwner) }
}

async fn read(pairs: &IdbObjectStore) -> Result<u64, StorageFault> {
    let found = database::get(pairs, KEY).await?;
    Ok(found.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes))
}
