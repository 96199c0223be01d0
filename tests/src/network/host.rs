//! A real server on a port of its own, for what must go through real HTTP and a real database file.

use super::Clock;
use anyhow::{Context, Result};
use clap::Parser;
use kith_server::{AppState, Config, open_store, serve};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::{path::Path, sync::Arc, thread::JoinHandle};
use tokio::{net::TcpListener, sync::watch};

/// Serves until it is dropped or stopped.
pub struct Host {
    pub origin: String,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Host {
    /// Starts a server that keeps its circles in a file and whose clock is `clock`.
    pub fn start(database: &Path, clock: &Clock) -> Result<Self> {
        let store = format!("--store=sqlite:{}", database.display());
        let config = Config::try_parse_from([
            "kith-server",
            &store,
            "--requests-per-second=1e9",
            "--request-burst=1e9",
            "--circles-per-hour=1e9",
        ])?;
        let (stop, stopping) = watch::channel(false);
        let (ready, bound) = std::sync::mpsc::channel();
        let clock = clock.clone();
        let thread = std::thread::spawn(move || {
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(
                async {
                    let store = open_store(&config.store, &config.limits).await?;
                    let listener = TcpListener::bind("127.0.0.1:0").await?;
                    ready.send(listener.local_addr()?)?;
                    let entropy = ChaCha20Rng::seed_from_u64(1);
                    let state = AppState::new(
                        config,
                        store,
                        Arc::new(move || clock.now()),
                        entropy,
                        stopping.clone(),
                    );
                    serve(listener, state, stopping).await?;
                    Ok(())
                },
            )
        });
        let address = bound.recv().context("the server did not start")?;
        Ok(Self { origin: format!("http://{address}"), stop, thread: Some(thread) })
    }

    /// Stops it and waits until everything is in the file.
    pub fn stop(mut self) -> Result<()> {
        self.finish()
    }

    fn finish(&mut self) -> Result<()> {
        let _ = self.stop.send(true);
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(_)) => anyhow::bail!("the server panicked"),
            None => Ok(()),
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.finish();
    }
}
