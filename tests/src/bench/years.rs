//! Five years of a circle on one phone, and one month of another: what the log's length costs.

use super::{keystroke, row::Row, start};
use crate::{
    network::{Clock, Server, Wire},
    phone::{Pairs, Stage},
};
use anyhow::{Result, ensure};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use shared::{Action, Event};

pub const ORIGIN: &str = "https://kith.test";
/// 2026-03-02T08:00:00Z, the last day of each history.
pub const NOW_MS: u64 = 1_772_438_400_000;
const DAY_MS: u64 = 24 * 3_600_000;

const YEARS_DAYS: u64 = 5 * 365;
const YEARS_ENTRIES: u64 = 20_000;
const MONTH_DAYS: u64 = 30;

pub fn measure() -> Result<Vec<Row>> {
    let month = YEARS_ENTRIES * MONTH_DAYS / YEARS_DAYS;
    let short = disk_after(MONTH_DAYS, month)?;
    let long = disk_after(YEARS_DAYS, YEARS_ENTRIES)?;
    let mut rows = keystroke::measure(&long)?;
    rows.extend(start::measure(&long, &short)?);
    Ok(rows)
}

/// The disk of a phone on which so many entries were logged, evenly over so many days, and shared every other week.
fn disk_after(days: u64, entries: u64) -> Result<Pairs> {
    let clock = Clock::at(NOW_MS - days * DAY_MS);
    let mut wire = Wire::direct(Server::new(&clock, 1)?, ORIGIN, &clock);
    let phone = wire.add_phone("en-GB", ChaCha20Rng::seed_from_u64(days));
    wire.person(phone).start_circle("Rose", "Anna")?;
    let step = days * DAY_MS / entries;
    let every = (entries * 14 / days).max(1);
    for n in 0..entries {
        wire.wait(step);
        wire.tell(
            phone,
            Event::Do(Action::QuickLog { kind: if n % 2 == 0 { "drink" } else { "meal" }.to_owned() }),
        );
        if n % every == 0 {
            wire.reception(phone, true);
            wire.reception(phone, false);
        }
    }
    wire.reception(phone, true);
    for _ in 0..3 {
        wire.wait(60_000);
    }
    let pairs = wire.phones()[phone].disk.pairs().clone();
    let waiting = pairs.keys().filter(|key| key.windows(6).any(|part| part == b"/pend/")).count();
    ensure!(waiting == 0, "{waiting} entries were not shared");
    let logged = pairs.keys().filter(|key| key.windows(9).any(|part| part == b"/row/log/")).count();
    ensure!(u64::try_from(logged)? == entries, "{logged} rows of {entries} entries");
    Ok(pairs)
}
