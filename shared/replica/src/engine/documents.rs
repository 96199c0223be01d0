//! The few documents in memory: loaded at their first edit or arrival, let go again when others are needed.

use std::collections::{BTreeMap, BTreeSet};

use kith_document::{Arrival, Document, DocumentName};
use kith_protocol::envelope::{Body, open};
use kith_protocol::{CircleId, DeviceNumber, Keyring};
use minicbor::bytes::ByteVec;

use crate::cbor::from_bytes;
use crate::engine::trouble::Trouble;
use crate::keys::{Keys, last_number, stream_of};
use crate::port::Port;
use crate::record::{StoredChanges, StoredPending, StoredRaw};

/// How many documents stay in memory.
const MOST: usize = 8;

/// Every so many committed changes a document is saved whole.
pub(crate) const SAVE_EVERY: usize = 64;

/// A document in memory.
pub(crate) struct Loaded {
    pub document: Document,
    /// Under which this device writes it; `None` until the first edit draws one.
    pub incarnation: Option<u64>,
    /// The entries behind the stored snapshot, which go when the next one is stored.
    pub unsaved: Vec<u64>,
    /// Own pending edits that did not go on top again: their scripts must be made anew.
    pub unfit: bool,
    used: u64,
}

/// The documents in memory.
#[derive(Default)]
pub(crate) struct Documents {
    loaded: BTreeMap<DocumentName, Loaded>,
    tick: u64,
}

/// What loading a document needs to know about the membership.
pub(crate) struct Loading<'a> {
    pub port: &'a Port,
    pub keys: &'a Keys,
    pub circle: CircleId,
    pub device: DeviceNumber,
    pub keyring: &'a Keyring,
}

/// Borrows from a membership what loading needs, and leaves the rest of it free to be changed.
macro_rules! loading {
    ($member:expr) => {
        $crate::engine::documents::Loading {
            port: &$member.port,
            keys: &$member.keys,
            circle: $member.circle,
            device: $member.device,
            keyring: &$member.keyring,
        }
    };
}
pub(crate) use loading;

impl Documents {
    /// The document, from memory or from storage with the `pending` edits on top (in their order).
    pub async fn load(
        &mut self,
        loading: &Loading<'_>,
        name: &DocumentName,
        pending: impl Iterator<Item = (u64, &StoredPending)> + Clone,
    ) -> Result<&mut Loaded, Trouble> {
        self.tick += 1;
        if !self.loaded.contains_key(name) {
            let mut loaded = fetch(loading, name).await?;
            for (n, edit) in pending {
                let done = loaded.document.replay(loading.device.0, edit.incarnation, &edit.change, n);
                loaded.unfit |= done.is_err();
            }
            while self.loaded.len() >= MOST {
                let oldest = self.loaded.iter().min_by_key(|(_, loaded)| loaded.used);
                let Some(oldest) = oldest.map(|(name, _)| name.clone()) else { break };
                self.loaded.remove(&oldest);
            }
            self.loaded.insert(name.clone(), loaded);
        }
        let loaded = self.loaded.get_mut(name).ok_or(Trouble::Damaged("a document that was just loaded"))?;
        loaded.used = self.tick;
        Ok(loaded)
    }

    /// A document that is in memory.
    pub fn get_mut(&mut self, name: &DocumentName) -> Option<&mut Loaded> {
        self.loaded.get_mut(name)
    }

    /// Lets a document go; the next use loads it from storage.
    pub fn drop(&mut self, name: &DocumentName) {
        self.loaded.remove(name);
    }

    /// Lets go of every document that `gone` says.
    pub fn drop_where(&mut self, gone: impl Fn(&DocumentName) -> bool) {
        self.loaded.retain(|name, _| !gone(name));
    }
}

/// The committed document: its snapshot and the changes that came after.
async fn fetch(loading: &Loading<'_>, name: &DocumentName) -> Result<Loaded, Trouble> {
    let Loading { port, keys, circle, .. } = loading;
    let mut heads = port.read(vec![keys.snapshot(name), keys.incarnation(name)]).await?.into_iter();
    let (snapshot, incarnation) = (heads.next().flatten(), heads.next().flatten());
    let mut unsaved = Vec::new();
    let mut arrivals = Vec::new();
    let loaded = snapshot.as_deref().map(Document::load);
    let mut document = match loaded {
        None => Document::new(name.clone(), circle.0),
        Some(Ok(document)) => document,
        // A snapshot is a cache: the raw entries are the truth.
        Some(Err(_)) => {
            arrivals = from_raw(loading, name).await?;
            Document::new(name.clone(), circle.0)
        }
    };
    if arrivals.is_empty() {
        for (key, value) in port.scan(keys.changes(name)).await? {
            let stored = from_bytes::<StoredChanges>(&value).zip(last_number(&key));
            let (stored, k) = stored.ok_or(Trouble::Damaged("a document's changes"))?;
            arrivals.push(stored.into_arrival(k));
        }
    }
    for (arrival, arrived) in arrivals.iter().zip(document.arrive_many(&arrivals)) {
        if arrived.is_ok() {
            unsaved.push(arrival.k);
        }
    }
    let incarnation = incarnation.and_then(|bytes| from_bytes(&bytes));
    Ok(Loaded { document, incarnation, unsaved, unfit: false, used: 0 })
}

/// Everything that ever came for a document, opened again. What was void then is void now.
async fn from_raw(loading: &Loading<'_>, name: &DocumentName) -> Result<Vec<Arrival>, Trouble> {
    let stream = stream_of(name).ok_or(Trouble::Damaged("a document's name"))?;
    let mut arrivals = Vec::new();
    let aside = loading.port.scan(loading.keys.asides(stream)).await?;
    let aside: BTreeSet<u64> = aside.iter().filter_map(|(key, _)| last_number(key)).collect();
    for (_, value) in loading.port.scan(loading.keys.raws(stream)).await? {
        let Some(raw) = from_bytes::<StoredRaw>(&value) else { continue };
        let (Ok(header), Body::Whole(body)) = (raw.entry.read_header(), &raw.entry.body) else { continue };
        let Some(key) = loading.keyring.key(stream, header.epoch) else { continue };
        let Ok(plain) = open(&raw.entry.header, body, key) else { continue };
        if plain.document == name.as_str() && !aside.contains(&raw.entry.k) {
            arrivals.push(Arrival {
                device: header.device.0,
                incarnation: plain.incarnation,
                changes: plain.changes,
                k: raw.entry.k,
                stamp: raw.entry.stamp,
            });
        }
    }
    Ok(arrivals)
}

impl StoredChanges {
    /// As the document takes it.
    pub fn into_arrival(self, k: u64) -> Arrival {
        let changes = self.changes.into_iter().map(ByteVec::into).collect();
        Arrival { device: self.device, incarnation: self.incarnation, changes, k, stamp: self.stamp }
    }
}
