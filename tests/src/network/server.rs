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
use kith_server::{AppState, Config, open_store};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::sync::Arc;
use tokio::sync::watch;
use tower_service::Service;

pub struct Server {
    state: AppState,
    router: Router,
    sockets: Sockets,
    _running: watch::Sender<bool>,
}

impl Server {
    /// A server with nothing in it, whose limits are out of the way.
    pub fn new(clock: &Clock, seed: u64) -> anyhow::Result<Self> {
        let config = Config::try_parse_from([
            "kith-server",
            "--store=memory:",
            "--requests-per-second=1e9",
            "--request-burst=1e9",
            "--circles-per-hour=1e9",
            "--frames-per-second=1e9",
        ])?;
        Self::with(config, clock, seed)
    }

    pub fn with(config: Config, clock: &Clock, seed: u64) -> anyhow::Result<Self> {
        let store = block_on(open_store(&config.store, &config.limits))?;
        let (running, stopping) = watch::channel(false);
        let time = clock.clone();
        let entropy = ChaCha20Rng::seed_from_u64(seed);
        let state = AppState::new(config, store, Arc::new(move || time.now()), entropy, stopping);
        Ok(Self { router: kith_server::router(state.clone()), sockets: Sockets::default(), state, _running: running })
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
        self.sockets.frame(&self.state, cable, frame);
    }

    /// A socket is gone.
    pub fn gone(&mut self, cable: u64) {
        self.sockets.gone(cable);
    }

    /// What goes out on sockets now, in order; `None` closes one.
    pub fn take_frames(&mut self) -> Vec<(u64, Option<Vec<u8>>)> {
        self.sockets.spread(&self.state);
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
        block_on(async {
            let response = self.router.call(request).await.unwrap_or_else(|never| match never {});
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await?;
            Ok(HttpResponse::status(status).body(body.to_vec()).build())
        })
    }
}

/// Host and path of a URL.
fn split(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or((rest, "/"), |at| rest.split_at(at))
}
