//! `simulate --seeds N [--from S]`: plays so many circles and says what came of it. A seed that fails prints its plan and
//! how to play it again. `simulate --replay FILE` plays a plan that was kept; `--shrink` cuts failing plans short.

use clap::Parser;
use kith_tests::simulation::{Outcome, Plan, Total, perform, shrink};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::Instant,
};

/// In so many seeds everything that people do is really done at least once.
const ENOUGH: u64 = 120;

/// Plays simulated circles, one a seed, and checks what must hold at every step and at rest.
#[derive(Parser)]
#[command(name = "simulate")]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Plays this plan instead of seeds.
    #[arg(long, alias = "plan")]
    replay: Option<PathBuf>,
    /// Cuts each failing plan as short as it still fails, and writes it to tests/seeds.
    #[arg(long)]
    shrink: bool,
    /// Prints the plan of every seed as a file to be kept, and plays nothing.
    #[arg(long)]
    print: bool,
    /// Switches this safeguard of the product off and stops at the first plan that misses it; with `--shrink` that is cut
    /// short and written to tests/seeds/sabotage. Needs a build with the feature `sabotage`, or with debug assertions.
    #[arg(long)]
    sabotage: Option<String>,
    /// How many are played at once.
    #[arg(long, default_value_t = thread::available_parallelism().map_or(1, usize::from))]
    jobs: usize,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if arguments.print {
        for seed in arguments.from..arguments.from.saturating_add(arguments.seeds) {
            write!(std::io::stdout(), "{}", Plan::draw(seed).to_text()?)?;
        }
        return Ok(());
    }
    switch_off(arguments.sabotage.as_deref())?;
    let begun = Instant::now();
    let mut total = Total::default();
    match &arguments.replay {
        Some(file) => {
            let plan = Plan::from_text(&fs::read_to_string(file)?)?;
            report(&arguments, &plan, &perform(&plan), &mut total)?;
        }
        None => many(&arguments, &mut total)?,
    }
    let mut out = std::io::stdout();
    for (deed, times) in &total.done {
        writeln!(std::io::stderr(), "  {deed}: {times}")?;
    }
    let never = total.never_done();
    if arguments.seeds >= ENOUGH
        && arguments.replay.is_none()
        && arguments.sabotage.is_none()
        && !never.is_empty()
    {
        writeln!(std::io::stderr(), "nobody could: {never:?}")?;
        total.failed += 1;
    }
    let hours = begun.elapsed().as_secs_f64() / 3600.0;
    writeln!(out, "{}", total.line(hours)?)?;
    writeln!(out, "{} passed, {} failed", total.seeds.saturating_sub(total.failed), total.failed)?;
    if total.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn many(arguments: &Arguments, total: &mut Total) -> anyhow::Result<()> {
    let next = AtomicU64::new(arguments.from);
    let end = arguments.from.saturating_add(arguments.seeds);
    let stop = AtomicBool::new(false);
    let (sender, outcomes) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..arguments.jobs.max(1) {
            let (sender, next) = (sender.clone(), &next);
            let stop = &stop;
            scope.spawn(move || {
                // The name was looked at before.
                let _ = switch_off(arguments.sabotage.as_deref());
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end || stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let plan = Plan::draw(seed);
                    let outcome = perform(&plan);
                    if sender.send((plan, outcome)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (plan, outcome) in outcomes {
            if !stop.load(Ordering::Relaxed) {
                report(arguments, &plan, &outcome, total)?;
            }
            stop.fetch_or(arguments.sabotage.is_some() && !outcome.holds(), Ordering::Relaxed);
        }
        Ok(())
    })
}

/// Says what came of a plan, and what to do about it if that was wrong.
fn report(arguments: &Arguments, plan: &Plan, outcome: &Outcome, total: &mut Total) -> anyhow::Result<()> {
    let mut progress = std::io::stderr();
    total.add(outcome);
    if !outcome.holds() {
        let shortest = if arguments.shrink { shrink(plan) } else { plan.clone() };
        writeln!(progress, "\n{shortest}")?;
        for wrong in outcome.wrongs() {
            writeln!(progress, "  {wrong}")?;
        }
        let file = match &arguments.sabotage {
            Some(name) if arguments.shrink => Path::new("tests/seeds/sabotage").join(format!("{name}.json")),
            None if arguments.shrink => Path::new("tests/seeds").join(format!("seed-{}.json", plan.seed)),
            _ => Path::new("target").join(format!("seed-{}.json", plan.seed)),
        };
        fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        fs::write(&file, shortest.to_text()?)?;
        writeln!(progress, "  play it again: cargo xtask simulate --replay {}", file.display())?;
    }
    write!(progress, "\r{} seeds, {} edits, {} failed ", total.seeds, total.edits, total.failed)?;
    progress.flush()?;
    Ok(())
}

#[cfg(any(feature = "sabotage", debug_assertions))]
fn switch_off(name: Option<&str>) -> anyhow::Result<()> {
    kith_tests::simulation::sabotage::switch_off(name)
}

#[cfg(not(any(feature = "sabotage", debug_assertions)))]
fn switch_off(name: Option<&str>) -> anyhow::Result<()> {
    anyhow::ensure!(
        name.is_none(),
        "this build has no feature `sabotage`: cargo xtask simulate --sabotage NAME"
    );
    Ok(())
}
