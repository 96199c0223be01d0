//! `demo --server http://127.0.0.1:8420`: adds a circle of five people with a year behind it, and says how to look in.

use anyhow::Result;
use clap::Parser;
use kith_tests::{
    demo::{Demo, tell},
    network::{Clock, Wire},
    phone::Stage,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use shared::Route;
use std::{
    io::Write,
    thread::sleep,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Fills a running server with a circle to look at.
#[derive(Parser)]
#[command(name = "demo")]
struct Arguments {
    /// Where the server answers.
    #[arg(long, default_value = "http://127.0.0.1:8420")]
    server: String,
    /// How many days the circle has behind it.
    #[arg(long, default_value_t = 365)]
    days: u64,
    /// How many minutes Anna's phone stays at hand to let a carer in.
    #[arg(long, default_value_t = 30)]
    wait: u64,
}

#[expect(clippy::disallowed_methods, reason = "the demo's last entry is of today")]
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut wire = Wire::new(arguments.server.trim_end_matches('/'), &Clock::at(now_ms()));
    let mut progress = std::io::stderr();
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("the system gave no randomness: {error}"))?;
    let mut entropy = ChaCha20Rng::from_seed(seed);
    let demo = tell(&mut wire, now_ms, arguments.days, &mut entropy, |back| {
        let _ = write!(progress, "\ra year of Rose's circle: {back} days to go   ");
        let _ = progress.flush();
    })?;
    writeln!(progress)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "Rose's circle: {} entries, {} tasks, shared in {} requests",
        demo.entries, demo.tasks, demo.requests
    )?;
    writeln!(out, "Join as a helper (tasks and people, no log; for up to eight):\n  {}", demo.helper_link)?;
    writeln!(
        out,
        "Join as a carer (everything; Anna compares four words first):\n  {}",
        demo.caregiver_link
    )?;
    writeln!(out, "For {} minutes Anna's phone is at hand and lets the carer in.", arguments.wait)?;
    let_in(&mut wire, &demo, arguments.wait, &mut out)
}

/// Anna, who answers the phone: says the words that she sees, then lets in whoever asked.
fn let_in(wire: &mut Wire, demo: &Demo, minutes: u64, out: &mut impl Write) -> Result<()> {
    const PAUSE: Duration = Duration::from_secs(2);
    for _ in 0..minutes * 60 / PAUSE.as_secs() {
        sleep(PAUSE);
        wire.wait(2_000);
        wire.look(demo.host);
        let mut anna = wire.person(demo.host);
        anna.tab(&Route::Circle)?;
        for (words, _) in anna.sees()?.waiting() {
            anna.admit(&words)?;
            writeln!(out, "Somebody asks to be let in. Anna sees the words: {}. Let in.", words.join(" "))?;
        }
    }
    Ok(())
}
