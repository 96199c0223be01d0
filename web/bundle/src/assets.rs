//! Which files there are, and what each is told of the names of the others.

use crate::{dist::Dist, glue::Glue, page::fill, tokens};
use anyhow::Context;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Everything but the compressed copies.
pub fn add(dist: &mut Dist, root: &Path, glue: &Glue) -> anyhow::Result<()> {
    let web = root.join("web");
    for (name, text) in &glue.snippets {
        dist.add(name, text.as_bytes())?;
    }
    let wasm = dist.add_hashed("app", "wasm", &glue.wasm)?;
    let app = dist.add_hashed("app", "js", glue.js.as_bytes())?;
    let start = fill(&read(&web.join("static/start.js"))?, &[("app.js", &app), ("app.wasm", &wasm)])?;
    let start = dist.add_hashed("start", "js", start.as_bytes())?;
    let check = dist.add_hashed("check", "js", read(&web.join("static/check.js"))?.as_bytes())?;
    let style = dist.add_hashed("style", "css", style(root)?.as_bytes())?;
    let names = [
        ("app.js", app.as_str()),
        ("app.wasm", &wasm),
        ("start.js", &start),
        ("check.js", &check),
        ("style.css", &style),
        ("icons", &read(&web.join("icons.svg"))?),
    ];
    dist.add("index.html", fill(&read(&web.join("static/index.html"))?, &names)?.as_bytes())?;
    for path in files(&web.join("static/root"))? {
        let name = path.file_name().and_then(|name| name.to_str()).context("a name in plain letters")?;
        dist.add(name, &fs::read(&path)?)?;
    }
    // Last, as it names all the others. `index.html` is kept under the path `/`.
    let list: Vec<String> =
        dist.names().iter().map(|name| format!("/{}", name.replace("index.html", ""))).collect();
    let worker = read(&web.join("sw.js"))?;
    let worker = fill(&worker, &[("version", &dist.version()), ("files", &serde_json::to_string(&list)?)])?;
    dist.add("sw.js", worker.as_bytes())
}

/// The tokens, then the files of web/style in the order of their names.
fn style(root: &Path) -> anyhow::Result<String> {
    let mut style = read(&root.join(tokens::CSS))?;
    for path in files(&root.join("web/style"))? {
        style.push_str(&read(&path)?);
    }
    Ok(style)
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.is_file());
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
