//! The host that a client dialled: what devices sign, so that a proof for one host is worth nothing at another.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

use crate::state::AppState;

/// The configured host, or else the request's Host header in lower case.
#[derive(Clone, Debug)]
pub struct HostName(pub String);

impl FromRequestParts<AppState> for HostName {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        if let Some(host) = &state.config.host {
            return Ok(Self(host.clone()));
        }
        let host = parts.headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self(host.to_ascii_lowercase()))
    }
}
