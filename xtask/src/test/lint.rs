//! Formatting, clippy, and cargo-deny where it is installed (building it takes minutes).

use crate::run::{cargo, run as run_command, succeeds};
use anyhow::{Result, bail};

/// Does all of them, then tells every fault.
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
    let mut checks = vec![cargo(["fmt", "--all", "--check"]), cargo(clippy)];
    if succeeds(&mut cargo(["deny", "--version"])) {
        checks.push(cargo(["deny", "--workspace", "check", "bans", "licenses", "sources"]));
    } else {
        println!("licences are not checked: cargo-deny is not installed (cargo install --locked cargo-deny)");
    }
    let faults = checks.iter_mut().filter_map(|check| run_command(check).err());
    let faults: Vec<String> = faults.map(|fault| fault.to_string()).collect();
    if faults.is_empty() { Ok(()) } else { bail!(faults.join("; ")) }
}
