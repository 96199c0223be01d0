//! The server's tests from outside: one suite on every store, sessions, and the server as a process.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what goes wrong in a test should end it"
)]

mod closed;
mod full;
mod group;
mod invitations;
mod killed;
mod migrations;
mod nodes;
mod older;
mod openapi;
mod pairings;
mod process;
mod quota;
mod restore;
mod returned;
mod routes;
mod session;
mod store;
mod support;
