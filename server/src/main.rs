//! The server as a process: reads the settings, the clock and the randomness, and hands them on.

use std::{
    io::Write,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use clap::Parser;
use kith_server::{AppState, Config, open_store, serve, store::Work, telemetry};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::parse();
    telemetry::start(&config);

    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("the system gave no randomness: {error}"))?;
    let store = open_store(&config.store, &config.limits).await.context("could not open the store")?;
    if config.mark_restored {
        let since = now_ms();
        store.perform(Work::Restored { since }, since).await.context("could not mark the circles")?;
        store.close().await;
        writeln!(std::io::stdout(), "every circle waits for its devices, for 24 hours at most")?;
        return Ok(());
    }
    let bound = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("could not listen on {}", config.listen))?;
    let address = bound.local_addr()?;
    tracing::info!(%address, store = ?config.store, web = ?config.web, "starting");

    let (stop, stopping) = watch::channel(false);
    let state =
        AppState::new(config, store, Arc::new(now_ms), ChaCha20Rng::from_seed(seed), stopping.clone());
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!("stopping");
        let _ = stop.send(true);
    });

    // One line, for scripts and tests that asked for port 0.
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on http://{address}")?;
    stdout.flush()?;

    serve(bound, state, stopping).await?;
    tracing::info!("stopped");
    Ok(())
}

/// The only clock of the server.
#[expect(clippy::disallowed_methods, reason = "main.rs alone reads the clock")]
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
