//! Makes `web/dist`, the files that the server hands out. Where to start reading: `run`, which is the recipe.
//!
//! Its own program and not a part of xtask, so that xtask builds in seconds.

mod assets;
mod compile;
mod compress;
mod dist;
mod glue;
#[cfg(test)]
mod icons;
mod page;
#[path = "../../../xtask/src/tokens.rs"]
mod tokens;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use std::path::{Path, PathBuf};

/// Builds the web app and puts everything that it loads into web/dist; prints the sizes as JSON.
#[derive(Parser)]
struct Options {
    #[arg(long, value_enum, default_value_t = Profile::Web)]
    profile: Profile,
    /// A wasm file that was built before; else it is built now.
    #[arg(long)]
    wasm: Option<PathBuf>,
    /// Makes the wasm smaller with wasm-opt (of the npm package `binaryen`).
    #[arg(long)]
    wasm_opt: bool,
    /// Where to, instead of web/dist.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Cargo's profiles for the web app.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// As it is shipped: small, and compressed beforehand.
    Web,
    /// The same code for the browser tests, built in a third of the time and not compressed.
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

fn main() -> anyhow::Result<()> {
    run(&Options::parse())
}

fn run(options: &Options) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("the repository's root")?;
    let wasm = match &options.wasm {
        Some(wasm) => wasm.clone(),
        None => compile::compile(root, options.profile)?,
    };
    tokens::generate(root)?;
    let mut glue = glue::glue(&wasm)?;
    if options.wasm_opt {
        glue.wasm = glue::optimised(&glue.wasm)?;
    }
    let out = options.out.clone().unwrap_or_else(|| root.join("web/dist"));
    let mut dist = dist::Dist::fresh(&out)?;
    assets::add(&mut dist, root, &glue)?;
    let compressed = options.profile == Profile::Web;
    if compressed {
        compress::all(&mut dist)?;
    }
    println!("{}", serde_json::to_string_pretty(&dist.sizes(options.profile.name()))?);
    Ok(())
}
