//! `POST /v1/challenge` and `POST /v1/token`: proving who one is, for a token; `…/key` for a device that has its keys and
//! not its number, limited by address because it tells a circle's id by its beginning.

use axum::{extract::State, response::Response};

use super::body::{Body, cbor};
use crate::{
    auth::{ClientAddress, HostName},
    error::ApiError,
    state::AppState,
};

/// Gives a challenge.
pub async fn challenge(
    State(state): State<AppState>,
    host: HostName,
    Body(body): Body,
) -> Result<Response, ApiError> {
    Ok(cbor(state.service(&host).challenge(&body, state.now_ms(), state.random()).await?))
}

/// Gives a token for an answered challenge.
pub async fn token(
    State(state): State<AppState>,
    host: HostName,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let answer = state.service(&host).token(&body, state.now_ms(), state.random()).await?;
    state.metrics.tokens_issued.up();
    Ok(cbor(answer))
}

/// Gives a challenge for a circle of which the beginning is known.
pub async fn key_challenge(
    State(state): State<AppState>,
    address: ClientAddress,
    host: HostName,
    Body(body): Body,
) -> Result<Response, ApiError> {
    state.look_up(address)?;
    Ok(cbor(state.service(&host).key_challenge(&body, state.now_ms(), state.random()).await?))
}

/// Gives a token to the device that holds a key.
pub async fn key_token(
    State(state): State<AppState>,
    host: HostName,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let answer = state.service(&host).key_token(&body, state.now_ms(), state.random()).await?;
    state.metrics.tokens_issued.up();
    Ok(cbor(answer))
}
