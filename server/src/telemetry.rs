//! Log lines on stderr, as text or JSON. What may be logged: ids in short form, numbers, codes, durations.
//! Never a token, a signature, a body or a URL's query.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Config, LogFormat};

/// Starts logging for the whole process; a second call does nothing. sqlx's statements are not logged unless
/// asked for by name, and never with their values.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = fmt::layer().with_writer(std::io::stderr).with_target(true);
    // The only error is that logging runs already.
    let _ = match config.log_format {
        LogFormat::Text => registry.with(layer.with_ansi(false)).try_init(),
        LogFormat::Json => registry.with(layer.json().flatten_event(true)).try_init(),
    };
}
