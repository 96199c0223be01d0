//! Runs the server on a bound socket until it is told to stop, then lets what is open finish.

use std::{future::IntoFuture, time::Duration};

use tokio::{net::TcpListener, sync::watch};

use crate::{auth::Peer, listener::Listener, router::router, state::AppState};

/// Serves until `stopping` becomes true. Then: no new connections, sockets are closed with 1001, requests and
/// commits that have begun finish, at most for the configured seconds.
pub async fn serve(
    bound: TcpListener,
    state: AppState,
    mut stopping: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let limits = state.config.limits;
    // A live socket answers each ping; an HTTP connection is kept as long.
    let idle = Duration::from_secs(
        limits.ping_seconds.saturating_mul(2).max(limits.hello_seconds).saturating_add(5),
    );
    let listener = Listener::new(bound, limits.max_connections, idle);
    let grace = Duration::from_secs(state.config.shutdown_seconds);
    let app = router(state.clone()).into_make_service_with_connect_info::<Peer>();

    let mut told = stopping.clone();
    tokio::spawn(crate::foreign::follow(state.clone()));
    let closed = tokio::spawn(crate::closed::forget(state.clone()));
    let server = axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            let _ = told.wait_for(|stop| *stop).await;
        })
        .into_future();
    let deadline = async {
        let _ = stopping.wait_for(|stop| *stop).await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        result = server => result?,
        () = deadline => tracing::warn!("some requests did not finish in time"),
    }
    tokio::select! {
        () = state.sockets.emptied() => {}
        () = tokio::time::sleep(grace) => tracing::warn!("some sockets did not close in time"),
    }
    // It ends with the part that it is removing.
    let _ = tokio::time::timeout(grace, closed).await;
    state.store.close().await;
    Ok(())
}
