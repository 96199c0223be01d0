//! True time, shared by the server and the phones. Moves only when somebody moves it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Unix milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicU64>);

impl Clock {
    pub fn at(ms: u64) -> Self {
        Self(Arc::new(AtomicU64::new(ms)))
    }

    pub fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Time never goes back.
    pub fn move_to(&self, ms: u64) {
        self.0.fetch_max(ms, Ordering::Relaxed);
    }
}
