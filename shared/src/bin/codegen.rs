//! Writes the value types of the bridge for Swift or Kotlin: `codegen swift|kotlin OUT`.

use anyhow::{Context, bail};
use crux_core::type_generation::facet::{Config, TypeRegistry};
use shared::Kith;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let language = arguments.next().context("usage: codegen swift|kotlin OUT")?;
    let out = arguments.next().context("usage: codegen swift|kotlin OUT")?;
    let types = TypeRegistry::new().register_app::<Kith>()?.build()?;
    match language.as_str() {
        "swift" => types.swift(&Config::builder("SharedTypes", &out).build())?,
        "kotlin" => types.kotlin(&Config::builder("org.kith.shared", &out).build())?,
        other => bail!("{other}: swift or kotlin"),
    }
    Ok(())
}
