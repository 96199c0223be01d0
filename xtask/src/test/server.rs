//! The server on all three stores; its tests start a PostgreSQL of their own.

use crate::{
    count::Counts,
    run::{cargo, counted},
    tools::{self, POSTGRESQL},
};
use anyhow::Result;

pub fn run(counts: &mut Counts) -> Result<()> {
    tools::need(&POSTGRESQL)?;
    counted(&mut cargo(["test", "--package", "kith-server", "--no-fail-fast", "--quiet"]), counts)
}
