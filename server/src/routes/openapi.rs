//! The document that describes the HTTP part; a test keeps it true to the routes.

use axum::{http::header, response::IntoResponse};

/// `OpenAPI` 3.1, as JSON.
pub const DOCUMENT: &str = include_str!("../../openapi.json");

/// `GET /openapi.json`.
pub async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], DOCUMENT)
}
