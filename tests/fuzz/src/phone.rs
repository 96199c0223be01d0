//! A replica over a map of keys and values, opened from the committed fixture of storage: a member with committed and
//! waiting edits.

use std::collections::BTreeMap;
use std::sync::Arc;

use kith_document::{DocumentName, EditScript, Item, Step};
use kith_replica::{Context, Input, Listing, Output, Replica, ReplicaId, RowKey, StorageAnswer, Transport};
use minicbor::bytes::ByteVec;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

const FIXTURE: &[u8] = include_bytes!("../../../shared/replica/tests/fixtures/storage-3.cbor");
const NOW: u64 = 1_780_000_100_000;
/// More than any input may lead to.
const MOST_STEPS: usize = 20_000;

/// Every item by its id.
struct All;

impl Listing for All {
    fn rows(&self, document: &DocumentName, item: &Item) -> Vec<RowKey> {
        vec![RowKey { list: "all".into(), key: format!("{document}#{}", item.id).into_bytes() }]
    }
}

pub struct Phone {
    pub kv: BTreeMap<Vec<u8>, Vec<u8>>,
    replica: Replica,
    rng: ChaCha20Rng,
    /// The last request over HTTP that nobody has answered.
    pub asked: Option<u64>,
}

pub fn stored() -> BTreeMap<Vec<u8>, Vec<u8>> {
    let pairs: Vec<(ByteVec, ByteVec)> = minicbor::decode(FIXTURE).unwrap();
    pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
}

impl Phone {
    /// Opens what is stored and does what an app does: looks, connects, writes.
    pub fn open(kv: BTreeMap<Vec<u8>, Vec<u8>>) -> Self {
        let id = ReplicaId::new("p0").unwrap();
        let replica = Replica::new(id, Arc::new(All), Transport::Socket);
        let mut phone = Self { kv, replica, rng: ChaCha20Rng::from_seed([1; 32]), asked: None };
        phone.tell(Input::Open);
        phone
    }

    pub fn write(&mut self) {
        let document = DocumentName::parse("care/log-2026-11").unwrap();
        let steps = vec![Step::make(["items", "three"]), Step::put(["items", "three", "note"], "on")];
        self.tell(Input::Edit { edit: 3, script: EditScript { document, intent: "add".into(), steps } });
    }

    /// Takes an input in and carries out all that follows from it.
    pub fn tell(&mut self, input: Input) {
        let mut inputs = vec![input];
        for _ in 0..MOST_STEPS {
            let Some(input) = inputs.pop() else { return };
            let mut context = Context { now_ms: NOW, rng: &mut self.rng };
            for output in self.replica.handle(input, &mut context) {
                if let Some(answer) = self.carry_out(output) {
                    inputs.push(Input::StorageDone(Ok(answer)));
                }
            }
        }
        panic!("one input leads to more and more");
    }

    fn carry_out(&mut self, output: Output) -> Option<StorageAnswer> {
        match output {
            Output::Read { keys } => {
                Some(StorageAnswer::Values(keys.iter().map(|key| self.kv.get(key).cloned()).collect()))
            }
            Output::Scan { prefix, after, limit } => {
                let from = after.unwrap_or_else(|| prefix.clone());
                let pairs = self.kv.range(from.clone()..).filter(|(key, _)| **key != from);
                let pairs = pairs.take_while(|(key, _)| key.starts_with(&prefix)).take(limit as usize);
                Some(StorageAnswer::Pairs(pairs.map(|(key, value)| (key.clone(), value.clone())).collect()))
            }
            Output::Write { puts, deletes } => {
                for key in deletes {
                    self.kv.remove(&key);
                }
                self.kv.extend(puts);
                Some(StorageAnswer::Written)
            }
            Output::Http { id, .. } => {
                self.asked = Some(id);
                None
            }
            _ => None,
        }
    }
}
