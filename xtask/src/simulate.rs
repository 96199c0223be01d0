//! `cargo xtask simulate`: many seeds, a kept plan, or one safeguard switched off, in an optimised build.

use crate::run::{cargo, run as run_command};
use anyhow::Result;

/// A build with switches in it never lies where other builds look for their parts: `shared` is a library for phones too,
/// whose file has the same name whatever its features are.
const SABOTAGE: [&str; 4] = ["--features", "sabotage", "--target-dir", "target/sabotage"];

#[derive(clap::Args)]
pub struct Options {
    /// How many seeds to play.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// Plays this plan instead of seeds.
    #[arg(long, alias = "plan")]
    replay: Option<String>,
    /// Switches this safeguard of the product off until somebody misses it.
    #[arg(long)]
    sabotage: Option<String>,
    /// Handed on to the simulation.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let mut command = cargo(["run", "--release", "--quiet", "--package", "kith-tests", "--bin", "simulate"]);
    if let Some(name) = &options.sabotage {
        command.args(SABOTAGE).args(["--", "--shrink", "--sabotage", name]);
    } else {
        command.arg("--");
    }
    if let Some(plan) = &options.replay {
        command.args(["--replay", plan]);
    }
    run_command(command.arg("--seeds").arg(options.seeds.to_string()).args(&options.arguments))
}
