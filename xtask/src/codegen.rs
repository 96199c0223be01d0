//! Bindings and value types of the core for Swift and Kotlin. They are made, never committed.
//!
//! The library is built with the generators' features too: one build instead of two.

use crate::{
    repo,
    run::{cargo, program, run},
    swift_types, tokens,
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub fn all() -> Result<()> {
    swift()?;
    kotlin()
}

/// Into android/core/generated: `bindings` (uniffi), `types` (facet) and the tokens.
pub fn kotlin() -> Result<()> {
    let library = build()?;
    let out = fresh("android/core/generated")?;
    bindings(&library, "kotlin", &out.join("bindings"))?;
    types("kotlin", &out.join("types"))?;
    tokens::generate(repo::root())
}

/// Into ios/Generated: `SharedTypes` (facet), `Bindings` (uniffi's Swift file), `sharedFFI` (its C header and a module
/// map), and the tokens. ios/Package.swift makes targets of the folders.
pub fn swift() -> Result<()> {
    let library = build()?;
    let out = fresh("ios/Generated")?;
    bindings(&library, "swift", &out.join("Bindings"))?;
    c_module(&out)?;
    types("swift", &out)?;
    let source = out.join("SharedTypes/Sources/SharedTypes/SharedTypes.swift");
    fs::write(&source, swift_types::mended(&fs::read_to_string(&source)?))?;
    tokens::generate(repo::root())
}

/// Builds the core as a dynamic library, and the generators.
fn build() -> Result<PathBuf> {
    run(&mut cargo(["build", "--quiet", "--package", "shared", "--features", "facet_typegen"]))?;
    let name = if cfg!(target_os = "macos") { "libshared.dylib" } else { "libshared.so" };
    Ok(repo::debug_dir().join(name))
}

fn bindings(library: &Path, language: &str, out: &Path) -> Result<()> {
    let mut command = program(repo::debug_dir().join("uniffi-bindgen"));
    command.arg("generate").arg("--library").arg(library);
    command.args(["--language", language, "--no-format", "--out-dir"]).arg(out);
    run(&mut command)
}

fn types(language: &str, out: &Path) -> Result<()> {
    run(program(repo::debug_dir().join("codegen")).arg(language).arg(out))
}

/// The C header as a module of its own. uniffi's module map names modules that only Apple's compiler has.
fn c_module(out: &Path) -> Result<()> {
    let (bindings, module) = (out.join("Bindings"), out.join("sharedFFI"));
    fs::create_dir_all(&module)?;
    fs::rename(bindings.join("sharedFFI.h"), module.join("sharedFFI.h"))?;
    fs::remove_file(bindings.join("sharedFFI.modulemap"))?;
    let map = "module sharedFFI {\n    header \"sharedFFI.h\"\n    link \"shared\"\n    export *\n}\n";
    Ok(fs::write(module.join("module.modulemap"), map)?)
}

/// An empty folder, so that what is no longer generated is gone.
fn fresh(folder: &str) -> Result<PathBuf> {
    let folder = repo::path(folder);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
