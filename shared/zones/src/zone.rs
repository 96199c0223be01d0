//! A zone by its name, and as a `chrono` time zone.

use crate::{clock::Clock, table};
use chrono::{FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use std::{fmt, str::FromStr};

const DAY: i64 = 86_400;

/// An IANA time zone. Before 2000 its clock stands as it did when 2000 began in UTC.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    name: &'static str,
    clock: &'static Clock,
}

/// No zone has that name in this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownZone;

/// How far a zone is from UTC at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneOffset {
    zone: Zone,
    offset: FixedOffset,
}

impl Zone {
    pub const UTC: Self = Self { name: "UTC", clock: &Clock { first: 0, changes: &[], rule: None } };

    /// `Europe/London`.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The names of all zones, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        table::ZONES.iter().map(|(name, _)| *name)
    }

    fn offset_at(self, instant: i64) -> ZoneOffset {
        let offset = FixedOffset::east_opt(self.clock.offset_at(instant));
        // Quarters in an i8 reach 32 hours, chrono 24; the tests have seen every offset of the table.
        ZoneOffset { zone: self, offset: offset.unwrap_or_else(|| Offset::fix(&chrono::Utc)) }
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        let found = table::ZONES.binary_search_by_key(&name, |(name, _)| *name).map_err(|_| UnknownZone)?;
        let (name, clock) = table::ZONES.get(found).ok_or(UnknownZone)?;
        Ok(Self { name, clock: table::CLOCKS.get(usize::from(*clock)).ok_or(UnknownZone)? })
    }
}

impl TimeZone for Zone {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.zone
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    /// No clock changes twice within two days, so the offsets of the days around are all that can be meant.
    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        let wall = local.and_utc().timestamp();
        let holds = |offset: &ZoneOffset| {
            let seconds = offset.offset.local_minus_utc();
            self.clock.offset_at(wall - i64::from(seconds)) == seconds
        };
        let before = Some(self.offset_at(wall - DAY)).filter(holds);
        let after = Some(self.offset_at(wall + DAY)).filter(holds);
        match (before, after) {
            (Some(before), Some(after)) if before != after => MappedLocalTime::Ambiguous(before, after),
            (Some(offset), _) | (None, Some(offset)) => MappedLocalTime::Single(offset),
            (None, None) => MappedLocalTime::None,
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        self.offset_at(utc.and_utc().timestamp())
    }
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.offset
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}
