//! The real server over the memory store, driven call by call: the same router for requests and the same session for
//! sockets as the process has; only the bytes come from somewhere else and time stands still meanwhile.

use super::{Clock, sockets::Sockets};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use clap::Parser;
use crux_http::protocol::{HttpRequest, HttpResponse};
use futures::executor::block_on;
use kith_protocol::{CircleId, access::AccessLog};
use kith_server::{
    AppState, Config, MemoryStore, Store, open_store,
    store::{Quota, Work},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::{path::Path, sync::Arc};
use tokio::sync::watch;
use tower_service::Service;

pub struct Server {
    runner: Runner,
    state: AppState,
    router: Router,
    sockets: Sockets,
    clock: Clock,
    /// Where the circles are, if that is memory.
    memory: Option<Arc<MemoryStore>>,
    _running: watch::Sender<bool>,
}

impl Server {
    /// A server with nothing in it, whose limits are out of the way.
    pub fn new(clock: &Clock, seed: u64) -> anyhow::Result<Self> {
        Self::with_room(clock, seed, Quota::default())
    }

    /// The same, with so much room for a circle.
    pub fn with_room(clock: &Clock, seed: u64, quota: Quota) -> anyhow::Result<Self> {
        let config = Config::try_parse_from([
            "kith-server",
            "--store=memory:",
            "--requests-per-second=1e9",
            "--request-burst=1e9",
            "--circles-per-hour=1e9",
            "--frames-per-second=1e9",
        ])?;
        let memory = Arc::new(MemoryStore::new(quota));
        Ok(Self::in_memory(config, memory, clock, seed))
    }

    /// The same over a database file, for what is measured.
    pub fn on_sqlite(file: &Path, clock: &Clock, seed: u64) -> anyhow::Result<Self> {
        let store = format!("--store=sqlite:{}", file.display());
        let config = Config::try_parse_from([
            "kith-server",
            &store,
            "--requests-per-second=1e9",
            "--request-burst=1e9",
        ])?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let store = runtime.block_on(open_store(&config.store, &config.limits))?;
        Ok(Self::with(config, Runner::Runtime(runtime), store, clock, seed))
    }

    fn in_memory(config: Config, memory: Arc<MemoryStore>, clock: &Clock, seed: u64) -> Self {
        let server = Self::with(config, Runner::Here, memory.clone(), clock, seed);
        Self { memory: Some(memory), ..server }
    }

    /// Another server that holds now what this one holds, with nobody connected. None over a database.
    pub fn copy(&self) -> Option<Self> {
        let memory = Arc::new(self.runner.run(self.memory.as_ref()?.backup()));
        let seed = u64::from_le_bytes(self.state.random());
        Some(Self::in_memory(self.state.config.clone(), memory, &self.clock, seed))
    }

    fn with(config: Config, runner: Runner, store: Arc<dyn Store>, clock: &Clock, seed: u64) -> Self {
        let (running, stopping) = watch::channel(false);
        let time = clock.clone();
        let entropy = ChaCha20Rng::seed_from_u64(seed);
        let state = AppState::new(config, store, Arc::new(move || time.now()), entropy, stopping);
        let router = kith_server::router(state.clone());
        let clock = clock.clone();
        Self { runner, router, sockets: Sockets::default(), state, clock, memory: None, _running: running }
    }

    /// What the operator does once a backup is restored.
    pub fn mark_restored(&self) -> anyhow::Result<()> {
        let since = self.clock.now();
        self.runner.run(self.state.store.perform(Work::Restored { since }, since))?;
        Ok(())
    }

    /// The access stream of a circle, as it is here.
    pub fn access_log(&self, circle: CircleId) -> Option<AccessLog> {
        let found = self.runner.run(self.state.store.circle(circle)).ok()??;
        Some(found.access().clone())
    }

    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// A socket was opened to a host.
    pub fn connect(&mut self, cable: u64, host: &str) {
        self.sockets.connect(&self.state, cable, host);
    }

    /// A frame arrived on a socket.
    pub fn frame(&mut self, cable: u64, frame: &[u8]) {
        self.sockets.frame(&self.runner, &self.state, cable, frame);
    }

    /// A socket is gone.
    pub fn gone(&mut self, cable: u64) {
        self.sockets.gone(cable);
    }

    /// What goes out on sockets now, in order; `None` closes one.
    pub fn take_frames(&mut self) -> Vec<(u64, Option<Vec<u8>>)> {
        self.sockets.spread(&self.runner, &self.state);
        self.sockets.take().collect()
    }

    /// Answers a request, wherever its URL points to.
    pub fn http(&mut self, request: &HttpRequest) -> anyhow::Result<HttpResponse> {
        let (host, path) = split(&request.url);
        let mut builder = Request::builder().method(request.method.as_str()).uri(path).header("host", host);
        for header in &request.headers {
            builder = builder.header(&header.name, &header.value);
        }
        let request = builder.body(Body::from(request.body.clone()))?;
        let call = self.router.call(request);
        self.runner.run(async {
            let response = call.await.unwrap_or_else(|never| match never {});
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await?;
            Ok(HttpResponse::status(status).body(body.to_vec()).build())
        })
    }
}

/// What carries the server's futures: nothing where they are always ready, a runtime where a database answers.
pub enum Runner {
    Here,
    Runtime(tokio::runtime::Runtime),
}

impl Runner {
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        match self {
            Self::Here => block_on(future),
            Self::Runtime(runtime) => runtime.block_on(future),
        }
    }
}

/// Host and path of a URL.
fn split(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or((rest, "/"), |at| rest.split_at(at))
}
