//! Closed circles go wholly 30 days after their Close: looked for at start and once an hour. Several nodes may do it at
//! the same time; each takes circles that no other is at work on.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::{
    state::AppState,
    store::{StoreError, Work},
};

/// How long headers, hashes and chain stay after the Close: 30 days in milliseconds.
const KEPT_MS: u64 = 30 * 86_400_000;
const EVERY: Duration = Duration::from_hours(1);

/// Runs until the server stops.
pub async fn forget(state: AppState) {
    let mut hourly = interval_at(Instant::now() + EVERY, EVERY);
    hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        if let Err(error) = sweep(&state).await {
            tracing::warn!(%error, "could not remove closed circles; will try again in an hour");
        }
        tokio::select! {
            _ = hourly.tick() => {}
            () = state.stopped() => return,
        }
    }
}

async fn sweep(state: &AppState) -> Result<(), StoreError> {
    let now_ms = state.now_ms();
    let closed_before = now_ms.saturating_sub(KEPT_MS);
    while state.store.perform(Work::Forget { closed_before }, now_ms).await?.changed {
        if *state.stopping.borrow() {
            break;
        }
    }
    Ok(())
}
