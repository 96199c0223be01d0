//! The server's tests from outside: one suite on every store, sessions, and the server as a process.

mod invitations;
mod openapi;
mod process;
mod restore;
mod session;
mod store;
mod support;
