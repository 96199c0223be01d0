//! The Swift bridge, against the real core and the real server.

use crate::{
    codegen,
    count::Counts,
    repo,
    run::{cargo, counted, run as run_command},
    swift,
};
use anyhow::Result;

pub fn run(counts: &mut Counts) -> Result<()> {
    let swift = swift::set_up()?;
    codegen::swift()?;
    run_command(&mut cargo(["build", "--quiet", "--package", "kith-server"]))?;
    let debug = repo::debug_dir();
    let script = format!(
        "set -e; cd '{ios}'; export LD_LIBRARY_PATH='{debug}' DYLD_LIBRARY_PATH='{debug}' KITH_SERVER='{debug}/kith-server'\n{TEST}",
        ios = repo::path("ios").display(),
        debug = debug.display(),
    );
    counted(&mut swift.shell(&script), counts)
}

/// Swift Testing tells its results on standard error.
const TEST: &str = "swift format lint --strict --recursive KithKit Package.swift
swift test -Xlinker -L\"$LD_LIBRARY_PATH\" 2>&1";
