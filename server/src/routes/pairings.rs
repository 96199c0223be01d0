//! `/v1/pairings`: the mailbox of a pairing. What needs no token is limited by address.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::body::{Body, cbor};
use crate::{
    auth::{ClientAddress, HostName},
    error::ApiError,
    state::AppState,
};

/// Opens a mailbox.
pub async fn open_pairing(
    State(state): State<AppState>,
    host: HostName,
    Body(body): Body,
) -> Result<Response, ApiError> {
    Ok(cbor(state.service(&host).open_pairing(&body, state.now_ms()).await?))
}

/// Tells which circle a mailbox is of, and whether it was answered.
pub async fn pairing(
    State(state): State<AppState>,
    address: ClientAddress,
    host: HostName,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    state.look_up(address)?;
    Ok(cbor(state.service(&host).pairing(&id, state.now_ms()).await?))
}

/// Leaves an answer.
pub async fn answer_pairing(
    State(state): State<AppState>,
    address: ClientAddress,
    host: HostName,
    Path(id): Path<String>,
    Body(body): Body,
) -> Result<Response, ApiError> {
    state.look_up(address)?;
    Ok(cbor(state.service(&host).answer_pairing(&id, &body, state.now_ms()).await?))
}

/// Reads the answer.
pub async fn read_pairing(
    State(state): State<AppState>,
    host: HostName,
    Path(id): Path<String>,
    Body(body): Body,
) -> Result<Response, ApiError> {
    Ok(cbor(state.service(&host).read_pairing(&id, &body, state.now_ms()).await?))
}

/// Removes a mailbox.
pub async fn close_pairing(
    State(state): State<AppState>,
    host: HostName,
    Path(id): Path<String>,
    Body(body): Body,
) -> Result<Response, ApiError> {
    Ok(cbor(state.service(&host).close_pairing(&id, &body, state.now_ms()).await?))
}
