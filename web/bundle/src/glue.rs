//! wasm-bindgen as a library: the wasm that a browser loads, and the JavaScript around it.

use anyhow::{Context, bail};
use std::{collections::BTreeMap, fs, path::Path, process::Command};
use wasm_bindgen_cli_support::Bindgen;

pub struct Glue {
    pub wasm: Vec<u8>,
    /// An ES module; its default export loads the wasm.
    pub js: String,
    /// Modules that `js` imports, by the path it uses.
    pub snippets: BTreeMap<String, String>,
}

pub fn glue(wasm: &Path) -> anyhow::Result<Glue> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    let mut output =
        bindgen.generate_output().with_context(|| format!("wasm-bindgen on {}", wasm.display()))?;
    let mut snippets = BTreeMap::new();
    for (folder, files) in output.snippets() {
        for (index, text) in files.iter().enumerate() {
            snippets.insert(format!("snippets/{folder}/inline{index}.js"), text.clone());
        }
    }
    for (path, text) in output.local_modules() {
        snippets.insert(format!("snippets/{path}"), text.clone());
    }
    let js = output.js().to_owned();
    Ok(Glue { wasm: output.wasm_mut().emit_wasm(), js, snippets })
}

/// The same in less bytes.
pub fn optimised(wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
    let folder = std::env::temp_dir().join(format!("kith-wasm-opt-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let (input, output) = (folder.join("in.wasm"), folder.join("out.wasm"));
    fs::write(&input, wasm)?;
    let status = Command::new("npx")
        .args(["--yes", "--package", "binaryen@132", "wasm-opt", "-Oz", "--all-features", "-o"])
        .args([&output, &input])
        .status()
        .context("running npx, which comes with Node.js")?;
    if !status.success() {
        bail!("wasm-opt failed");
    }
    let smaller = fs::read(&output)?;
    fs::remove_dir_all(&folder)?;
    Ok(smaller)
}
