//! The Kotlin bridge on a JVM, against the real core and the real server.

use crate::{
    codegen,
    count::Counts,
    repo,
    run::{cargo, counted, program, run as run_command},
    tools::{self, JAVA, MAVEN},
};
use anyhow::Result;

pub fn run(counts: &mut Counts) -> Result<()> {
    tools::need(&JAVA)?;
    tools::need(&MAVEN)?;
    codegen::kotlin()?;
    run_command(&mut cargo(["build", "--quiet", "--package", "kith-server"]))?;
    let debug = repo::debug_dir();
    let mut maven = program("mvn");
    maven
        .args(["--batch-mode", "--no-transfer-progress", "verify"])
        .arg(format!("-Dkith.target={}", debug.display()))
        .current_dir(repo::path("android"));
    counted(&mut maven, counts)
}
