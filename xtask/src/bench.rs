//! `cargo xtask bench`: the budgets of DESIGN.md, section 9, measured in an optimised build.

use crate::{
    run::{cargo, run as run_command},
    web::{self, Profile},
};
use anyhow::Result;

#[derive(clap::Args)]
pub struct Options {
    /// Do not build the web app, which takes minutes; its first load is then that of web/dist, if that is compressed.
    #[arg(long)]
    without_web: bool,
    /// Handed on to the bench program; `--help` lists what it knows.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// The web app is built as it is shipped first, as its first load is one of the numbers.
pub fn run(options: &Options) -> Result<()> {
    if !options.without_web {
        web::bundle(Profile::Web)?;
    }
    let mut command =
        cargo(["run", "--release", "--quiet", "--package", "kith-tests", "--bin", "bench", "--"]);
    run_command(command.args(&options.arguments))
}
