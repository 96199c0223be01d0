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

const SAMPLES: usize = 2_000;

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

pub fn measure(five_years: &Pairs) -> Result<Vec<Row>> {
    let mut desk = Desk::with(five_years.clone());
    desk.0.start();
    desk.0.finish_disk();
    desk.reception(0, false);
    desk.person(0).tab(&Route::Today)?;
    let mut samples = Vec::with_capacity(SAMPLES);
    for n in 0..SAMPLES {
        desk.0.set_time(NOW_MS + u64::try_from(n)? * 1000);
        let before = desk.0.busy();
        desk.tell(0, Event::Do(Action::QuickLog { kind: "drink".to_owned() }));
        let view = desk.0.draw();
        samples.push(u64::try_from(desk.0.busy().saturating_sub(before).as_nanos())?);
        ensure!(view.is_some_and(|view| view.undo.is_some()), "an entry was not kept");
    }
    let millis = |nanos: u64| number(nanos) / 1e6;
    let mut rows = vec![
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
