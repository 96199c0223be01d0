//! `cargo xtask test`: the parts, and how they are run.

mod api;
mod browser;
mod kotlin;
mod lint;
mod part;
mod runner;
mod server;
mod simulate;
mod swift;
mod unit;
mod web;

pub use browser::playwright;
pub use runner::{Options, run};
