//! What every handler may reach. The clock and the randomness come in from `main.rs`; nothing else reads them.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use tokio::sync::watch;

use crate::{
    auth::{Buckets, ClientAddress, HostName, SocketCounts},
    config::Config,
    error::ApiError,
    metrics::Metrics,
    service::Service,
    store::Store,
    sync::{Hub, News, PageLimits},
};

/// Milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Shared by all handlers; a clone is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of [`AppState`].
pub struct Parts {
    pub config: Config,
    pub store: Arc<dyn Store>,
    pub hub: Hub,
    pub metrics: Metrics,
    pub requests: Buckets,
    pub foundings: Buckets,
    pub lookups: Buckets,
    pub sockets: SocketCounts,
    /// Becomes true once, when the server is told to stop.
    pub stopping: watch::Receiver<bool>,
    clock: Clock,
    entropy: Mutex<ChaCha20Rng>,
}

impl AppState {
    /// `entropy` must have been seeded from the operating system.
    pub fn new(
        config: Config,
        store: Arc<dyn Store>,
        clock: Clock,
        entropy: ChaCha20Rng,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let limits = config.limits;
        Self(Arc::new(Parts {
            store,
            hub: Hub::default(),
            metrics: Metrics::default(),
            requests: Buckets::new(limits.requests_per_second, limits.request_burst),
            foundings: Buckets::new(limits.circles_per_hour / 3600.0, limits.circles_per_hour),
            lookups: Buckets::new(limits.lookups_per_hour / 3600.0, limits.lookups_per_hour),
            sockets: SocketCounts::new(limits.sockets_per_address),
            stopping,
            clock,
            entropy: Mutex::new(entropy),
            config,
        }))
    }

    /// The time now, in milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        (self.clock)()
    }

    /// Fresh random bytes, for tokens and keys.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }
}

impl AppState {
    /// What the requests of a client that dialled this host are answered by.
    pub fn service<'a>(&'a self, host: &'a HostName) -> Service<'a> {
        Service { store: &*self.store, host: &host.0, limits: self.page_limits() }
    }

    /// Takes one of the address's looks at what needs no token: the mailbox of a pairing, a circle by its beginning.
    pub fn look_up(&self, address: ClientAddress) -> Result<(), ApiError> {
        self.lookups.take(address.0, self.now_ms()).map_err(|wait_ms| {
            self.metrics.rate_limited.up();
            ApiError::RateLimited { wait_ms }
        })
    }

    /// Waits until the server is told to stop.
    pub async fn stopped(&self) {
        // An error means that nobody is left to tell, which is the same.
        let _ = self.stopping.clone().wait_for(|stop| *stop).await;
    }

    /// How large a page may be here.
    pub fn page_limits(&self) -> PageLimits {
        PageLimits::new(self.config.limits.page_entries, self.config.limits.page_bytes)
    }

    /// Tells the circle's live sessions, and counts.
    pub fn publish(&self, news: Arc<News>) {
        let entries: u64 = news.pieces.iter().map(|piece| piece.to - piece.from + 1).sum();
        self.metrics.entries_taken.add(entries);
        self.metrics.commits.up();
        self.hub.publish(news);
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState").field("config", &self.config).finish_non_exhaustive()
    }
}
