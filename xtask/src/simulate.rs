//! `cargo xtask simulate`: many seeds, in an optimised build.

use crate::run::{cargo, run as run_command};
use anyhow::Result;

#[derive(clap::Args)]
pub struct Options {
    /// How many seeds to play.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// Handed on to the simulation.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let mut command =
        cargo(["run", "--release", "--quiet", "--package", "kith-tests", "--bin", "simulate", "--"]);
    run_command(command.arg("--seeds").arg(options.seeds.to_string()).args(&options.arguments))
}
