//! `POST /v1/sync` and `GET /v1/socket`: the two ways into a sync session.

use axum::{
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    response::Response,
};

use super::body::{Body, cbor};
use crate::{
    auth::{ClientAddress, HostName},
    error::ApiError,
    state::AppState,
    sync::run_connection,
};

/// A whole session in one request.
pub async fn sync(
    State(state): State<AppState>,
    host: HostName,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let synced = state.service(&host).sync(&body, state.now_ms()).await?;
    for news in synced.news {
        state.publish(news);
    }
    Ok(cbor(synced.body))
}

/// A session that stays open.
pub async fn socket(
    State(state): State<AppState>,
    address: ClientAddress,
    host: HostName,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|_| ApiError::UpgradeRequired)?;
    let guard = state.sockets.enter(address.0).ok_or(ApiError::TooManySockets)?;
    let most = state.config.limits.max_body_bytes;
    // The default read buffer of 128 KiB, allocated for each socket, would break the memory budget.
    let upgrade =
        upgrade.read_buffer_size(4096).write_buffer_size(4096).max_message_size(most).max_frame_size(most);
    Ok(upgrade.on_upgrade(move |socket| run_connection(socket, state, host.0, guard)))
}
