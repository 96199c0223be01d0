//! `cargo xtask screenshots`: the browser tests that take pictures, and only those.

use crate::{run, test};
use anyhow::Result;

pub fn run() -> Result<()> {
    let mut command = test::playwright()?;
    run::run(command.args(["--grep", "@screenshots"]).env("KITH_SCREENSHOTS", "1"))
}
