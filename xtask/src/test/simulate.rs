//! The simulation's own tests, with each safeguard switched off that must be missed, then some hundred seeds.

use crate::{
    count::Counts,
    run::{cargo, counted},
};
use anyhow::Result;

/// How many seeds a test run plays; `cargo xtask simulate --seeds` plays more.
const SEEDS: &str = "120";

pub fn run(counts: &mut Counts) -> Result<()> {
    let own = counted(&mut cargo(["test", "--package", "kith-tests", "--no-fail-fast", "--quiet"]), counts);
    let seeds = ["run", "--quiet", "--package", "kith-tests", "--bin", "simulate", "--", "--seeds", SEEDS];
    counted(&mut cargo(seeds), counts).and(own)
}
