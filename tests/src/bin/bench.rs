//! `bench [NAME…]`: measures what the project promises, one JSON object a line, then how many budgets hold.

use clap::Parser;
use kith_tests::bench::ALL;
use std::io::Write;

/// Measures the numbers of docs/performance.md. Build with --release.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// Which groups; all without any: web, access, bytes, catch-up, server, years.
    names: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut out = std::io::stdout();
    let (mut passed, mut failed) = (0, 0);
    for bench in &ALL {
        if !arguments.names.is_empty() && !arguments.names.iter().any(|name| name == bench.name) {
            continue;
        }
        writeln!(std::io::stderr(), "{}…", bench.name)?;
        for row in (bench.run)()? {
            writeln!(out, "{}", serde_json::to_string(&row)?)?;
            match row.holds {
                Some(true) => passed += 1,
                Some(false) => failed += 1,
                None => {}
            }
        }
        out.flush()?;
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    if failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}
