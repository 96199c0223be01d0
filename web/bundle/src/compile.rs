//! Compiles the web shell: with the toolchain's own wasm32 target, else with Debian's rustc-web, which builds the
//! standard library from source.

use crate::Profile;
use anyhow::{Context, bail};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src";

/// Leptos' views are one type and not one a screen: smaller, and quicker to compile (ADR 0065). For the tests too, which are
/// to test what is shipped.
const ONE_VIEW_TYPE: &str = "--cfg erase_components";
/// What makes the shipped program smaller still where the standard library is built along: a panic ends the program at
/// once, which `start.js` shows as it shows any trap; no places and no `Debug` texts for a panic nobody would read.
const SMALL: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";
const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The wasm file. A target directory of its own, so that two compilers do not undo each other's work.
pub fn compile(root: &Path, profile: Profile) -> anyhow::Result<PathBuf> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args([
        "build",
        "--package",
        "kith-web",
        "--profile",
        profile.name(),
        "--target",
        TARGET,
    ]);
    cargo.env("CARGO_TARGET_DIR", root.join("target-web")).env(FLAGS, ONE_VIEW_TYPE);
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
        if profile == Profile::Web {
            cargo
                .arg("-Zbuild-std-features=optimize_for_size")
                .env(FLAGS, format!("{ONE_VIEW_TYPE} {SMALL}"));
        }
    }
    if !cargo.status().context("running cargo")?.success() {
        bail!("the web shell does not build");
    }
    Ok(root.join("target-web").join(TARGET).join(profile.name()).join("kith-web.wasm"))
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
