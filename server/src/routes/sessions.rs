//! `POST /v1/challenge` and `POST /v1/token`: proving who one is, for a token.

use axum::{extract::State, response::Response};

use super::body::{Body, cbor};
use crate::{auth::HostName, error::ApiError, state::AppState};

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
