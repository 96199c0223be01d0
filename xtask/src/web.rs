//! `cargo xtask web`: the web app, from Rust to the files that the server hands out.

use crate::{
    repo,
    run::{cargo, run as run_command},
    wasm,
};
use anyhow::Result;
use clap::ValueEnum;

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

pub fn run(options: &Options) -> Result<()> {
    bundle(options.profile)
}

/// Builds the app and puts everything that it loads into web/dist.
pub fn bundle(profile: Profile) -> Result<()> {
    run_command(wasm::build()?.args(["--quiet", "--package", "kith-web", "--profile", profile.name()]))?;
    let wasm = repo::path("target-web").join(wasm::TARGET).join(profile.name()).join("kith-web.wasm");
    let mut bundle = cargo(["run", "--quiet", "--package", "kith-bundle", "--"]);
    run_command(bundle.arg("--wasm").arg(wasm).args(["--profile", profile.name()]))
}
