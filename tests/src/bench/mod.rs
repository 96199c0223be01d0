//! The numbers that the project promises to hold, measured through the same doors that people and phones use. Each is a
//! count or a ratio of things done in one run; nothing here passes or fails by a clock alone. See docs/performance.md.

mod access;
mod bytes;
mod catch_up;
mod keystroke;
mod row;
mod server_cpu;
mod start;
mod web;
mod years;

pub use row::Row;

use anyhow::Result;

/// A group of numbers that are measured together.
pub struct Bench {
    pub name: &'static str,
    pub run: fn() -> Result<Vec<Row>>,
}

/// All of them, the quick ones first.
pub const ALL: [Bench; 6] = [
    Bench { name: "web", run: web::measure },
    Bench { name: "access", run: access::measure },
    Bench { name: "bytes", run: bytes::measure },
    Bench { name: "catch-up", run: catch_up::measure },
    Bench { name: "server", run: server_cpu::measure },
    Bench { name: "years", run: years::measure },
];
