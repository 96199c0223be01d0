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

    fn wait(&mut self, _: u64) {}

    fn reception(&mut self, _: usize, reception: bool) {
        self.0.set_online(reception);
    }

    fn reopen(&mut self, _: usize) {
        self.0.start();
        self.0.finish_disk();
    }
}

fn sit_down(pairs: &Pairs) -> Result<Desk> {
    let mut desk = Desk::with(pairs.clone());
    desk.0.start();
    desk.0.finish_disk();
    desk.reception(0, false);
    desk.person(0).tab(&Route::Today)?;
    Ok(desk)
}

pub fn measure(five_years: &Pairs) -> Result<Vec<Row>> {
    let mut samples = Vec::with_capacity(SITTINGS * ENTRIES);
    let mut firsts = Vec::with_capacity(SITTINGS);
    let mut desk = sit_down(five_years)?;
    for _ in 0..SITTINGS {
        desk = sit_down(five_years)?;
        for n in 0..ENTRIES {
            desk.0.set_time(NOW_MS + u64::try_from(n)? * 60_000);
            let before = desk.0.busy();
            desk.tell(0, Event::Do(Action::QuickLog { kind: "drink".to_owned() }));
            let view = desk.0.draw();
            samples.push(u64::try_from(desk.0.busy().saturating_sub(before).as_nanos())?);
            ensure!(view.is_some_and(|view| view.undo.is_some()), "an entry was not kept");
        }
        firsts.extend(samples.iter().rev().nth(ENTRIES - 1));
    }
    let millis = |nanos: u64| number(nanos) / 1e6;
    let mut rows = vec![
        Row::plain("log_first_entry_after_start_p50", millis(quantile(&mut firsts, 500)), "ms"),
        Row::plain("log_one_entry_p50", millis(quantile(&mut samples, 500)), "ms"),
        Row::at_most("log_one_entry_p99", millis(quantile(&mut samples, 990)), "ms", 2.0),
    ];
    let mut person = desk.person(0);
    person.tab(&Route::Log)?;
    let Sight(view) = person.sees()?;
    // As JSON, which is larger than what crosses to a shell.
    let bytes = u64::try_from(serde_json::to_vec(&view)?.len())?;
    rows.push(Row::at_most("view_of_the_log", number(bytes), "bytes", 65_536.0));
    Ok(rows)
}
