//! Every native crate but the server and the simulation, which have parts of their own.

use crate::{
    count::Counts,
    run::{cargo, counted},
};
use anyhow::Result;

pub fn run(counts: &mut Counts) -> Result<()> {
    // With the generators' features, so that the types of the boundary are held still too.
    let arguments =
        ["test", "--workspace", "--features", "shared/facet_typegen", "--no-fail-fast", "--quiet"];
    let others = ["kith-web", "kith-server", "kith-tests"].map(|name| ["--exclude", name]);
    counted(&mut cargo(arguments.iter().chain(others.iter().flatten())), counts)
}
