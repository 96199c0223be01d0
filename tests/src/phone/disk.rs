//! A phone's storage: ordered keys, batches that are atomic, and the faults that real storage has.

use crux_core::Request;
use shared::effects::{StorageFault, StorageOperation, StorageOutput, StoredPair, StoredValue};
use std::collections::{BTreeMap, VecDeque};

/// What is on the disk.
pub type Pairs = BTreeMap<Vec<u8>, Vec<u8>>;

/// Operations are carried out one by one, in the order in which they were asked for.
#[derive(Default)]
pub struct Disk {
    pairs: Pairs,
    /// Asked for, not carried out yet.
    waiting: VecDeque<Request<StorageOperation>>,
    /// No room: a batch that puts something fails whole.
    full: bool,
    written: u64,
    /// The keys of the last batch, for whoever asks why there is no rest.
    last: Vec<Vec<u8>>,
}

impl Disk {
    pub fn holding(pairs: Pairs) -> Self {
        Self { pairs, ..Self::default() }
    }

    pub fn pairs(&self) -> &Pairs {
        &self.pairs
    }

    /// What is on the disk is this from now on; nothing is waiting.
    pub fn replace(&mut self, pairs: Pairs) {
        self.pairs = pairs;
        self.waiting.clear();
        self.written += 1;
    }

    pub fn set_full(&mut self, full: bool) {
        self.full = full;
    }

    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many operations were not answered yet.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many batches changed something.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// The keys of the last batch, readable.
    pub fn last_written(&self) -> String {
        let keys = self.last.iter().map(|key| key.escape_ascii().to_string());
        keys.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn ask(&mut self, request: Request<StorageOperation>) {
        self.waiting.push_back(request);
    }

    /// Carries out the oldest operation and gives it back with its answer.
    pub(super) fn carry_out(&mut self) -> Option<(Request<StorageOperation>, StorageOutput)> {
        let request = self.waiting.pop_front()?;
        let output = self.perform(&request.operation);
        Some((request, output))
    }

    /// The phone goes down: of what was not answered, the first `survivors` operations had reached the disk.
    pub(super) fn lose_power(&mut self, survivors: usize) {
        for _ in 0..survivors {
            drop(self.carry_out());
        }
        self.waiting.clear();
    }

    fn perform(&mut self, operation: &StorageOperation) -> StorageOutput {
        match operation {
            StorageOperation::Write { puts, .. } if self.full && !puts.is_empty() => {
                StorageOutput::Failed(StorageFault::Full)
            }
            StorageOperation::Write { puts, deletes } => {
                let mut changed = Vec::new();
                for key in deletes {
                    changed.extend(self.pairs.remove(key).map(|_| key.clone()));
                }
                for pair in puts {
                    if self.pairs.insert(pair.key.clone(), pair.value.clone()).as_ref() != Some(&pair.value) {
                        changed.push(pair.key.clone());
                    }
                }
                if !changed.is_empty() {
                    self.written += 1;
                    self.last = changed;
                }
                StorageOutput::Written
            }
            StorageOperation::Read { keys } => {
                let value = |key: &Vec<u8>| StoredValue { value: self.pairs.get(key).cloned() };
                StorageOutput::Values(keys.iter().map(value).collect())
            }
            StorageOperation::Scan { prefix, after, limit } => {
                let from = after.as_ref().filter(|after| *after >= prefix).unwrap_or(prefix);
                let pairs = self
                    .pairs
                    .range(from.clone()..)
                    .take_while(|(key, _)| key.starts_with(prefix))
                    .filter(|(key, _)| after.as_ref() != Some(*key))
                    .take(usize::try_from(*limit).unwrap_or(usize::MAX))
                    .map(|(key, value)| StoredPair { key: key.clone(), value: value.clone() });
                StorageOutput::Pairs(pairs.collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(key: &str, value: &str) -> StoredPair {
        StoredPair { key: key.into(), value: value.into() }
    }

    #[test]
    fn a_batch_on_a_full_disk_keeps_nothing_of_itself_and_everything_from_before() {
        let mut disk = Disk::default();
        disk.perform(&StorageOperation::Write { puts: vec![pair("a", "1")], deletes: vec![] });
        disk.set_full(true);
        let batch = StorageOperation::Write { puts: vec![pair("b", "2")], deletes: vec![b"a".to_vec()] };
        assert_eq!(disk.perform(&batch), StorageOutput::Failed(StorageFault::Full));
        assert_eq!(disk.pairs.get(b"a".as_slice()), Some(&b"1".to_vec()));
        let delete = StorageOperation::Write { puts: vec![], deletes: vec![b"a".to_vec()] };
        assert_eq!(disk.perform(&delete), StorageOutput::Written);
    }

    #[test]
    fn a_scan_goes_on_after_a_key_and_stays_within_its_prefix() {
        let mut disk = Disk::default();
        let puts = ["p/1", "p/2", "p/3", "q"].map(|key| pair(key, key)).to_vec();
        disk.perform(&StorageOperation::Write { puts, deletes: vec![] });
        let scan = |after: Option<&str>, limit| StorageOperation::Scan {
            prefix: b"p/".to_vec(),
            after: after.map(|key| key.as_bytes().to_vec()),
            limit,
        };
        assert_eq!(
            disk.perform(&scan(None, 2)),
            StorageOutput::Pairs(vec![pair("p/1", "p/1"), pair("p/2", "p/2")])
        );
        assert_eq!(disk.perform(&scan(Some("p/2"), 9)), StorageOutput::Pairs(vec![pair("p/3", "p/3")]));
    }
}
