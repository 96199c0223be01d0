//! From the tap that logs something to the view that shows it kept, without what storage takes.

use super::{
    row::{Row, number, quantile},
    years::{NOW_MS, ORIGIN},
};
use crate::phone::{Disk, Pairs, Phone, PhoneKind, Sight, Stage};
use anyhow::{Result, ensure};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use shared::{Action, Event, Route};

/// A phone is opened so often, and so many entries are logged on it without reception: a long day with no reception.
const SITTINGS: usize = 50;
const ENTRIES: usize = 40;
/// A sitting without end: what was written since the app was opened must not make the next entry slower.
const LONG: usize = 2_000;
/// So many entries at its beginning and at its end are compared.
const COMPARED: usize = 200;
/// A person needs longer than this to find the button, in milliseconds.
const IDLE_MS: u64 = 3_000;

/// A phone by itself, without reception, whose disk answers at once.
pub struct Desk(pub Phone);

impl Desk {
    pub fn with(pairs: Pairs) -> Self {
        let mut phone = Phone::new(ORIGIN, PhoneKind::App, "en-GB", ChaCha20Rng::seed_from_u64(7));
        phone.disk = Disk::holding(pairs);
        phone.set_time(NOW_MS);
        Self(phone)
    }
}

impl Stage for Desk {
    fn phone(&mut self, _: usize) -> &mut Phone {
        &mut self.0
    }

    fn tell(&mut self, _: usize, event: Event) {
        self.0.tell(event);
        self.0.finish_disk();
        drop(self.0.take_wishes());
    }

    fn wait(&mut self, ms: u64) {
        let until = self.0.clock_ms() + ms;
        self.0.set_time(until);
        self.0.ring();
        self.0.finish_disk();
        drop(self.0.take_wishes());
    }

    fn reception(&mut self, _: usize, reception: bool) {
        self.0.set_online(reception);
    }

    fn reopen(&mut self, _: usize) {
        self.0.start();
        self.0.finish_disk();
    }
}

/// Opens the app without reception; `idle`: nobody touches it for a moment.
fn sit_down(pairs: &Pairs, idle: bool) -> Result<Desk> {
    let mut desk = Desk::with(pairs.clone());
    desk.0.start();
    desk.0.finish_disk();
    desk.reception(0, false);
    desk.person(0).tab(&Route::Today)?;
    if idle {
        desk.wait(IDLE_MS);
    }
    Ok(desk)
}

/// Logs one entry after another, a minute apart; nanoseconds from each tap to the view that shows it kept.
fn log(desk: &mut Desk, entries: usize) -> Result<Vec<u64>> {
    let mut samples = Vec::with_capacity(entries);
    for n in 0..entries {
        desk.0.set_time(NOW_MS + IDLE_MS + u64::try_from(n)? * 60_000);
        let before = desk.0.busy();
        desk.tell(0, Event::Do(Action::QuickLog { kind: "drink".to_owned() }));
        let view = desk.0.draw();
        samples.push(u64::try_from(desk.0.busy().saturating_sub(before).as_nanos())?);
        ensure!(view.is_some_and(|view| view.undo.is_some()), "an entry was not kept");
    }
    Ok(samples)
}

pub fn measure(five_years: &Pairs) -> Result<Vec<Row>> {
    let mut samples = Vec::with_capacity(SITTINGS * ENTRIES);
    let mut at_once = Vec::with_capacity(SITTINGS);
    for _ in 0..SITTINGS {
        at_once.extend(log(&mut sit_down(five_years, false)?, 1)?);
        samples.extend(log(&mut sit_down(five_years, true)?, ENTRIES)?);
    }
    let mut firsts: Vec<u64> = samples.iter().step_by(ENTRIES).copied().collect();
    let mut desk = sit_down(five_years, true)?;
    let mut long = log(&mut desk, LONG)?;
    let (mut begun, mut ended) = (long[..COMPARED].to_vec(), long[LONG - COMPARED..].to_vec());
    let growth = number(quantile(&mut ended, 500)) / number(quantile(&mut begun, 500));
    let millis = |nanos: u64| number(nanos) / 1e6;
    let mut rows = vec![
        Row::plain("log_at_once_after_start_p50", millis(quantile(&mut at_once, 500)), "ms"),
        Row::plain("log_first_entry_p50", millis(quantile(&mut firsts, 500)), "ms"),
        Row::plain("log_one_entry_p50", millis(quantile(&mut samples, 500)), "ms"),
        Row::at_most("log_one_entry_p99", millis(quantile(&mut samples, 990)), "ms", 2.0),
        Row::plain("log_2000_in_one_sitting_p50", millis(quantile(&mut long, 500)), "ms"),
        Row::plain("log_2000_in_one_sitting_p99", millis(quantile(&mut long, 990)), "ms"),
        Row::plain("log_2000_in_one_sitting_growth", growth, ""),
    ];
    let mut person = desk.person(0);
    person.tab(&Route::Log)?;
    let Sight(view) = person.sees()?;
    // As JSON, which is larger than what crosses to a shell.
    let bytes = u64::try_from(serde_json::to_vec(&view)?.len())?;
    rows.push(Row::at_most("view_of_the_log", number(bytes), "bytes", 65_536.0));
    Ok(rows)
}
