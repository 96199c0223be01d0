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
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Halves::default();
    }

    /// Keeps whichever is newer: a reader may come late with what it read before a commit.
    pub(super) fn put(&self, circle: &Arc<Circle>) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = halves.young.get(&circle.id()).or_else(|| halves.old.get(&circle.id()));
        if known.is_none_or(|known| known.version() < circle.version()) {
            halves.put(circle);
        }
    }
}

impl Halves {
    fn put(&mut self, circle: &Arc<Circle>) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(circle.id(), Arc::clone(circle));
    }
}
