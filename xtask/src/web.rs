//! `cargo xtask web`: the web app, from Rust to the files that the server hands out.

use crate::{
    run::{cargo, output, program, run as run_command},
    tools::{self, RUSTC_WEB},
};
use anyhow::Result;
use clap::ValueEnum;
use std::{
    path::Path,
    process::{Command, Stdio},
};

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, value_enum, default_value_t = Profile::Web)]
    profile: Profile,
}

/// Cargo's profiles for the web app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// As it is shipped.
    Web,
    /// The same code, built in a third of the time.
    WebTest,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::WebTest => "web-test",
        }
    }
}

/// Bundles, and prints what each file weighs.
pub fn run(options: &Options) -> Result<()> {
    run_command(&mut bundler(options.profile)?)
}

/// Makes web/dist: builds the app, and puts everything that it loads beside it.
pub fn bundle(profile: Profile) -> Result<()> {
    run_command(bundler(profile)?.stdout(Stdio::null()))
}

fn bundler(profile: Profile) -> Result<Command> {
    need_compiler()?;
    Ok(cargo(["run", "--quiet", "--package", "kith-web-bundle", "--", "--profile", profile.name()]))
}

/// A compiler for wasm32: the toolchain's own where it has the target, else Debian's.
fn need_compiler() -> Result<()> {
    let sysroot = output(program("rustc").args(["--print", "sysroot"]))?;
    if !Path::new(&sysroot).join("lib/rustlib/wasm32-unknown-unknown").exists() {
        tools::need(&RUSTC_WEB)?;
    }
    Ok(())
}
