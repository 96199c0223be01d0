//! `cargo xtask`: everything a developer runs, each in one command that also sets up what it needs.
//!
//! Start at [`cli`]; every subcommand is a file. xtask stays thin, so that it builds in seconds: it spawns cargo,
//! Maven, Swift and Playwright, and links none of the product.

mod bench;
mod cli;
mod codegen;
mod count;
mod fuzz;
mod repo;
mod run;
mod screenshots;
mod simulate;
mod swift;
mod swift_types;
mod test;
mod tokens;
mod tools;
mod up;
mod web;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // Where in xtask it was noticed helps nobody: no backtrace.
            eprintln!("{fault:#}");
            ExitCode::FAILURE
        }
    }
}
