//! A phone of the tests: a replica, its storage, and what the network lets it do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use kith_document::{DocumentName, EditScript, Item, Scalar, Step};
use kith_protocol::MemberNumber;
use kith_replica::{
    Context, DrawerEntry, Input, Keys, Listing, Notice, Output, Replica, ReplicaId, RowKey, StorageAnswer,
    StorageError, StoredEdit, StoredRow, Transport,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::host::Session;
use crate::real::RealSession;

/// Every item in `all` by its id; items with a time also in `log`, newest first.
pub struct TestListing;

impl Listing for TestListing {
    fn rows(&self, document: &DocumentName, item: &Item) -> Vec<RowKey> {
        let id = format!("{document}#{}", item.id).into_bytes();
        let mut rows = vec![RowKey { list: "all".into(), key: id.clone() }];
        if let Some(Scalar::Int(at)) = item.value("at") {
            let mut key = (u64::MAX - at.unsigned_abs()).to_be_bytes().to_vec();
            key.extend(id);
            rows.push(RowKey { list: "log".into(), key });
        }
        rows
    }
}

pub struct Phone {
    pub id: ReplicaId,
    pub transport: Transport,
    pub kv: BTreeMap<Vec<u8>, Vec<u8>>,
    pub replica: Replica,
    pub rng: ChaCha20Rng,
    pub outputs: VecDeque<Output>,
    pub notices: Vec<Notice>,
    pub online: bool,
    pub full: bool,
    pub session: Option<Session>,
    pub real_session: Option<RealSession>,
    pub socket: bool,
    pub wake: Option<u64>,
    pub requests: Vec<String>,
    /// Fail the answers of this many of the next HTTP requests, though the host has them.
    pub lose_answers: u32,
    pub clock_off: i64,
    /// Whenever a batch with entry `k` of the log would be stored, the app is killed instead.
    pub die_applying: Option<u64>,
    pub dead: bool,
    /// The socket that stands takes everything and brings nothing, and nobody closes it.
    pub deaf: bool,
    pub next_edit: u64,
    /// Before each input, with this chance in 256, the app is killed and opened again from storage.
    pub restarts: u8,
    pub wants: bool,
    /// These hosts are down for it.
    pub down: Vec<String>,
}

impl Phone {
    pub fn new(id: &str, transport: Transport, seed: u64) -> Self {
        let id = ReplicaId::new(id).expect("an id");
        Self {
            replica: Replica::new(id.clone(), Arc::new(TestListing), transport),
            id,
            transport,
            kv: BTreeMap::new(),
            rng: ChaCha20Rng::seed_from_u64(seed),
            outputs: VecDeque::new(),
            notices: Vec::new(),
            online: false,
            full: false,
            session: None,
            real_session: None,
            socket: false,
            wake: None,
            requests: Vec::new(),
            lose_answers: 0,
            clock_off: 0,
            die_applying: None,
            dead: false,
            deaf: false,
            next_edit: 1,
            restarts: 0,
            wants: false,
            down: Vec::new(),
        }
    }

    pub fn reaches(&self, host: &str) -> bool {
        self.down.iter().all(|down| down != host)
    }

    pub fn cut(&mut self) {
        (self.session, self.real_session, self.socket) = (None, None, false);
    }

    pub fn dies(&self, output: &Output) -> bool {
        let Output::Write { puts, .. } = output else { return false };
        let raw = |k| self.keys().raw(kith_protocol::Stream::Care, k);
        self.die_applying
            .is_some_and(|k| puts.iter().any(|(key, _)| *key == raw(k)) && !self.sets_aside(puts))
    }

    fn sets_aside(&self, puts: &[(Vec<u8>, Vec<u8>)]) -> bool {
        let prefix = self.keys().asides(kith_protocol::Stream::Care);
        puts.iter().any(|(key, _)| key.starts_with(&prefix))
    }

    pub fn input(&mut self, input: Input, now: u64) {
        let now_ms = now.saturating_add_signed(self.clock_off);
        if self.dead {
            return;
        }
        let mut context = Context { now_ms, rng: &mut self.rng };
        self.outputs.extend(self.replica.handle(input, &mut context));
    }

    /// Answers storage until there is nothing to answer; other outputs stay.
    pub fn storage_only(&mut self) {
        while let Some(at) = self.outputs.iter().position(is_storage) {
            let request = self.outputs.remove(at).expect("a request");
            let answer = self.store(request);
            self.input(Input::StorageDone(answer), 1_780_000_000_000);
        }
    }

    pub fn store(&mut self, request: Output) -> Result<StorageAnswer, StorageError> {
        match request {
            Output::Read { keys } => {
                Ok(StorageAnswer::Values(keys.iter().map(|key| self.kv.get(key).cloned()).collect()))
            }
            Output::Scan { prefix, after, limit } => {
                let start = after.as_ref().unwrap_or(&prefix).clone();
                let pairs = self.kv.range(start..).filter(|(key, _)| Some(*key) != after.as_ref());
                let pairs = pairs.take_while(|(key, _)| key.starts_with(&prefix)).take(limit as usize);
                Ok(StorageAnswer::Pairs(pairs.map(|(key, value)| (key.clone(), value.clone())).collect()))
            }
            Output::Write { .. } if self.full => Err(StorageError::Full),
            Output::Write { puts, deletes } => {
                assert!(puts.iter().all(|(key, _)| !deletes.contains(key)), "put and deleted");
                self.kv.extend(puts);
                for key in deletes {
                    self.kv.remove(&key);
                }
                Ok(StorageAnswer::Written)
            }
            other => panic!("{other:?} is no storage request"),
        }
    }

    pub fn keys(&self) -> Keys {
        Keys::new(&self.id)
    }

    pub fn me(&self) -> MemberNumber {
        self.replica.me().expect("a member").0
    }

    fn values<T: for<'b> minicbor::Decode<'b, ()>>(&self, prefix: Vec<u8>) -> Vec<T> {
        let found = self.kv.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
        found.map(|(_, value)| minicbor::decode(value).expect("a stored value")).collect()
    }

    /// The rows of a list, in their order.
    pub fn rows(&self, list: &str) -> Vec<StoredRow> {
        self.values(self.keys().list(list))
    }

    /// The versions of a field of an item, winner first, with the devices that wrote them.
    pub fn versions(&self, item: &str, field: &str) -> Vec<(String, u32)> {
        let rows = self.rows("all");
        let row = rows.iter().find(|row| row.item.id == item).expect("the item");
        let versions = row.item.fields.get(field).expect("the field");
        let text = |value: &Scalar| value.as_text().unwrap_or("?").to_owned();
        versions.iter().map(|version| (text(&version.value), version.source.device)).collect()
    }

    pub fn items(&self) -> Vec<String> {
        self.rows("all").into_iter().map(|row| row.item.id).collect()
    }

    pub fn history(&self, document: &str, item: &str) -> Vec<StoredEdit> {
        self.values(self.keys().history(&DocumentName::parse(document).expect("a name"), item))
    }

    pub fn drawer(&self) -> Vec<DrawerEntry> {
        self.values(self.keys().drawers())
    }

    pub fn kept(&self, edit: u64) -> bool {
        self.notices.contains(&Notice::Kept { edit })
    }
}

fn is_storage(output: &Output) -> bool {
    matches!(output, Output::Read { .. } | Output::Scan { .. } | Output::Write { .. })
}

/// An edit that makes an item with a note.
pub fn add(document: &str, item: &str, note: &str) -> EditScript {
    EditScript {
        document: DocumentName::parse(document).expect("a name"),
        intent: "log.add".into(),
        steps: vec![
            Step::make(["items", item]),
            Step::put(["items", item, "note"], note),
            Step::put(["items", item, "at"], 100_i64),
        ],
    }
}

/// An edit that writes an item's note.
pub fn note(document: &str, item: &str, note: &str) -> EditScript {
    EditScript {
        document: DocumentName::parse(document).expect("a name"),
        intent: "log.edit".into(),
        steps: vec![Step::put(["items", item, "note"], note)],
    }
}
