//! What somebody who takes a phone apart finds on its disk: the keys of a membership, what it knows and how far it came.
//! For those who lie with such keys, and to see that keys of former members open nothing new.

use crate::{
    network::SealFor,
    phone::{Pairs, Role},
};
use anyhow::{Context, Result};
use kith_document::{Arrival, Document, DocumentName};
use kith_protocol::{
    DeviceNumber, DeviceSecrets, Hash, Keyring, Stream, Wrap,
    access::{AccessLog, Device, Standing},
    envelope::{Body, StreamEntry, open},
    receive::StreamState,
};
use kith_replica::{Keys, ReplicaId};
use minicbor::Decode;
use rand_core::Rng;

/// A membership, taken out of a phone.
pub struct Inside {
    pub log: AccessLog,
    pub device: DeviceNumber,
    pub secrets: DeviceSecrets,
    pub keyring: Keyring,
    states: Vec<StreamState>,
    raws: Vec<(Stream, StreamEntry)>,
}

/// As kith-replica stores how far a stream was taken in.
#[derive(Decode)]
struct Reached {
    #[n(0)]
    state: StreamState,
}

/// As kith-replica stores an entry.
#[derive(Decode)]
struct Raw {
    #[n(0)]
    entry: StreamEntry,
}

/// The keys of the membership on a disk. Of several, the one that came into its circle: the others led nowhere.
pub fn keys_of(pairs: &Pairs) -> Result<Keys> {
    let mut found = None;
    let mut from = b"r/".to_vec();
    while let Some(rest) = pairs.range(from..).next().and_then(|(key, _)| key.strip_prefix(b"r/")) {
        let id = rest.split(|byte| *byte == b'/').next().unwrap_or_default();
        let Some(replica) = ReplicaId::new(String::from_utf8_lossy(id)) else { break };
        let keys = Keys::new(&replica);
        if pairs.contains_key(&keys.access_log()) {
            return Ok(keys);
        }
        found = found.or(pairs.contains_key(&keys.state()).then_some(keys));
        // What comes after everything that begins with this id and a slash.
        from = [b"r/", id, b"0"].concat();
    }
    found.context("no membership on this disk")
}

/// How far each stream was taken in, as it is stored.
pub fn reached(pairs: &Pairs) -> Vec<StreamState> {
    let Ok(keys) = keys_of(pairs) else { return Vec::new() };
    let stored = pairs.range(keys.cursors()..).take_while(|(key, _)| key.starts_with(&keys.cursors()));
    stored.filter_map(|(_, value)| Some(minicbor::decode::<Reached>(value).ok()?.state)).collect()
}

/// What somebody's own phone says they are: none if it does not know, `Some(None)` if they do not belong any more.
#[expect(clippy::option_option, reason = "not knowing is not the same as not belonging")]
pub fn standing(pairs: &Pairs) -> Option<Option<Role>> {
    let log = Inside::log_of(pairs)?;
    let device = log.device(Inside::number_of(pairs, &log)?)?;
    let member = log.member(device.member)?;
    if member.standing == Standing::Pending {
        return None;
    }
    let role = member.role().filter(|_| member.standing == Standing::Active && device.until.is_none());
    Some(role.map(|role| match role {
        kith_protocol::Role::Coordinator => Role::Coordinator,
        kith_protocol::Role::Caregiver => Role::Caregiver,
        kith_protocol::Role::Professional => Role::Professional,
        kith_protocol::Role::Helper => Role::Helper,
        kith_protocol::Role::Friend => Role::Friend,
    }))
}

/// As kith-replica stores why sharing stopped.
#[derive(Decode)]
struct Fault {
    #[n(0)]
    stream: Stream,
    #[n(1)]
    k: u64,
    #[n(2)]
    evidence: String,
}

/// Why a phone stopped sharing, in words.
pub fn fault(pairs: &Pairs) -> Option<String> {
    let fault: Fault = minicbor::decode(pairs.get(&keys_of(pairs).ok()?.fault())?).ok()?;
    Some(format!("at {} of {}: {}", fault.k, fault.stream, fault.evidence))
}

impl Inside {
    /// The access stream as far as a phone verified it.
    pub fn log_of(pairs: &Pairs) -> Option<AccessLog> {
        AccessLog::from_bytes(pairs.get(&keys_of(pairs).ok()?.access_log())?).ok()
    }

    /// The number of a phone's device.
    pub fn number_of(pairs: &Pairs, log: &AccessLog) -> Option<DeviceNumber> {
        Self::device_of(pairs, log).map(|device| device.number)
    }

    /// A phone's device, as a verified stream knows it.
    pub fn device_of<'a>(pairs: &Pairs, log: &'a AccessLog) -> Option<&'a Device> {
        let secrets: &[u8; 64] = pairs.get(&keys_of(pairs).ok()?.device())?.as_slice().try_into().ok()?;
        log.device_by_key(&DeviceSecrets::from_bytes(secrets).sign_public())
    }

    pub fn of(pairs: &Pairs) -> Result<Self> {
        let keys = keys_of(pairs)?;
        let value = |key: Vec<u8>| pairs.get(&key).context("not on this disk");
        let log = AccessLog::from_bytes(value(keys.access_log())?)?;
        let secrets: &[u8; 64] = value(keys.device())?.as_slice().try_into()?;
        let secrets = DeviceSecrets::from_bytes(secrets);
        let device = log.device_by_key(&secrets.sign_public()).context("no device of this circle")?.number;
        let keyring = Keyring::from_bytes(value(keys.keyring())?)?;
        let states = reached(pairs);
        let mut raws = Vec::new();
        for state in &states {
            let prefix = keys.raws(state.stream);
            let stored = pairs.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
            for (_, bytes) in stored {
                raws.push((state.stream, minicbor::decode::<Raw>(bytes)?.entry));
            }
        }
        Ok(Self { log, device, secrets, keyring, states, raws })
    }

    /// How far a stream was taken in here.
    pub fn state(&self, stream: Stream) -> StreamState {
        let found = self.states.iter().find(|state| state.stream == stream);
        found.cloned().unwrap_or_else(|| StreamState::new(stream))
    }

    /// A document that somebody wrote in this stream, as it is here: the one written last.
    pub fn document(&self, stream: Stream) -> Option<Document> {
        let mut opened = Vec::new();
        for (_, entry) in self.raws.iter().filter(|(of, _)| *of == stream) {
            let (Ok(header), Body::Whole(body)) = (entry.read_header(), &entry.body) else { continue };
            let Some(key) = self.keyring.key(stream, header.epoch) else { continue };
            if let Ok(plain) = open(&entry.header, body, key) {
                opened.push((entry, header, plain));
            }
        }
        let name = DocumentName::parse(&opened.last()?.2.document).ok()?;
        let mut document = Document::new(name.clone(), self.log.circle().0);
        let of_it = opened.into_iter().filter(|(_, _, plain)| plain.document == name.as_str());
        for (entry, header, plain) in of_it {
            let (k, stamp, device) = (entry.k, entry.stamp, header.device.0);
            let arrival =
                Arrival { device, incarnation: plain.incarnation, changes: plain.changes, k, stamp };
            // What is void here is void for everybody.
            let _ = document.arrive(&arrival);
        }
        Some(document)
    }

    /// Seals keys of somebody's own making for this device, as anybody can who knows the circle's public keys.
    pub fn wrong_keys(self) -> SealFor {
        Box::new(move |wrap, rng| {
            let mut key = [0; 32];
            rng.fill_bytes(&mut key);
            let to = self.log.seal_key(wrap.recipient)?;
            Wrap::seal(&self.log.circle(), wrap.recipient, &to, wrap.subject, &key, rng).ok()
        })
    }

    /// The chain at the head of the access stream.
    pub fn access_head(&self) -> (u64, Hash) {
        (self.log.head(), self.log.head_hash())
    }
}
