//! `GET /v1/invites/{id}`: whether an invitation can still be used. Asking never spends a use.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::body::cbor;
use crate::{auth::HostName, error::ApiError, state::AppState};

/// Tells an invitation's state.
pub async fn invite(
    State(state): State<AppState>,
    host: HostName,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    Ok(cbor(state.service(&host).invite(&id, state.now_ms()).await?))
}
