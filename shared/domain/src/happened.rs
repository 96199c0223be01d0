//! When something happened: from what a person chose to an instant with its local day, gaps and folds of the clock
//! included.

use chrono::{
    DateTime, Duration, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc,
};
use kith_zones::Zone;

/// How far ahead of this device's clock a time may lie before it is called the future, in milliseconds.
const TOLERANCE_MS: i64 = 120_000;

/// What a person chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    Now,
    MinutesAgo(u32),
    /// `2026-11-22T17:52`, in the circle's zone.
    Local(String),
}

/// When something happened: the instant, and the clock on the wall then.
///
/// Stored as one RFC 3339 text, so that instant, offset and local date can never come from two edits (ADR 0050).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Happened(DateTime<FixedOffset>);

/// What the clock did at the chosen local time, to be said to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockNote {
    /// The clocks went forward over that time; the entry stands as much later.
    Skipped,
    /// The clocks went back, so that time came twice; the later one that has passed was taken.
    CameTwice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    pub happened: Happened,
    pub note: Option<ClockNote>,
}

/// Why a choice of time cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    #[error("not a date and a time")]
    Unreadable,
    #[error("that is still to come")]
    Future,
}

/// A zone by its IANA name; none when this build does not know it.
pub fn parse_zone(name: &str) -> Option<Zone> {
    name.parse().ok()
}

/// The day on which an instant (Unix milliseconds) falls in `zone`.
pub fn day_of(instant_ms: i64, zone: Zone) -> NaiveDate {
    DateTime::from_timestamp_millis(instant_ms).unwrap_or_default().with_timezone(&zone).date_naive()
}

impl When {
    /// The instant that is meant, at `now_ms` by this device's clock, in the circle's zone.
    pub fn resolve(&self, now_ms: u64, zone: Zone) -> Result<Resolved, WhenError> {
        let now = instant(now_ms).ok_or(WhenError::Unreadable)?;
        let (time, note) = match self {
            Self::Now => (now.with_timezone(&zone), None),
            Self::MinutesAgo(minutes) => {
                let then = now.checked_sub_signed(Duration::minutes(i64::from(*minutes)));
                (then.ok_or(WhenError::Unreadable)?.with_timezone(&zone), None)
            }
            Self::Local(text) => on_the_wall(text, now, zone)?,
        };
        if time.timestamp_millis() - now.timestamp_millis() > TOLERANCE_MS {
            return Err(WhenError::Future);
        }
        let offset = time.offset().fix();
        Ok(Resolved { happened: Happened(time.with_timezone(&offset)), note })
    }
}

fn instant(now_ms: u64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(i64::try_from(now_ms).ok()?)
}

fn on_the_wall(
    text: &str,
    now: DateTime<Utc>,
    zone: Zone,
) -> Result<(DateTime<Zone>, Option<ClockNote>), WhenError> {
    let local = read_local(text).ok_or(WhenError::Unreadable)?;
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(time) => Ok((time, None)),
        MappedLocalTime::Ambiguous(one, other) => {
            let (earlier, later) = if one <= other { (one, other) } else { (other, one) };
            let taken = if later.with_timezone(&Utc) <= now { later } else { earlier };
            Ok((taken, Some(ClockNote::CameTwice)))
        }
        // The clock as it was before the gap: 02:30 becomes 03:30 where an hour was skipped.
        MappedLocalTime::None => {
            let before = local.checked_sub_signed(Duration::days(1)).ok_or(WhenError::Unreadable)?;
            let before = zone.from_local_datetime(&before).earliest().ok_or(WhenError::Unreadable)?;
            let time = before.checked_add_signed(Duration::days(1)).ok_or(WhenError::Unreadable)?;
            Ok((time, Some(ClockNote::Skipped)))
        }
    }
}

/// A local date and time with or without seconds.
pub(crate) fn read_local(text: &str) -> Option<NaiveDateTime> {
    let short = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M");
    let local = short.or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S")).ok()?;
    plausible(local.date()).then_some(local)
}

/// Years that have four digits and leave room for arithmetic.
pub(crate) fn plausible(date: NaiveDate) -> bool {
    use chrono::Datelike;
    (1900..=9000).contains(&date.year())
}

impl Happened {
    /// Reads the stored text; none for an implausible year.
    pub fn parse(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        plausible(time.date_naive()).then_some(Self(time))
    }

    /// Unix milliseconds.
    pub fn instant_ms(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// Minutes that the local clock was ahead of UTC.
    pub fn offset_minutes(self) -> i32 {
        self.0.offset().local_minus_utc() / 60
    }

    /// The day on the wall then, in the zone that the circle had then.
    pub fn local_day(self) -> NaiveDate {
        self.0.date_naive()
    }

    /// Date and time on the wall then.
    pub fn local(self) -> NaiveDateTime {
        self.0.naive_local()
    }
}

impl std::fmt::Display for Happened {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Milliseconds where there are some: two taps in one second keep their order.
        out.write_str(&self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> u64 {
        u64::try_from(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()).unwrap()
    }

    fn local(text: &str, now: &str) -> Result<(String, Option<ClockNote>), WhenError> {
        let zone = parse_zone("Europe/London").unwrap();
        When::Local(text.into()).resolve(ms(now), zone).map(|it| (it.happened.to_string(), it.note))
    }

    #[test]
    fn the_presets_are_counted_from_now_and_carry_the_wall_clock() {
        let zone = parse_zone("America/St_Johns").unwrap();
        let now = ms("2026-11-23T02:10:30Z");
        let resolve = |when: When| when.resolve(now, zone).unwrap().happened;
        assert_eq!(resolve(When::Now).to_string(), "2026-11-22T22:40:30-03:30");
        let ago = resolve(When::MinutesAgo(15));
        assert_eq!((ago.to_string().as_str(), ago.offset_minutes()), ("2026-11-22T22:25:30-03:30", -210));
        assert_eq!(ago.local_day(), NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
        assert_eq!(Happened::parse(&ago.to_string()), Some(ago));
    }

    #[test]
    fn a_time_that_was_skipped_stands_as_much_later_and_says_so() {
        let skipped = local("2026-03-29T01:30", "2026-03-29T12:00:00Z");
        assert_eq!(skipped, Ok(("2026-03-29T02:30:00+01:00".into(), Some(ClockNote::Skipped))));
    }

    #[test]
    fn of_a_time_that_came_twice_the_later_one_that_has_passed_is_taken() {
        let after = local("2026-10-25T01:30", "2026-10-25T08:00:00Z");
        assert_eq!(after, Ok(("2026-10-25T01:30:00Z".into(), Some(ClockNote::CameTwice))));
        let between = local("2026-10-25T01:30", "2026-10-25T00:45:00Z");
        assert_eq!(between, Ok(("2026-10-25T01:30:00+01:00".into(), Some(ClockNote::CameTwice))));
    }

    #[test]
    fn what_is_to_come_or_no_time_is_refused() {
        assert_eq!(local("2026-11-22T18:00", "2026-11-22T17:52:00Z"), Err(WhenError::Future));
        for text in ["", "yesterday", "2026-13-01T10:00", "99999-01-01T10:00", "0001-01-01T00:00"] {
            assert_eq!(local(text, "2026-11-22T17:52:00Z"), Err(WhenError::Unreadable), "{text}");
        }
        assert_eq!(When::Now.resolve(u64::MAX, Zone::UTC), Err(WhenError::Unreadable));
    }
}
