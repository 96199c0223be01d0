//! Headers of the web app: what a page may load and do, and how long a file may be kept.

use axum::http::{HeaderMap, HeaderValue, header};

/// Scripts and wasm only from here; connections to any https server, because a circle can move to another one, and
/// to this machine for trials.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
     connect-src 'self' https: wss: http://localhost:* ws://localhost:* http://127.0.0.1:* ws://127.0.0.1:*; \
     worker-src 'self'; manifest-src 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'none'";

/// How long a browser may keep what it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The name carries the content's hash: for ever.
    Forever,
    /// Ask each time whether it changed.
    Revalidate,
    /// Not at all: an invitation's page.
    Never,
}

/// Sets what every answer of the web app carries.
pub fn set_common(headers: &mut HeaderMap, keep: Keep) {
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(
        header::CACHE_CONTROL,
        match keep {
            Keep::Forever => "public, max-age=31536000, immutable",
            Keep::Revalidate => "no-cache",
            Keep::Never => "no-store",
        },
    );
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    );
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::VARY, "accept-encoding");
}

/// The media type by the file's extension.
pub fn media_type(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
