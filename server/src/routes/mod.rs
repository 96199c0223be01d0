//! One handler a route; what they do is in `service.rs` and `sync/`.

mod body;
mod circles;
mod files;
mod health;
mod invites;
mod openapi;
mod pairings;
mod sessions;
mod sync;

pub use circles::{about, found, give_back};
pub use files::files;
pub use health::{healthz, metrics, readyz};
pub use invites::invite;
pub use openapi::{DOCUMENT, openapi};
pub use pairings::{answer_pairing, close_pairing, open_pairing, pairing, read_pairing};
pub use sessions::{challenge, key_challenge, key_token, token};
pub use sync::{socket, sync};
