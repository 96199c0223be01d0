//! Playwright with real Chromium against the real server (tests/browser).

use crate::{
    count::Counts,
    repo,
    run::{cargo, counted, program, run as run_command},
    tools::{self, CHROMIUM, NODE},
    web::{self, Profile},
};
use anyhow::Result;
use std::process::Command;

pub fn run(counts: &mut Counts) -> Result<()> {
    counted(&mut playwright()?, counts)
}

/// `playwright test`, with everything set up that it needs: browser, packages, server, web app.
pub fn playwright() -> Result<Command> {
    let chromium = tools::need(&CHROMIUM)?;
    tools::need(&NODE)?;
    web::bundle(Profile::WebTest)?;
    run_command(&mut cargo(["build", "--quiet", "--package", "kith-server"]))?;
    let folder = repo::path("tests/browser");
    run_command(program("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    let mut command = program("npx");
    command
        .args(["--no-install", "playwright", "test"])
        .current_dir(&folder)
        .env("KITH_CHROMIUM", chromium)
        .env("KITH_SERVER", repo::debug_dir().join("kith-server"))
        .env("KITH_WEB", repo::path("web/dist"));
    Ok(command)
}
