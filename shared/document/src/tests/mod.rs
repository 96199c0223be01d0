//! The crate from its front door: several devices, one stream, and an independent reading through Automerge.

mod committed;
mod converge;
mod edits;
mod encodings;
mod engine;
mod guard;
mod history;
mod mutants;
mod peers;
mod storing;
