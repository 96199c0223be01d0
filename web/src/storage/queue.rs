//! The order of storage: operations are begun one after the other, in the order in which the core asked.
//!
//! Sealing takes its time before a transaction can be opened (a transaction with nothing to do ends by itself), so a
//! batch is sealed first, and the next operation waits for that. Once begun, IndexedDB itself keeps transactions on
//! the same store in order; several may be under way.

use super::{
    database::{self, Database},
    fault::fault,
    fence,
    request::completion,
    vault::{Vault, is_secret},
};
use crate::bridge::answer;
use crux_core::Request;
use futures::{StreamExt, channel::mpsc};
use shared::effects::{StorageFault, StorageOperation, StorageOutput, StoredPair, StoredValue};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::IdbTransaction;

/// The storage of this tab.
#[derive(Clone)]
pub struct Storage {
    requests: mpsc::UnboundedSender<Request<StorageOperation>>,
    disk: Rc<Disk>,
}

struct Disk {
    database: Database,
    vault: Vault,
    fence: u64,
}

impl Storage {
    /// Opens the database and takes the fencing number.
    pub async fn open() -> Result<Self, StorageFault> {
        let database = Database::open().await?;
        let vault = Vault::open(&database).await?;
        let fence = fence::take(&database).await?;
        let disk = Rc::new(Disk { database, vault, fence });
        let (requests, queue) = mpsc::unbounded();
        spawn_local(work(Rc::clone(&disk), queue));
        Ok(Self { requests, disk })
    }

    /// Queues an operation of the core.
    pub fn push(&self, request: Request<StorageOperation>) {
        // The other end lives as long as this one.
        let _ = self.requests.unbounded_send(request);
    }

    /// An operation of the shell's own (an invitation's link before it leaves the address bar), outside the queue.
    pub async fn run(&self, operation: StorageOperation) -> Result<StorageOutput, StorageFault> {
        let begun = begin(&self.disk, operation).await?;
        finish(&self.disk, begun).await
    }
}

/// An operation whose transaction is open.
enum Begun {
    Write { transaction: IdbTransaction, puts: Vec<StoredPair>, deletes: Vec<Vec<u8>> },
    Read { transaction: IdbTransaction, keys: Vec<Vec<u8>> },
    Scan { transaction: IdbTransaction, prefix: Vec<u8>, after: Option<Vec<u8>>, limit: u32 },
}

async fn work(disk: Rc<Disk>, mut queue: mpsc::UnboundedReceiver<Request<StorageOperation>>) {
    while let Some(request) = queue.next().await {
        match begin(&disk, request.operation.clone()).await {
            Ok(begun) => {
                // IndexedDB starts transactions in the order in which they were made, which has happened.
                let disk = Rc::clone(&disk);
                spawn_local(async move {
                    let output = finish(&disk, begun).await.unwrap_or_else(StorageOutput::Failed);
                    answer(request, output);
                });
            }
            Err(fault) => answer(request, StorageOutput::Failed(fault)),
        }
    }
}

async fn begin(disk: &Disk, operation: StorageOperation) -> Result<Begun, StorageFault> {
    Ok(match operation {
        StorageOperation::Write { mut puts, deletes } => {
            for pair in puts.iter_mut().filter(|pair| is_secret(&pair.key)) {
                pair.value = disk.vault.seal(&pair.key, &pair.value).await?;
            }
            Begun::Write { transaction: disk.transaction(Database::write).await?, puts, deletes }
        }
        StorageOperation::Read { keys } => {
            Begun::Read { transaction: disk.transaction(Database::read).await?, keys }
        }
        StorageOperation::Scan { prefix, after, limit } => {
            Begun::Scan { transaction: disk.transaction(Database::read).await?, prefix, after, limit }
        }
    })
}

async fn finish(disk: &Disk, begun: Begun) -> Result<StorageOutput, StorageFault> {
    match begun {
        Begun::Write { transaction, puts, deletes } => {
            let done = completion(&transaction);
            if let Err(fault) = fill(disk, &transaction, &puts, &deletes).await {
                // Already aborted when a request failed.
                let _ = transaction.abort();
                let _ = done.await;
                return Err(fault);
            }
            done.await.map_err(|error| fault(&error))?;
            Ok(StorageOutput::Written)
        }
        Begun::Read { transaction, keys } => {
            let pairs = database::pairs(&transaction)?;
            let found = keys.iter().map(|key| database::get(&pairs, key));
            let found = futures::future::try_join_all(found).await?;
            let mut values = Vec::with_capacity(found.len());
            for (key, value) in keys.iter().zip(found) {
                values.push(StoredValue { value: disk.opened(key, value).await? });
            }
            Ok(StorageOutput::Values(values))
        }
        Begun::Scan { transaction, prefix, after, limit } => {
            let mut pairs = database::scan(&transaction, &prefix, after.as_deref(), limit).await?;
            for pair in pairs.iter_mut().filter(|pair| is_secret(&pair.key)) {
                pair.value = disk.vault.open_value(&pair.key, &pair.value).await?;
            }
            Ok(StorageOutput::Pairs(pairs))
        }
    }
}

async fn fill(
    disk: &Disk,
    transaction: &IdbTransaction,
    puts: &[StoredPair],
    deletes: &[Vec<u8>],
) -> Result<(), StorageFault> {
    let pairs = database::pairs(transaction)?;
    fence::check(&pairs, disk.fence).await?;
    for key in deletes {
        pairs.delete(&database::bytes(key)).map_err(|error| fault(&error))?;
    }
    for pair in puts {
        let (key, value) = (database::bytes(&pair.key), database::bytes(&pair.value));
        pairs.put_with_key(&value, &key).map_err(|error| fault(&error))?;
    }
    Ok(())
}

impl Disk {
    /// Begins one; a second time when the browser had closed the database.
    async fn transaction(
        &self,
        begin: fn(&Database) -> Result<IdbTransaction, StorageFault>,
    ) -> Result<IdbTransaction, StorageFault> {
        if let Ok(transaction) = begin(&self.database) {
            return Ok(transaction);
        }
        self.database.reopen().await?;
        begin(&self.database)
    }

    async fn opened(&self, key: &[u8], value: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, StorageFault> {
        match value {
            Some(sealed) if is_secret(key) => self.vault.open_value(key, &sealed).await.map(Some),
            value => Ok(value),
        }
    }
}
