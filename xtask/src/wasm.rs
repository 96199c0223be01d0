//! A compiler for wasm32: the toolchain's own when it has the target, else Debian's rustc-web with the standard
//! library built from source.

use crate::{
    repo,
    run::{cargo, output, program},
    tools::{self, RUSTC_WEB},
};
use anyhow::Result;
use std::{path::Path, process::Command};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// `cargo build` for wasm32 into `target-web`: a folder of its own, so that two compilers do not undo each other's work.
pub fn build() -> Result<Command> {
    let sysroot = output(program("rustc").args(["--print", "sysroot"]))?;
    let has_target = Path::new(&sysroot).join("lib/rustlib").join(TARGET).exists();
    let mut command = cargo(["build", "--target", TARGET]);
    if !has_target {
        tools::need(&RUSTC_WEB)?;
        command
            .arg("-Zbuild-std=std,panic_abort")
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker());
    }
    command.env("CARGO_TARGET_DIR", repo::path("target-web"));
    Ok(command)
}

/// Debian names lld's programs by version.
fn linker() -> &'static str {
    if tools::in_path("wasm-ld").is_some() { "wasm-ld" } else { "wasm-ld-14" }
}
