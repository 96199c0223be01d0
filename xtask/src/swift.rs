//! Swift: the one in PATH, or on Debian one in a folder of its own (100 s and 3 GB, once).
//!
//! Debian 12 has no Swift, Debian 13 has: `debootstrap` puts a small Debian 13 into the cache folder. Commands run
//! in it with `chroot`, inside a mount namespace of their own, so that no mount is left behind, whatever happens.

use crate::{
    repo,
    run::{output, program, run},
    tools::{self, DEBOOTSTRAP},
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const SUITE: &str = "trixie";
const PACKAGES: &str =
    "swiftlang swiftlang-dev libc6-dev libstdc++-14-dev libsqlite3-dev git ca-certificates";

/// Where `swift` is to be run.
pub enum Swift {
    Here,
    /// In this folder, a whole Debian.
    Within(PathBuf),
}

/// Finds Swift, or sets it up.
pub fn set_up() -> Result<Swift> {
    if tools::in_path("swift").is_some() {
        return Ok(Swift::Here);
    }
    if !tools::debian() {
        bail!("Swift is missing: {}", DEBOOTSTRAP.elsewhere);
    }
    if !tools::is_root() {
        bail!(
            "Swift is missing: sudo env PATH=\"$PATH\" cargo xtask test swift (sets Debian's up), or {}",
            DEBOOTSTRAP.elsewhere
        );
    }
    let root = repo::cache_dir()?.join("swift");
    let swift = Swift::Within(root.clone());
    let ready = root.join("var/lib/kith-ready");
    if !ready.exists() {
        build(&root, &swift)?;
        fs::write(ready, PACKAGES)?;
    }
    Ok(swift)
}

impl Swift {
    /// A shell script, run where `swift` is; the repository is at the same path there.
    pub fn shell(&self, script: &str) -> Command {
        match self {
            Self::Here => {
                let mut command = program("bash");
                command.args(["-c", script]);
                command
            }
            Self::Within(root) => {
                let mut command = program("unshare");
                command.args(["--mount", "--propagation", "private", "bash", "-c", ENTER, "kith"]);
                command.arg(root).arg(repo::root()).arg(script);
                command
            }
        }
    }
}

/// $1 the folder, $2 the repository, $3 the script.
const ENTER: &str = r#"set -eu # in Swift's own folder
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mkdir -p "$1$2"
mount --bind "$2" "$1$2"
exec chroot "$1" /usr/bin/env HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin bash -c "$3""#;

fn build(root: &Path, swift: &Swift) -> Result<()> {
    let debootstrap = tools::need(&DEBOOTSTRAP)?;
    println!("setting up Swift in {} (about two minutes, once)", root.display());
    if !root.join("usr/bin/apt-get").exists() {
        fs::create_dir_all(root)?;
        run(program(debootstrap).arg("--variant=minbase").arg(SUITE).arg(root).arg(mirror()?))?;
        // The machine's own way to its mirror: proxies, timeouts, certificates.
        run(program("cp").arg("-r").arg("/etc/apt/apt.conf.d/.").arg(root.join("etc/apt/apt.conf.d")))?;
    }
    let install = format!(
        "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends {PACKAGES}"
    );
    run(&mut swift.shell(&install))
}

/// The Debian mirror that this machine uses.
fn mirror() -> Result<String> {
    let find = "sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources 2>/dev/null; \
                sed -n 's/^deb  *\\(\\[[^]]*\\] *\\)\\{0,1\\}\\(http[^ ]*\\).*/\\2/p' /etc/apt/sources.list 2>/dev/null; true";
    let found = output(program("bash").args(["-c", find]))?;
    let mirror = found.lines().find(|line| line.contains("debian") && !line.contains("security"));
    Ok(mirror.context("no Debian mirror in /etc/apt")?.trim().to_owned())
}
