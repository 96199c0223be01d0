//! What other nodes changed: hints as they come, and at each poll a look at each circle that somebody follows.

use std::{sync::Arc, time::Duration};

use kith_protocol::CircleId;
use tokio::time::{MissedTickBehavior, interval};

use crate::{state::AppState, sync::News};

/// Runs until the server stops. Does nothing for stores of one node.
pub async fn follow(state: AppState) {
    let Some(mut foreign) = state.store.foreign() else { return };
    let mut poll = interval(Duration::from_secs(state.config.poll_seconds.max(1)));
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            hint = foreign.recv() => match hint {
                Some(circle) => look(&state, circle).await,
                None => return,
            },
            _ = poll.tick() => {
                for circle in state.hub.followed() {
                    look(&state, circle).await;
                }
            }
            () = state.stopped() => return,
        }
    }
}

async fn look(state: &AppState, circle: CircleId) {
    if !state.hub.is_followed(circle) {
        return;
    }
    match state.store.circle(circle).await {
        Ok(Some(now)) => state.hub.publish(Arc::new(News::hint(now))),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "could not look at what another node changed"),
    }
}
