//! Lets the year happen: every entry is tapped and typed on a phone whose clock stands on that day.

use super::{
    arrival::{Circle, link, pass},
    days, words,
    year::{ANNA, JOAN, MARIE, NOTES, TASKS},
};
use crate::{
    network::Wire,
    phone::{Role, Stage},
};
use anyhow::{Context, Result, ensure};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use shared::{Action, Event, FieldValue, Moment, Route, view::SharingKind};
use std::collections::BTreeMap;

const DAY_MS: u64 = 24 * 3_600_000;
const MINUTE_MS: u64 = 60_000;

/// What was made, for whoever wants to look at it.
#[derive(Clone, Debug)]
pub struct Demo {
    pub entries: u64,
    pub tasks: u64,
    pub requests: u64,
    /// The coordinator's phone.
    pub host: usize,
    /// Admits nobody by itself: somebody of the circle has to compare the words.
    pub caregiver_link: String,
    pub helper_link: String,
}

/// Something on a day: when, and what.
enum Happening {
    Logged(days::Logged),
    Note { who: usize, text: &'static str },
    Task { who: usize, task: usize, takers: &'static [usize], done: bool },
}

/// Makes the circle. `now` tells true time (Unix milliseconds), which the server has too; `days` how far it goes back, 365 for the whole year.
/// `entropy` seeds the phones: keys are made of it. `progress` hears of each day.
pub fn tell(
    wire: &mut Wire,
    now: impl Fn() -> u64,
    days: u64,
    entropy: &mut ChaCha20Rng,
    mut progress: impl FnMut(u64),
) -> Result<Demo> {
    let now_ms = now();
    let phones: Vec<usize> =
        (0..5).map(|_| wire.add_phone("en-GB", ChaCha20Rng::from_rng(entropy))).collect();
    let circle = Circle::gather(wire, &phones)?;
    let mut teller = Teller { wire, circle, now_ms, entries: 0, tasks: 0, titles: BTreeMap::new() };
    for phone in &phones {
        teller.wire.reception(*phone, false);
    }
    for back in (0..days).rev() {
        teller.day(back)?;
        if back % 7 == 0 {
            teller.share(&phones);
            // Nobody keeps an app open for a year.
            for phone in &phones {
                teller.wire.reopen(*phone);
            }
        }
        progress(back);
    }
    teller.disagree()?;
    teller.finish(now())?;
    let host = phones[ANNA];
    let (entries, tasks) = (teller.entries, teller.tasks);
    let caregiver_link = link(wire, host, Role::Caregiver, false)?;
    let helper_link = link(wire, host, Role::Helper, true)?;
    Ok(Demo { entries, tasks, requests: wire.requests(), host, caregiver_link, helper_link })
}

struct Teller<'a> {
    wire: &'a mut Wire,
    circle: Circle,
    now_ms: u64,
    entries: u64,
    tasks: u64,
    /// How often each task's title was used.
    titles: BTreeMap<usize, u64>,
}

impl Teller<'_> {
    fn day(&mut self, back: u64) -> Result<()> {
        let midnight = (self.now_ms / DAY_MS - back) * DAY_MS;
        let mut day: Vec<(u64, Happening)> = days::of_day(back)
            .into_iter()
            .map(|one| (one.minute * MINUTE_MS, Happening::Logged(one)))
            .collect();
        for (_, hour, who, text) in NOTES.iter().filter(|(on, ..)| *on == back) {
            day.push((hour * 60 * MINUTE_MS, Happening::Note { who: *who, text }));
        }
        for (_, who, task, takers, done) in TASKS.iter().filter(|(on, ..)| *on == back) {
            let happening = Happening::Task { who: *who, task: *task, takers, done: *done };
            day.push((12 * 60 * MINUTE_MS, happening));
        }
        day.sort_by_key(|(at, _)| *at);
        for (at, happening) in day {
            let at = midnight + at;
            // What is still to come today has not happened.
            if at < self.now_ms {
                self.happen(at, happening).with_context(|| format!("{back} days before today"))?;
            }
        }
        Ok(())
    }

    fn happen(&mut self, at: u64, happening: Happening) -> Result<()> {
        match happening {
            Happening::Note { who, text } => {
                self.on_day(who, at);
                self.wire.person(self.phone(who)).log_note(text)?;
                self.kept(who)?;
                self.entries += 1;
            }
            Happening::Logged(logged) => {
                self.on_day(logged.who, at);
                let mut person = self.wire.person(self.circle.phones[logged.who]);
                if matches!(logged.kind, "drink" | "meal") {
                    person.quick_log(logged.kind)?;
                    person.add_details()?;
                } else {
                    person.open_log_form(logged.kind)?;
                }
                for (field, value) in logged.fields {
                    person.fill(field, value)?;
                }
                person.keep()?;
                self.entries += 1;
            }
            Happening::Task { who, task, takers, done } => self.task(at, who, task, takers, done)?,
        }
        Ok(())
    }

    fn task(&mut self, at: u64, who: usize, task: usize, takers: &[usize], done: bool) -> Result<()> {
        let (title, note, place, slots) = words::TASKS[task];
        let times = self.titles.entry(task).or_default();
        *times += 1;
        let title = if *times > 1 { format!("{title} ({times})") } else { title.to_owned() };
        self.on_day(who, at);
        let mut person = self.wire.person(self.circle.phones[who]);
        person.tab(&Route::Tasks)?;
        person.press(|act| matches!(act, Action::Open(Route::TaskForm { id: None, .. })))?;
        person.type_in("title", &title)?;
        person.type_in("note", note)?;
        if !place.is_empty() {
            person.type_in("place", place)?;
        }
        if slots > 1 {
            person.fill("slots", FieldValue::Number(slots))?;
        }
        person.fill("when", FieldValue::Moment(Moment::Day(day_of(at + 3 * DAY_MS))))?;
        person.keep()?;
        self.tasks += 1;
        if takers.is_empty() {
            return Ok(());
        }
        // It reaches the others before they can take it.
        self.share(&[self.phone(who)]);
        for (nth, taker) in (0_u64..).zip(takers) {
            self.on_day(*taker, at + (nth + 1) * 20 * MINUTE_MS);
            self.share(&[self.phone(*taker)]);
            let mut person = self.wire.person(self.circle.phones[*taker]);
            person.open_task(&title)?;
            person.claim_here()?;
            // Who takes it first has it.
            self.share(&[self.phone(*taker)]);
        }
        if done {
            let first = takers[0];
            self.on_day(first, (at + 2 * DAY_MS).min(self.now_ms - MINUTE_MS));
            let mut person = self.wire.person(self.circle.phones[first]);
            person.open_task(&title)?;
            person.press(|act| matches!(act, Action::Done { .. }))?;
        }
        Ok(())
    }

    /// Two people without reception write different notes for the same task: both are kept until somebody chooses.
    fn disagree(&mut self) -> Result<()> {
        let title = "Fetch the new glasses";
        self.on_day(ANNA, self.now_ms - 300 * MINUTE_MS);
        self.wire.person(self.phone(ANNA)).add_task(title, "Ready from Thursday.", 1)?;
        self.tasks += 1;
        self.share(&[self.phone(ANNA), self.phone(MARIE)]);
        for (who, note) in [
            (ANNA, "Ready from Thursday. Take the old pair along, they fit the frame there."),
            (MARIE, "Ready from Thursday. Paid by card already, the receipt is in the blue tin."),
        ] {
            self.on_day(who, self.now_ms - 60 * MINUTE_MS);
            let mut person = self.wire.person(self.phone(who));
            person.open_task(title)?;
            person.edit_here("note", note)?;
        }
        self.on_day(JOAN, self.now_ms - 30 * MINUTE_MS);
        Ok(())
    }

    /// Back to the present; everything is shared.
    fn finish(&mut self, now_ms: u64) -> Result<()> {
        let phones = self.circle.phones.clone();
        self.wire.wait(now_ms.saturating_sub(self.now_ms));
        for phone in &phones {
            self.wire.set_skew(*phone, 0);
            self.wire.reception(*phone, true);
        }
        for _ in 0..3 {
            pass(self.wire, &phones);
        }
        for phone in phones {
            let mut person = self.wire.person(phone);
            person.tab(&Route::Today)?;
            let sharing = person.sees()?.sharing();
            ensure!(sharing == Some(SharingKind::AllShared), "phone {phone} says {sharing:?}");
        }
        Ok(())
    }

    /// These phones have reception for a moment, one after the other.
    fn share(&mut self, phones: &[usize]) {
        for phone in phones {
            self.wire.reception(*phone, true);
            self.wire.reception(*phone, false);
        }
    }

    fn phone(&self, who: usize) -> usize {
        self.circle.phones[who]
    }

    /// Puts somebody's clock on a moment of the past.
    fn on_day(&mut self, who: usize, at: u64) {
        let skew = i64::try_from(at).unwrap_or(0) - i64::try_from(self.now_ms).unwrap_or(0);
        let phone = self.phone(who);
        self.wire.set_skew(phone, skew);
        // The screen learns the time with the next event.
        self.wire.tell(phone, Event::Do(Action::DismissNotice));
    }

    fn kept(&mut self, who: usize) -> Result<()> {
        let phone = self.phone(who);
        let mut person = self.wire.person(phone);
        ensure!(person.was_kept()?, "not kept: {}", person.sees()?.text());
        Ok(())
    }
}

/// The UTC day of a moment, as forms take it.
fn day_of(ms: u64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(i64::try_from(ms).unwrap_or(0)).unwrap_or_default();
    time.format("%Y-%m-%d").to_string()
}
