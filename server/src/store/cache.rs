//! Circles as they were last seen, so that an access stream is verified once and not for every entry.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use kith_protocol::CircleId;

use super::circle::Circle;

/// Circles in the younger half; at most twice as many are held.
const HALF: usize = 4096;

/// Holds the circles that were used lately. What it holds may be older than the store, never newer.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<Halves>);

#[derive(Debug, Default)]
struct Halves {
    young: HashMap<CircleId, Arc<Circle>>,
    old: HashMap<CircleId, Arc<Circle>>,
    /// How many circles were forgotten since the start.
    forgotten: u64,
}

impl Cache {
    pub(super) fn get(&self, id: CircleId) -> Option<Arc<Circle>> {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(circle) = halves.young.get(&id) {
            return Some(Arc::clone(circle));
        }
        let circle = halves.old.remove(&id)?;
        halves.put(&circle);
        Some(circle)
    }

    /// Forgets everything: after an error, what is read again is right.
    pub(super) fn clear(&self) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.young.clear();
        halves.old.clear();
    }

    /// The circle is not kept any more. Who is reading it now does not bring it back.
    pub(super) fn forget(&self, id: CircleId) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.young.remove(&id);
        halves.old.remove(&id);
        halves.forgotten += 1;
    }

    /// To be given to [`Cache::put_read`] by who reads from now on.
    pub(super) fn forgotten(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).forgotten
    }

    /// What a reader saw in a snapshot that began after `forgotten` was asked for; it may be gone by now.
    pub(super) fn put_read(&self, circle: &Arc<Circle>, forgotten: u64) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if halves.forgotten == forgotten {
            halves.put_newer(circle);
        }
    }

    /// Keeps whichever is newer: a reader may come late with what it read before a commit.
    pub(super) fn put(&self, circle: &Arc<Circle>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put_newer(circle);
    }
}

impl Halves {
    fn put_newer(&mut self, circle: &Arc<Circle>) {
        let known = self.young.get(&circle.id()).or_else(|| self.old.get(&circle.id()));
        if known.is_none_or(|known| known.version() < circle.version()) {
            self.put(circle);
        }
    }

    fn put(&mut self, circle: &Arc<Circle>) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(circle.id(), Arc::clone(circle));
    }
}
