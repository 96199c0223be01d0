//! Tools that cargo does not bring: used when present, installed on Debian as root, else named to the person.

use crate::run::{output, program, run};
use anyhow::{Result, bail};
use std::{
    env,
    path::{Path, PathBuf},
};

/// A program, or a group of programs that come together.
pub struct Tool {
    pub name: &'static str,
    /// Names to look for in PATH, or absolute paths, of which one must exist. A `*` as the last part of a folder's
    /// name stands for any version.
    pub probes: &'static [&'static str],
    /// Debian's packages.
    pub packages: &'static [&'static str],
    /// What to do where there is no apt-get.
    pub elsewhere: &'static str,
}

pub const CHROMIUM: Tool = Tool {
    name: "Chromium",
    probes: &["chromium", "chromium-browser", "google-chrome"],
    packages: &["chromium"],
    elsewhere: "install Chromium or Chrome, so that `chromium` or `google-chrome` is in PATH",
};

pub const POSTGRESQL: Tool = Tool {
    name: "PostgreSQL's programs (initdb, postgres)",
    probes: &["/usr/lib/postgresql/*/bin/initdb", "initdb"],
    packages: &["postgresql"],
    elsewhere: "install PostgreSQL 15 or later, so that `initdb` is in PATH (macOS: brew install postgresql@17)",
};

pub const NODE: Tool = Tool {
    name: "Node.js with npm",
    probes: &["npm"],
    packages: &["nodejs", "npm"],
    elsewhere: "install Node.js 20 or later (macOS: brew install node)",
};

pub const MAVEN: Tool = Tool {
    name: "Maven",
    probes: &["mvn"],
    packages: &["maven"],
    elsewhere: "install Maven 3.8 or later (macOS: brew install maven)",
};

pub const JAVA: Tool = Tool {
    name: "a JDK",
    probes: &["javac"],
    packages: &["openjdk-17-jdk-headless"],
    elsewhere: "install a JDK 17 or later (macOS: brew install openjdk@17)",
};

pub const PYTHON: Tool = Tool {
    name: "Python 3 with venv",
    probes: &["python3"],
    packages: &["python3", "python3-venv"],
    elsewhere: "install Python 3.10 or later",
};

pub const DEBOOTSTRAP: Tool = Tool {
    name: "debootstrap",
    probes: &["debootstrap", "/usr/sbin/debootstrap"],
    packages: &["debootstrap"],
    elsewhere: "install Swift 6 (https://www.swift.org/install), so that `swift` is in PATH",
};

pub const RUSTC_WEB: Tool = Tool {
    name: "Debian's compiler for wasm32 (rustc-web)",
    probes: &["/usr/share/doc/rust-web-src"],
    packages: &["rustc-web", "rust-web-src", "lld"],
    elsewhere: "rustup target add wasm32-unknown-unknown",
};

/// Finds the tool, or sets it up. An error is the one command that a person must run.
pub fn need(tool: &Tool) -> Result<PathBuf> {
    if let Some(found) = find(tool) {
        return Ok(found);
    }
    if !debian() {
        bail!("{} is missing: {}", tool.name, tool.elsewhere);
    }
    let packages = tool.packages.join(" ");
    if !is_root() {
        bail!("{} is missing: sudo apt-get install --no-install-recommends {packages}", tool.name);
    }
    println!("{} is missing; installing {packages}", tool.name);
    apt(&["update", "-q"])?;
    let mut install = vec!["install", "-q", "-y", "--no-install-recommends"];
    install.extend(tool.packages);
    apt(&install)?;
    match find(tool) {
        Some(found) => Ok(found),
        None => bail!("{} is missing, although {packages} was installed", tool.name),
    }
}

/// The first probe that exists.
pub fn find(tool: &Tool) -> Option<PathBuf> {
    tool.probes.iter().find_map(|probe| match probe.split_once("/*/") {
        Some((folder, rest)) => newest(Path::new(folder), rest),
        None if probe.starts_with('/') => Some(PathBuf::from(probe)).filter(|path| path.exists()),
        None => in_path(probe),
    })
}

/// A program of this name in PATH.
pub fn in_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// apt-get is here.
pub fn debian() -> bool {
    Path::new("/etc/debian_version").exists() && in_path("apt-get").is_some()
}

pub fn is_root() -> bool {
    output(program("id").arg("-u")).is_ok_and(|id| id == "0")
}

fn apt(arguments: &[&str]) -> Result<()> {
    run(program("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn newest(folder: &Path, rest: &str) -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = folder
        .read_dir()
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join(rest)))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop()
}
