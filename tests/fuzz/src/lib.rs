//! Bytes from outside, against everything that reads them: one module a target, each with `run`, which may do anything
//! but panic, hang or fill memory, and `seeds`, from which its corpus starts.
//!
//! `cargo xtask fuzz` runs them under libFuzzer; `cargo test -p kith-fuzz` plays the seeds and what was found before
//! (`findings/`). [`guard`] is the acceptance test of the rules of documents: where to start reading.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a panic is how a target says that something is wrong"
)]

pub mod access;
pub mod bridge;
pub mod envelope;
pub mod guard;
pub mod links;
pub mod messages;
mod phone;
pub mod replica;
pub mod storage;
mod vectors;

/// What a target does with bytes.
pub type Run = fn(&[u8]);

/// Every target by name, with its seeds.
pub fn targets() -> Vec<(&'static str, Run, Vec<Vec<u8>>)> {
    vec![
        ("access", access::run, access::seeds()),
        ("bridge", bridge::run, bridge::seeds()),
        ("envelope", envelope::run, envelope::seeds()),
        ("guard", guard::run, guard::seeds()),
        ("links", links::run, links::seeds()),
        ("messages", messages::run, messages::seeds()),
        ("replica", replica::run, replica::seeds()),
        ("storage", storage::run, storage::seeds()),
    ]
}
