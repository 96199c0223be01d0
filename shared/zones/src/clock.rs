//! How a zone's clock is written down: the offset at the start of 2000, every change of it, and the rule that holds
//! from then on, as in POSIX's `TZ`.

use chrono::{DateTime, Datelike, NaiveDate};

/// Offsets count in quarters of an hour ahead of UTC: since 2000 no clock anywhere needed less.
const QUARTER: i32 = 900;
const MINUTE: i64 = 60;
/// 2000-01-01 in UTC.
const START: i64 = 946_684_800;

/// One clock; several zones may have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Quarters ahead of UTC before the first change.
    pub first: i8,
    /// Seconds since the change before (the first: since 2000 began), and the quarters ahead of UTC from then on. Distances
    /// repeat from year to year and from zone to zone, so they pack to a third of what instants do.
    pub changes: &'static [(u32, i8)],
    /// What goes on every year after the last of `changes`.
    pub rule: Option<Rule>,
}

/// Two changes in each year, in the order of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Unix seconds of the first change by this rule.
    pub since: u32,
    pub changes: [Change; 2],
}

/// A change that comes every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 4, or 5 for the last of the month.
    pub week: u8,
    /// 0 is Sunday.
    pub weekday: u8,
    /// Minutes from that day's midnight on the wall, by the clock before the change; may lie on another day.
    pub minutes: i16,
    /// Quarters ahead of UTC from then on.
    pub to: i8,
}

impl Clock {
    /// Seconds ahead of UTC at an instant in Unix seconds.
    pub fn offset_at(&self, instant: i64) -> i32 {
        i32::from(self.quarters_at(instant)) * QUARTER
    }

    fn quarters_at(&self, instant: i64) -> i8 {
        if let Some(rule) = &self.rule
            && instant >= i64::from(rule.since)
        {
            return rule.quarters_at(instant);
        }
        let (mut at, mut quarters) = (START, self.first);
        for (distance, to) in self.changes {
            at += i64::from(*distance);
            if at > instant {
                break;
            }
            quarters = *to;
        }
        quarters
    }
}

impl Rule {
    fn quarters_at(&self, instant: i64) -> i8 {
        let [one, other] = self.changes;
        // No rule has a change so near New Year that the year on the wall would matter.
        let year = DateTime::from_timestamp(instant, 0).unwrap_or_default().year();
        let passed =
            |change: Change, before: i8| change.instant(year, before).is_some_and(|at| at <= instant);
        if passed(one, other.to) && !passed(other, one.to) { one.to } else { other.to }
    }
}

impl Change {
    /// Unix seconds of this change in `year`, when the clock was `before` quarters ahead of UTC until then.
    pub fn instant(self, year: i32, before: i8) -> Option<i64> {
        let midnight = self.day(year)?.and_hms_opt(0, 0, 0)?.and_utc().timestamp();
        Some(midnight + i64::from(self.minutes) * MINUTE - i64::from(before) * i64::from(QUARTER))
    }

    fn day(self, year: i32) -> Option<NaiveDate> {
        let month = u32::from(self.month);
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let ahead = (7 + u32::from(self.weekday) - first.weekday().num_days_from_sunday()) % 7;
        let day = 1 + ahead + 7 * (u32::from(self.week) - 1);
        NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, month, day - 7))
    }
}
