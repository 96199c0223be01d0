//! `cargo xtask fuzz`: the fuzz targets of tests/fuzz under libFuzzer, one after the other.

use crate::{
    repo,
    run::{cargo, run as run_command},
    tools,
};
use anyhow::{Result, bail};
use std::fs;

#[derive(clap::Args)]
pub struct Options {
    /// Which targets; all when none is named.
    targets: Vec<String>,
    /// How long each runs.
    #[arg(long, default_value_t = 600)]
    seconds: u64,
}

/// An input that takes longer than this is a finding.
const SECONDS_AN_INPUT: u64 = 10;
/// A run that takes more memory than this is a finding.
const MEGABYTES: u64 = 1024;

pub fn run(options: &Options) -> Result<()> {
    if tools::in_path("cargo-fuzz").is_none() {
        bail!("cargo-fuzz is missing: cargo install --locked cargo-fuzz");
    }
    let folder = repo::path("tests/fuzz");
    let corpus = folder.join("corpus");
    let seeds = ["run", "--quiet", "--package", "kith-fuzz", "--bin", "kith-fuzz-seeds", "--"];
    run_command(cargo(seeds).arg(&corpus))?;
    for target in targets(options)? {
        // The code is safe Rust: what a sanitizer of addresses looks for cannot be in it, and without one it runs on
        // the stable compiler. Overflow and debug assertions are on.
        let build = ["fuzz", "run", "--sanitizer", "none", "--features", "fuzzing", "--fuzz-dir"];
        let mut command = cargo(build);
        command.arg(&folder).arg(&target).arg("--");
        command.arg(format!("-max_total_time={}", options.seconds));
        command.arg(format!("-timeout={SECONDS_AN_INPUT}"));
        command.arg(format!("-rss_limit_mb={MEGABYTES}"));
        command.args(["-max_len=8192", "-print_final_stats=1", "-verbosity=1"]);
        run_command(&mut command)?;
    }
    Ok(())
}

fn targets(options: &Options) -> Result<Vec<String>> {
    if !options.targets.is_empty() {
        return Ok(options.targets.clone());
    }
    let mut names = Vec::new();
    for file in fs::read_dir(repo::path("tests/fuzz/fuzz_targets"))? {
        names.extend(file?.path().file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}
