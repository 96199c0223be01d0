//! Where things are in the repository, whatever folder the command was run in.

use std::{
    env,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// What cargo says when it runs xtask: two checkouts may share a target folder, and with it this program.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&folder).parent().unwrap_or_else(|| Path::new(".")).to_owned()
});

/// The repository's root.
pub fn root() -> &'static Path {
    &ROOT
}

/// A path below the root.
pub fn path(relative: impl AsRef<Path>) -> PathBuf {
    root().join(relative)
}

/// Where cargo puts native builds of the dev profile.
pub fn debug_dir() -> PathBuf {
    target_dir().join("debug")
}

/// Where cargo puts native builds.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), |dir| root().join(dir))
}

/// Where things are kept that are slow to set up and belong to no checkout.
pub fn cache_dir() -> anyhow::Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = base.or_else(home).ok_or_else(|| anyhow::anyhow!("neither XDG_CACHE_HOME nor HOME is set"))?;
    Ok(base.join("kith"))
}
