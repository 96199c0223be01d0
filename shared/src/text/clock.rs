//! Times as people say them: "20 min ago", "yesterday, 18:40", "Sunday 22 November".

use super::{Locale, Text};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeZone, Timelike};
use kith_zones::Zone;

/// A moment to speak from, in a zone.
pub struct Clock<'a> {
    pub text: &'a Text,
    pub zone: Zone,
    pub now_ms: u64,
}

impl Clock<'_> {
    /// Local wall time of an instant (Unix milliseconds).
    pub fn local(&self, at_ms: u64) -> NaiveDateTime {
        let millis = i64::try_from(at_ms).unwrap_or(i64::MAX);
        DateTime::from_timestamp_millis(millis).map_or(NaiveDateTime::default(), |utc| {
            self.zone.from_utc_datetime(&utc.naive_utc()).naive_local()
        })
    }

    pub fn today(&self) -> NaiveDate {
        self.local(self.now_ms).date()
    }

    /// `17:52`, `5:52 p.m.`, `17 h 52`.
    pub fn time_of(&self, at: NaiveDateTime) -> String {
        let (hour, minute) = (at.hour(), at.minute());
        match self.text.locale {
            Locale::EnGb | Locale::FrFr => format!("{hour:02}:{minute:02}"),
            Locale::FrCa => format!("{hour} h {minute:02}"),
            Locale::EnCa => {
                let half = if hour < 12 { "a.m." } else { "p.m." };
                format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
            }
        }
    }

    /// `Sunday 22 November`, with `Today` or `Yesterday` before it where it is so; the year when it is another.
    pub fn day_heading(&self, day: NaiveDate) -> String {
        let date = self.day(day);
        match (day - self.today()).num_days() {
            0 => self.text.with("day-today", &[("date", (&date).into())]),
            -1 => self.text.with("day-yesterday", &[("date", (&date).into())]),
            1 => self.text.with("day-tomorrow", &[("date", (&date).into())]),
            _ => capitalised(&date),
        }
    }

    /// `Sunday 22 November`, with the year when it is not this one.
    pub fn day(&self, day: NaiveDate) -> String {
        let weekday = self.text.get(&format!("weekday-{}", day.weekday().number_from_monday()));
        let month = self.text.get(&format!("month-{}", day.month()));
        let date =
            if self.text.locale.is_french() && day.day() == 1 { "1er".into() } else { day.day().to_string() };
        if day.year() == self.today().year() {
            format!("{weekday} {date} {month}")
        } else {
            format!("{weekday} {date} {month} {}", day.year())
        }
    }

    /// How long ago, or when: `just now`, `20 min ago`, `18:40`, `yesterday, 18:40`, `Sunday 22 November, 18:40`.
    pub fn ago(&self, at_ms: u64) -> String {
        let minutes = self.now_ms.saturating_sub(at_ms) / 60_000;
        let local = self.local(at_ms);
        let days = (local.date() - self.today()).num_days();
        let time = self.time_of(local);
        match (minutes, days) {
            _ if at_ms > self.now_ms.saturating_add(60_000) => self.moment(at_ms),
            (0, _) => self.text.get("ago-now"),
            (1..60, _) => self.text.with("ago-minutes", &[("n", i64::try_from(minutes).unwrap_or(0).into())]),
            (_, 0) => time,
            (_, -1) => self.text.with("ago-yesterday", &[("time", (&time).into())]),
            _ => self
                .text
                .with("moment-on", &[("day", (&self.day(local.date())).into()), ("time", (&time).into())]),
        }
    }

    /// A moment that may lie ahead: `18:40`, `tomorrow, 9:30`, `Sunday 22 November, 18:40`.
    pub fn moment(&self, at_ms: u64) -> String {
        let local = self.local(at_ms);
        let time = self.time_of(local);
        match (local.date() - self.today()).num_days() {
            0 => time,
            1 => self.text.with("moment-tomorrow", &[("time", (&time).into())]),
            -1 => self.text.with("ago-yesterday", &[("time", (&time).into())]),
            _ => self
                .text
                .with("moment-on", &[("day", (&self.day(local.date())).into()), ("time", (&time).into())]),
        }
    }

    /// `today`, `tomorrow`, `Friday`, `Sunday 29 November`.
    pub fn near_day(&self, day: NaiveDate) -> String {
        match (day - self.today()).num_days() {
            0 => self.text.get("near-today"),
            1 => self.text.get("near-tomorrow"),
            -1 => self.text.get("near-yesterday"),
            2..=6 => self.text.get(&format!("weekday-{}", day.weekday().number_from_monday())),
            _ => self.day(day),
        }
    }
}

/// The first letter large: French days begin small inside a sentence, large in a heading.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
