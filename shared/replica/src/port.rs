//! The engine's only door to the world: it asks for storage and waits, sends the rest and goes on.
//!
//! The engine is one `async` function that a [`Replica`](crate::Replica) polls by hand; nothing but a storage answer
//! or the next input ever wakes it, so the same inputs give the same outputs (ADR 0040).

use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, SeedableRng};

use crate::input::{Input, StorageAnswer, StorageError};
use crate::keys::Key;
use crate::output::{Notice, Output};
use crate::view::View;

/// How many pairs one scan asks for at a time.
const SCAN_PAGE: u32 = 256;

/// What is written together or not at all; for each key the last word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch(BTreeMap<Key, Option<Vec<u8>>>);

impl Batch {
    pub fn put(&mut self, key: Key, value: Vec<u8>) {
        self.0.insert(key, Some(value));
    }

    pub fn delete(&mut self, key: Key) {
        self.0.insert(key, None);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn into_request(self) -> Output {
        let (mut puts, mut deletes) = (Vec::new(), Vec::new());
        for (key, value) in self.0 {
            match value {
                Some(value) => puts.push((key, value)),
                None => deletes.push(key),
            }
        }
        Output::Write { puts, deletes }
    }
}

/// A handle on what lies between the engine and its [`Replica`](crate::Replica); clones are the same door.
#[derive(Clone)]
pub(crate) struct Port(Arc<Mutex<Desk>>);

struct Desk {
    now_ms: u64,
    rng: ChaCha20Rng,
    inbox: VecDeque<(u64, Input)>,
    answer: Option<Result<StorageAnswer, StorageError>>,
    asked: bool,
    outputs: Vec<Output>,
    requests: u64,
    wake: Option<u64>,
    view: View,
}

impl Port {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Desk {
            now_ms: 0,
            rng: ChaCha20Rng::from_seed([0; 32]),
            inbox: VecDeque::new(),
            answer: None,
            asked: false,
            outputs: Vec::new(),
            requests: 0,
            wake: None,
            view: View::default(),
        })))
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an input in at `now_ms`, with fresh entropy for whatever follows from it.
    pub fn take_in(&self, input: Input, now_ms: u64, rng: &mut dyn CryptoRng) {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        let mut desk = self.desk();
        desk.now_ms = now_ms;
        desk.rng = ChaCha20Rng::from_seed(seed);
        match input {
            Input::StorageDone(answer) if desk.asked => desk.answer = Some(answer),
            // An answer that nobody asked for belongs to a request before a restart.
            Input::StorageDone(_) => {}
            input => {
                if input == Input::Woke {
                    // However early it came, it does not come again by itself.
                    desk.wake = None;
                }
                desk.inbox.push_back((now_ms, input));
            }
        }
    }

    /// What came out since the last call.
    pub fn take_outputs(&self) -> Vec<Output> {
        std::mem::take(&mut self.desk().outputs)
    }

    /// Runs `read` on what the engine shows to the outside.
    pub fn with_view<T>(&self, read: impl FnOnce(&mut View) -> T) -> T {
        read(&mut self.desk().view)
    }

    pub fn now(&self) -> u64 {
        self.desk().now_ms
    }

    pub fn with_rng<T>(&self, draw: impl FnOnce(&mut ChaCha20Rng) -> T) -> T {
        draw(&mut self.desk().rng)
    }

    pub fn emit(&self, output: Output) {
        self.desk().outputs.push(output);
    }

    pub fn notice(&self, notice: Notice) {
        self.emit(Output::Notice(notice));
    }

    /// Asks to be woken at `at`, unless that is what was asked last and is still to come.
    pub fn wake_at(&self, at: u64) {
        let mut desk = self.desk();
        if desk.wake != Some(at) {
            desk.wake = Some(at);
            desk.outputs.push(Output::WakeAt(at));
        }
    }

    /// A number for an HTTP request that none had before.
    pub fn next_request(&self) -> u64 {
        let mut desk = self.desk();
        desk.requests += 1;
        desk.requests
    }

    /// The next input in order, and when it came.
    pub async fn next(&self) -> (u64, Input) {
        poll_fn(|_| match self.desk().inbox.pop_front() {
            Some(input) => Poll::Ready(input),
            None => Poll::Pending,
        })
        .await
    }

    /// The next input, which stays the next.
    pub async fn peek(&self) -> Input {
        poll_fn(|_| match self.desk().inbox.front() {
            Some((_, input)) => Poll::Ready(input.clone()),
            None => Poll::Pending,
        })
        .await
    }

    fn ask(&self, request: Output) -> impl Future<Output = Result<StorageAnswer, StorageError>> + '_ {
        let mut desk = self.desk();
        desk.outputs.push(request);
        desk.asked = true;
        desk.answer = None;
        drop(desk);
        poll_fn(|_| {
            let mut desk = self.desk();
            match desk.answer.take() {
                Some(answer) => {
                    desk.asked = false;
                    Poll::Ready(answer)
                }
                None => Poll::Pending,
            }
        })
    }

    /// The values under `keys`, in their order.
    pub async fn read(&self, keys: Vec<Key>) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = keys.len();
        match self.ask(Output::Read { keys }).await? {
            StorageAnswer::Values(values) if values.len() == wanted => Ok(values),
            _ => Err(StorageError::Failed("a read was answered with something else".into())),
        }
    }

    /// The value under one key.
    pub async fn read_one(&self, key: Key) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.read(vec![key]).await?.pop().flatten())
    }

    /// Every pair whose key begins with `prefix`, in the order of keys.
    pub async fn scan(&self, prefix: Key) -> Result<Vec<(Key, Vec<u8>)>, StorageError> {
        let mut found: Vec<(Key, Vec<u8>)> = Vec::new();
        loop {
            let after = found.last().map(|(key, _)| key.clone());
            let request = Output::Scan { prefix: prefix.clone(), after, limit: SCAN_PAGE };
            let StorageAnswer::Pairs(pairs) = self.ask(request).await? else {
                return Err(StorageError::Failed("a scan was answered with something else".into()));
            };
            let last_page = pairs.len() < SCAN_PAGE as usize;
            found.extend(pairs);
            if last_page {
                return Ok(found);
            }
        }
    }

    /// Writes `batch`; nothing that follows from it may come out before this returns.
    pub async fn write(&self, batch: Batch) -> Result<(), StorageError> {
        if batch.0.is_empty() {
            return Ok(());
        }
        match self.ask(batch.into_request()).await? {
            StorageAnswer::Written => Ok(()),
            _ => Err(StorageError::Failed("a write was answered with something else".into())),
        }
    }
}
