//! Sync sessions: the state machine, what drives it, and who hears of what.
//!
//! [`Session`] is pure; [`drive`] asks the store what it needs; [`Hub`] takes what one session brought to the others;
//! `connection.rs` moves frames between a WebSocket and a session.

mod connection;
mod drive;
mod hub;
mod news;
mod open;
mod page;
mod reply;
mod session;
mod step;

pub use connection::run_connection;
pub use drive::{Effect, drive};
pub use hub::{Follower, Heard, Hub};
pub use news::News;
pub use session::{Answer, Input, Output, PageLimits, Question, Session};
