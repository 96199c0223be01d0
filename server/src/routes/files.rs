//! Everything that is not the API: the web app.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Method, Response, Uri},
};

use crate::{state::AppState, web};

/// The fallback route.
pub async fn files(
    State(state): State<AppState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    web::serve(state.config.web.as_deref(), &method, &uri, &headers).await
}
