//! `POST /v1/circles`: founding. Needs no token, so it is limited by address.

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
    let now_ms = state.now_ms();
    if let Err(wait_ms) = state.foundings.take(address.0, now_ms) {
        state.metrics.rate_limited.up();
        return Err(ApiError::RateLimited { wait_ms });
    }
    let answer = state.service(&host).found(&body, now_ms, state.random()).await?;
    state.metrics.circles_founded.up();
    Ok(cbor(answer))
}
