//! Compiles the web shell: with the toolchain's own wasm32 target, else with Debian's rustc-web, which builds the
//! standard library from source.

use anyhow::{Context, bail};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src";

/// The wasm file. A target directory of its own, so that two compilers do not undo each other's work.
pub fn compile(root: &Path, profile: &str) -> anyhow::Result<PathBuf> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args([
        "build",
        "--package",
        "kith-web",
        "--profile",
        profile,
        "--target",
        TARGET,
    ]);
    cargo.env("CARGO_TARGET_DIR", root.join("target-web"));
    if !has_target()? {
        let linker = debian_linker().context(
            "no compiler for wasm32. With rustup: `rustup target add wasm32-unknown-unknown`; \
             on Debian: `apt-get install --no-install-recommends rustc-web rust-web-src lld`",
        )?;
        cargo
            .arg("-Zbuild-std=std,panic_abort")
            .env("RUSTC", DEBIAN_RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    if !cargo.status().context("running cargo")?.success() {
        bail!("the web shell does not build");
    }
    Ok(root.join("target-web").join(TARGET).join(profile).join("kith-web.wasm"))
}

fn has_target() -> anyhow::Result<bool> {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().context("running rustc")?;
    let sysroot = String::from_utf8(sysroot.stdout)?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).exists())
}

/// Debian names lld's programs by version. None when its compiler is not there.
fn debian_linker() -> Option<PathBuf> {
    if !Path::new(DEBIAN_RUSTC).exists() || !Path::new(DEBIAN_SOURCE).exists() {
        return None;
    }
    let names = ["wasm-ld", "wasm-ld-19", "wasm-ld-17", "wasm-ld-16", "wasm-ld-14"];
    names.iter().map(|name| Path::new("/usr/bin").join(name)).find(|path| path.exists())
}
