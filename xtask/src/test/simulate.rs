//! The simulation's own tests, a build without each safeguard that must be missed, then some hundred seeds.

use crate::{
    count::Counts,
    run::{cargo, counted},
    simulate::SABOTAGE,
};
use anyhow::Result;

/// How many seeds a test run plays; `cargo xtask simulate --seeds` plays more.
const SEEDS: &str = "120";

pub fn run(counts: &mut Counts) -> Result<()> {
    let own = counted(&mut cargo(["test", "--package", "kith-tests", "--no-fail-fast", "--quiet"]), counts);
    let mut sabotage = cargo(["test", "--package", "kith-tests", "--test", "sabotage", "--quiet"]);
    let missed = counted(sabotage.args(SABOTAGE), counts);
    let seeds = ["run", "--quiet", "--package", "kith-tests", "--bin", "simulate", "--", "--seeds", SEEDS];
    counted(&mut cargo(seeds), counts).and(own).and(missed)
}
