//! `POST /v1/circles` and `POST /v1/circles/return`: circles that are new to this server. They need no token, so they are
//! limited by address.

use axum::{extract::State, response::Response};

use super::body::{Body, cbor};
use crate::{
    auth::{ClientAddress, HostName},
    error::ApiError,
    state::AppState,
};

/// Founds a circle.
pub async fn found(
    State(state): State<AppState>,
    address: ClientAddress,
    host: HostName,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let now_ms = may_begin(&state, address)?;
    let answer = state.service(&host).found(&body, now_ms, state.random()).await?;
    state.metrics.circles_founded.up();
    Ok(cbor(answer))
}

/// Takes the access stream of a circle that this server does not know, or not all of.
pub async fn give_back(
    State(state): State<AppState>,
    address: ClientAddress,
    host: HostName,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let now_ms = may_begin(&state, address)?;
    let given = state.service(&host).give_back(&body, now_ms, state.random()).await?;
    if let Some(news) = given.news {
        state.publish(news);
    }
    Ok(cbor(given.body))
}

/// What this server is, for who wants to keep a circle here.
pub async fn about(State(state): State<AppState>, host: HostName) -> Response {
    cbor(state.service(&host).about())
}

/// One more circle for this address; gives the time.
fn may_begin(state: &AppState, address: ClientAddress) -> Result<u64, ApiError> {
    let now_ms = state.now_ms();
    state.foundings.take(address.0, now_ms).map_err(|wait_ms| {
        state.metrics.rate_limited.up();
        ApiError::RateLimited { wait_ms }
    })?;
    Ok(now_ms)
}
