//! The folder that is made: files under their final names, and how large they are.

use anyhow::Context;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

pub struct Dist {
    folder: PathBuf,
    files: BTreeMap<String, Sizes>,
    /// Over every name and content: the version of the whole.
    whole: Sha256,
}

/// In bytes.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Sizes {
    pub plain: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brotli: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gzip: Option<usize>,
}

#[derive(Serialize)]
pub struct Report<'a> {
    profile: &'a str,
    version: String,
    /// What the first visit loads before something can be done, as it goes over the wire.
    first_load: Sizes,
    files: &'a BTreeMap<String, Sizes>,
}

impl Dist {
    /// An empty folder, with nothing left of an earlier run.
    pub fn fresh(folder: &Path) -> anyhow::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
        }
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(Self { folder: folder.to_owned(), files: BTreeMap::new(), whole: Sha256::new() })
    }

    /// Writes a file under its own name.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.path(name);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        self.whole.update(name.as_bytes());
        self.whole.update(bytes);
        self.files.insert(name.to_owned(), Sizes { plain: bytes.len(), ..Sizes::default() });
        Ok(())
    }

    /// Writes a file under a name that holds its hash, and gives that name.
    pub fn add_hashed(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> anyhow::Result<String> {
        let name = format!("{stem}-{}.{extension}", hex(&Sha256::digest(bytes)));
        self.add(&name, bytes)?;
        Ok(name)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    pub fn sizes_of(&mut self, name: &str) -> Option<&mut Sizes> {
        self.files.get_mut(name)
    }

    /// Changes whenever anything in the folder does.
    pub fn version(&self) -> String {
        hex(&self.whole.clone().finalize())
    }

    pub fn sizes<'a>(&'a self, profile: &'a str) -> Report<'a> {
        let mut first_load = Sizes::default();
        // Installing takes the rest later.
        let needed = |name: &str| {
            ["html", "js", "css", "wasm"].iter().any(|end| name.ends_with(end)) && name != "sw.js"
        };
        for sizes in self.files.iter().filter(|(name, _)| needed(name)).map(|(_, sizes)| sizes) {
            first_load.plain += sizes.plain;
            first_load.brotli = sizes.brotli.map(|bytes| bytes + first_load.brotli.unwrap_or(0));
            first_load.gzip = sizes.gzip.map(|bytes| bytes + first_load.gzip.unwrap_or(0));
        }
        Report { profile, version: self.version(), first_load, files: &self.files }
    }
}

/// Sixteen hexadecimal digits: enough to tell versions apart.
fn hex(hash: &[u8]) -> String {
    hash.iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
