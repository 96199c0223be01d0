//! The server of Kith: it orders, stores and relays a circle's sealed entries, and cannot read them.
//!
//! Where to start reading: [`router()`] (what can be asked), [`Service`] (what is done about it), [`sync`] (sessions),
//! [`store`] (what is kept, and the rules by which). `main.rs` reads the settings, the clock and the randomness.

mod auth;
mod closed;
mod config;
mod error;
mod foreign;
mod listener;
mod metrics;
mod pairings;
mod router;
mod routes;
mod serve;
mod service;
mod state;
pub mod store;
pub mod sync;
pub mod telemetry;
mod web;

pub use auth::CHALLENGE_MS;
pub use config::{Config, Limits, LogFormat, StoreUrl};
pub use error::{ApiError, ErrorBody};
pub use router::{API, router};
pub use routes::DOCUMENT as OPENAPI;
pub use serve::serve;
pub use service::{GivenBack, Service, Synced};
pub use state::{AppState, Clock};
pub use store::{MemoryStore, PostgresStore, SqliteStore, Store, open_store};
pub use sync::Session;
