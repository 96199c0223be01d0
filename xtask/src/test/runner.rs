//! Runs the parts in order, says what is going on and how long it took, and sums up. One failure does not hide
//! the next: every part runs.

use super::part::Part;
use crate::count::Counts;
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub struct Options {
    /// Only these parts, in the usual order.
    #[arg(value_enum)]
    parts: Vec<Part>,
}

struct Outcome {
    part: Part,
    counts: Counts,
    took: Duration,
    fault: Option<anyhow::Error>,
}

pub fn run(options: &Options) -> Result<()> {
    let chosen: Vec<Part> = Part::all()
        .iter()
        .copied()
        .filter(|part| options.parts.is_empty() || options.parts.contains(part))
        .collect();
    let outcomes: Vec<Outcome> = chosen
        .iter()
        .enumerate()
        .map(|(index, part)| {
            println!("\n=== {} ({} of {})", part.name(), index + 1, chosen.len());
            let outcome = run_part(*part);
            println!("=== {}", line(&outcome));
            outcome
        })
        .collect();

    println!("\n=== summary");
    let mut total = Counts::default();
    for outcome in &outcomes {
        println!("{}", line(outcome));
        total += outcome.counts;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if outcomes.iter().any(|outcome| outcome.fault.is_some()) {
        // The summary above has said it all, and its last line is for counting.
        std::process::exit(1);
    }
    if total.failed > 0 {
        bail!("a runner told of failed tests and ended well");
    }
    Ok(())
}

fn run_part(part: Part) -> Outcome {
    let start = Instant::now();
    let mut counts = Counts::default();
    let fault = part.run(&mut counts).err();
    if let Some(fault) = &fault {
        println!("{}: {fault:#}", part.name());
        // What could not even start is one failure, so that the count cannot look well.
        counts.failed = counts.failed.max(1);
    }
    Outcome { part, counts, took: start.elapsed(), fault }
}

fn line(outcome: &Outcome) -> String {
    let Counts { passed, failed } = outcome.counts;
    let verdict = if outcome.fault.is_some() { "FAILED" } else { "ok" };
    let why = outcome.fault.as_ref().map(|fault| format!(": {fault:#}")).unwrap_or_default();
    let seconds = outcome.took.as_secs();
    format!(
        "{:<9} {verdict:<6} {seconds:>4} s  {passed} tests passed, {failed} failed{why}",
        outcome.part.name()
    )
}
