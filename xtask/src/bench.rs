//! `cargo xtask bench`: the budgets of DESIGN.md, section 9, measured in an optimised build.

use crate::run::{cargo, run as run_command};
use anyhow::Result;

#[derive(clap::Args)]
pub struct Options {
    /// Handed on to the bench program; `--help` lists what it knows.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let mut command =
        cargo(["run", "--release", "--quiet", "--package", "kith-tests", "--bin", "bench", "--"]);
    run_command(command.args(&options.arguments))
}
