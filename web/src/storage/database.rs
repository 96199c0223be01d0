//! The database: one object store from key to bytes, and a small one for what is not bytes (the sealing key).

use super::{
    fault::{fault, fault_at_opening},
    request::{completion, result},
};
use crate::page;
use js_sys::{Array, Uint8Array};
use shared::effects::{StorageFault, StoredPair};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbTransaction};

const NAME: &str = "kith";
const VERSION: u32 = 1;
const PAIRS: &str = "pairs";
const VAULT: &str = "vault";

pub struct Database {
    /// Replaced when the browser has closed it, as phones do to pages that slept.
    connection: RefCell<IdbDatabase>,
}

impl Database {
    /// Opens or makes it. `Refused` where the browser stores nothing for us.
    pub async fn open() -> Result<Self, StorageFault> {
        Ok(Self { connection: RefCell::new(connect().await?) })
    }

    /// Opens it anew, after a transaction could not be begun.
    pub async fn reopen(&self) -> Result<(), StorageFault> {
        let connection = connect().await?;
        self.connection.replace(connection).close();
        Ok(())
    }

    /// A transaction that is on the disk when it says that it is complete: Chrome's default is not.
    pub fn write(&self) -> Result<IdbTransaction, StorageFault> {
        transaction(&self.connection.borrow(), PAIRS, "readwrite")
    }

    pub fn read(&self) -> Result<IdbTransaction, StorageFault> {
        transaction(&self.connection.borrow(), PAIRS, "readonly")
    }

    /// What the vault keeps under a name, or undefined.
    pub async fn vault_get(&self, name: &str) -> Result<JsValue, StorageFault> {
        let store = store(&transaction(&self.connection.borrow(), VAULT, "readonly")?, VAULT)?;
        let request = store.get(&JsValue::from_str(name)).map_err(|error| fault(&error))?;
        result(&request).await.map_err(|error| fault(&error))
    }

    /// Keeps a value in the vault unless the name is taken.
    pub async fn vault_add(&self, name: &str, value: &JsValue) -> Result<(), StorageFault> {
        let transaction = transaction(&self.connection.borrow(), VAULT, "readwrite")?;
        let done = completion(&transaction);
        store(&transaction, VAULT)?
            .add_with_key(value, &JsValue::from_str(name))
            .map_err(|_| StorageFault::Refused)?;
        done.await.map_err(|error| fault(&error))
    }
}

async fn connect() -> Result<IdbDatabase, StorageFault> {
    let factory = page::window().indexed_db().map_err(|error| fault_at_opening(&error))?;
    let factory = factory.ok_or(StorageFault::Refused)?;
    let opening = factory.open_with_u32(NAME, VERSION).map_err(|error| fault_at_opening(&error))?;
    let upgrade = upgrade(&opening);
    opening.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = result(&opening).await.map_err(|error| fault_at_opening(&error))?;
    opened.dyn_into().map_err(|_| StorageFault::Broken)
}

/// The pairs of a transaction.
pub fn pairs(transaction: &IdbTransaction) -> Result<IdbObjectStore, StorageFault> {
    store(transaction, PAIRS)
}

/// Reads one value.
pub async fn get(store: &IdbObjectStore, key: &[u8]) -> Result<Option<Vec<u8>>, StorageFault> {
    let request = store.get(&bytes(key)).map_err(|error| fault(&error))?;
    let found = result(&request).await.map_err(|error| fault(&error))?;
    Ok(found.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
}

/// Pairs whose key begins with `prefix` and sorts after `after`, ascending. IndexedDB sorts binary keys bytewise.
pub async fn scan(
    transaction: &IdbTransaction,
    prefix: &[u8],
    after: Option<&[u8]>,
    limit: u32,
) -> Result<Vec<StoredPair>, StorageFault> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let store = pairs(transaction)?;
    let Some(range) = range(prefix, after).map_err(|error| fault(&error))? else { return Ok(Vec::new()) };
    let keys = store.get_all_keys_with_key_and_limit(&range, limit).map_err(|error| fault(&error))?;
    let values = store.get_all_with_key_and_limit(&range, limit).map_err(|error| fault(&error))?;
    let (keys, values) = futures::future::join(result(&keys), result(&values)).await;
    let (keys, values) = (
        Array::from(&keys.map_err(|error| fault(&error))?),
        Array::from(&values.map_err(|error| fault(&error))?),
    );
    let pair = |(key, value): (JsValue, JsValue)| StoredPair {
        key: Uint8Array::new(&key).to_vec(),
        value: Uint8Array::new(&value).to_vec(),
    };
    Ok(keys.iter().zip(values.iter()).map(pair).collect())
}

pub fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// None when nothing can be in it.
fn range(prefix: &[u8], after: Option<&[u8]>) -> Result<Option<JsValue>, JsValue> {
    let (lower, open) = match after {
        Some(after) if after >= prefix => (after, true),
        _ => (prefix, false),
    };
    let range = match end_of(prefix) {
        Some(end) if lower >= end.as_slice() => return Ok(None),
        Some(end) => {
            IdbKeyRange::bound_with_lower_open_and_upper_open(&bytes(lower), &bytes(&end), open, true)?
        }
        None => IdbKeyRange::lower_bound_with_open(&bytes(lower), open)?,
    };
    Ok(Some(range.into()))
}

/// The first key after all that begin with `prefix`; none when there is no such key.
fn end_of(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte < 0xFF)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

fn store(transaction: &IdbTransaction, name: &str) -> Result<IdbObjectStore, StorageFault> {
    transaction.object_store(name).map_err(|error| fault(&error))
}

/// With `durability: "strict"`, which web-sys does not know yet.
fn transaction(database: &IdbDatabase, store: &str, mode: &str) -> Result<IdbTransaction, StorageFault> {
    let begin = page::get(database, "transaction")
        .dyn_into::<js_sys::Function>()
        .map_err(|_| StorageFault::Broken)?;
    let options = page::object(&[("durability", "strict".into())]);
    let started =
        begin.call3(database, &store.into(), &mode.into(), &options).map_err(|error| fault(&error))?;
    started.dyn_into().map_err(|_| StorageFault::Broken)
}

fn upgrade(opening: &IdbOpenDbRequest) -> Closure<dyn FnMut(Event)> {
    let opening = opening.clone();
    Closure::new(move |_| {
        let Ok(database) = opening.result().and_then(JsCast::dyn_into::<IdbDatabase>) else { return };
        for store in [PAIRS, VAULT] {
            // A failure here aborts the upgrade, and opening says so.
            let _ = database.create_object_store(store);
        }
    })
}
