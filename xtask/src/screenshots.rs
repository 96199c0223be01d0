//! `cargo xtask screenshots`: the browser tests that take pictures, and only those; then the README's pictures anew.

use crate::{repo, run, test};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

const TAKEN: &str = "tests/browser/out";
const SHOWN: &str = "docs/screenshots";

/// What README.md shows: where it was taken, what the tour calls it, its file.
const README: [(&str, &str, &str); 4] = [
    ("en/light", "today", "today.png"),
    ("en/light", "log", "log.png"),
    ("en/light", "tasks-claimed", "tasks.png"),
    ("fr/night", "quick-log", "quick-log-night-fr.png"),
];

pub fn run() -> Result<()> {
    let mut command = test::playwright()?;
    run::run(command.args(["--grep", "@screenshots"]).env("KITH_SCREENSHOTS", "1"))?;
    for (folder, name, file) in README {
        let taken = picture(&repo::path(TAKEN).join(folder), name)?;
        fs::copy(&taken, repo::path(SHOWN).join(file))
            .with_context(|| format!("copying {}", taken.display()))?;
    }
    Ok(())
}

/// The newest picture of that name. The tour counts its pictures, and the number moves when a screen is added: `34-today.png`.
fn picture(folder: &Path, name: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("no pictures in {}", folder.display()))?;
    let of_name = entries.filter_map(Result::ok).filter(|entry| {
        let file = entry.file_name();
        let parts = file.to_str().and_then(|file| file.strip_suffix(".png")?.split_once('-'));
        parts.is_some_and(|(number, rest)| rest == name && number.parse::<u32>().is_ok())
    });
    let newest = of_name.max_by_key(|entry| entry.metadata().and_then(|data| data.modified()).ok());
    newest.map(|entry| entry.path()).with_context(|| format!("the tour has no picture named {name}"))
}
