//! What a browser fetches the first time, as `cargo xtask web` compressed it.

use super::row::{Row, number};
use anyhow::Result;
use std::{fs, path::Path};

const NAME: &str = "web_first_load";
const BUDGET: f64 = 850_000.0;

pub fn measure() -> Result<Vec<Row>> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist");
    let total = if dist.is_dir() { first_load(&dist)? } else { None };
    Ok(vec![total.map_or_else(
        || Row::missing(NAME, "bytes", BUDGET),
        |bytes| Row::at_most(NAME, number(bytes), "bytes", BUDGET),
    )])
}

/// Everything that is text or program, brotli as it lies there; none if it was not compressed.
fn first_load(folder: &Path) -> Result<Option<u64>> {
    let mut total = 0;
    let mut compressed = false;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let Some(inside) = first_load(&path)? else { continue };
            compressed = true;
            total += inside;
        } else if path.extension().is_some_and(|extension| extension == "br") {
            compressed = true;
            total += fs::metadata(&path)?.len();
        }
    }
    Ok(compressed.then_some(total))
}
