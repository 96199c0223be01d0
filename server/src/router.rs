//! Which path goes to which handler, and what is done to every request: limits, CORS, counting.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{auth::ClientAddress, error::ApiError, routes, state::AppState};

/// The API's paths, their methods and handlers: one list, from which the router is made and against which the
/// `OpenAPI` document is tested.
pub const API: [(&str, &str); 19] = [
    ("get", "/v1/about"),
    ("post", "/v1/circles"),
    ("post", "/v1/circles/return"),
    ("post", "/v1/challenge"),
    ("post", "/v1/token"),
    ("post", "/v1/challenge/key"),
    ("post", "/v1/token/key"),
    ("post", "/v1/sync"),
    ("get", "/v1/socket"),
    ("get", "/v1/invites/{id}"),
    ("post", "/v1/pairings"),
    ("get", "/v1/pairings/{id}"),
    ("post", "/v1/pairings/{id}/answer"),
    ("post", "/v1/pairings/{id}/read"),
    ("post", "/v1/pairings/{id}/close"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
    ("get", "/openapi.json"),
];

/// The whole server as one router.
pub fn router(state: AppState) -> Router {
    let v1 = Router::new()
        .route("/about", get(routes::about))
        .route("/circles", post(routes::found))
        .route("/circles/return", post(routes::give_back))
        .route("/challenge", post(routes::challenge))
        .route("/token", post(routes::token))
        .route("/challenge/key", post(routes::key_challenge))
        .route("/token/key", post(routes::key_token))
        .route("/sync", post(routes::sync))
        .route("/socket", get(routes::socket))
        .route("/invites/{id}", get(routes::invite))
        .route("/pairings", post(routes::open_pairing))
        .route("/pairings/{id}", get(routes::pairing))
        .route("/pairings/{id}/answer", post(routes::answer_pairing))
        .route("/pairings/{id}/read", post(routes::read_pairing))
        .route("/pairings/{id}/close", post(routes::close_pairing))
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .fallback(async || ApiError::NotFound)
        .layer(DefaultBodyLimit::max(state.config.limits.max_body_bytes))
        .layer(middleware::from_fn_with_state(state.clone(), limit))
        .layer(middleware::from_fn(cross_origin));
    Router::new()
        .nest("/v1", v1)
        .route("/healthz", get(routes::healthz))
        .route("/readyz", get(routes::readyz))
        .route("/metrics", get(routes::metrics))
        .route("/openapi.json", get(routes::openapi))
        .fallback(routes::files)
        .layer(middleware::from_fn_with_state(state.clone(), count))
        .with_state(state)
}

/// Refuses who asks too fast, before the body is read.
async fn limit(
    State(state): State<AppState>,
    address: ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    if let Err(wait_ms) = state.requests.take(address.0, state.now_ms()) {
        state.metrics.rate_limited.up();
        return ApiError::RateLimited { wait_ms }.into_response();
    }
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > state.config.limits.max_body_bytes as u64) {
        return ApiError::TooLarge.into_response();
    }
    next.run(request).await
}

/// Any origin may call the API: it knows no cookies, and a circle's app may come from another server than the one
/// the circle has moved to.
async fn cross_origin(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        let headers: &mut HeaderMap = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Counts and logs. The path is logged only for what is fixed: an invitation's id names a circle.
async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = match request.uri().path() {
        path if path.starts_with("/v1/invites/") => "/v1/invites/…".to_owned(),
        path if path.starts_with("/v1/pairings/") => "/v1/pairings/…".to_owned(),
        path if path.starts_with("/i/") => "/i/…".to_owned(),
        path if path.starts_with("/d/") => "/d/…".to_owned(),
        path => path.chars().take(64).collect(),
    };
    let method = request.method().clone();
    let started = tokio::time::Instant::now();
    let response = next.run(request).await;
    state.metrics.requests.up();
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        state.metrics.requests_refused.up();
    }
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(%method, path, status = status.as_u16(), micros, "request");
    response
}
