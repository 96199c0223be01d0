//! The crate through its front door: a small circle with a server made of the crate's own checks.

mod accept;
mod access_invite;
mod access_members;
mod access_rules;

mod envelope;
mod keys;
mod receive;
mod session;

mod world;
