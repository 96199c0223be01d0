//! `simulate --seeds N [--from S]`: plays so many circles and says what came of it. A seed that fails prints its plan and
//! how to play it again.

use clap::Parser;
use kith_tests::simulation::{Plan, Total, simulate};
use std::{
    io::Write,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

/// Plays simulated circles, one a seed, and checks what must hold at rest.
#[derive(Parser)]
#[command(name = "simulate")]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Prints the plan of every seed, not only of those that fail.
    #[arg(long)]
    plan: bool,
    /// How many are played at once.
    #[arg(long, default_value_t = thread::available_parallelism().map_or(1, usize::from))]
    jobs: usize,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let next = AtomicU64::new(arguments.from);
    let end = arguments.from.saturating_add(arguments.seeds);
    let (sender, outcomes) = std::sync::mpsc::channel();
    let mut total = Total::default();
    thread::scope(|scope| -> anyhow::Result<()> {
        for _ in 0..arguments.jobs.max(1) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end || sender.send(simulate(seed)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut progress = std::io::stderr();
        for outcome in outcomes {
            total.add(&outcome);
            if arguments.plan || !outcome.holds() {
                writeln!(progress, "\n{}", Plan::draw(outcome.seed))?;
            }
            if !outcome.holds() {
                for wrong in outcome.wrongs() {
                    writeln!(progress, "  {wrong}")?;
                }
                writeln!(
                    progress,
                    "  play it again: cargo run -p kith-tests --bin simulate -- --seeds 1 --from {}\n  \
                     keep it: echo {} >> tests/seeds/regressions.txt",
                    outcome.seed, outcome.seed
                )?;
            }
            write!(progress, "\r{} of {} seeds, {} edits", total.seeds, arguments.seeds, total.edits)?;
            progress.flush()?;
        }
        writeln!(progress)?;
        for (deed, times) in &total.done {
            writeln!(progress, "  {deed}: {times}")?;
        }
        Ok(())
    })?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", serde_json::to_string(&total)?)?;
    writeln!(out, "{} passed, {} failed", total.seeds - total.failed, total.failed)?;
    if total.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}
