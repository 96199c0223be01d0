//! The crate through its front door: a small circle with a server made of the crate's own checks.
#![expect(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod accept;
mod access_invite;
mod access_members;
mod access_rules;
mod codec;
mod envelope;
mod examples;
mod invariants;
mod keys;
mod kits;
mod pairings;
mod receive;
mod returning;
mod session;
mod snapshots;
mod vectors;
mod world;
