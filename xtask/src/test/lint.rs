//! Formatting, clippy, and cargo-deny where it is installed (building it takes minutes).

use crate::run::{cargo, run as run_command, succeeds};
use anyhow::Result;

/// Does all of them, then gives the first fault.
pub fn run() -> Result<()> {
    let clippy = [
        "clippy",
        "--quiet",
        "--workspace",
        "--exclude",
        "kith-web",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    let formatted = run_command(&mut cargo(["fmt", "--all", "--check"]));
    let linted = run_command(&mut cargo(clippy));
    let licensed = if succeeds(&mut cargo(["deny", "--version"])) {
        run_command(&mut cargo(["deny", "--workspace", "check", "bans", "licenses", "sources"]))
    } else {
        println!("licences are not checked: cargo-deny is not installed (cargo install --locked cargo-deny)");
        Ok(())
    };
    formatted.and(linted).and(licensed)
}
