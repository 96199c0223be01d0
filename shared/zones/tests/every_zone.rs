//! Every zone against chrono-tz: the same names, the same offsets, the same gaps and folds.
#![expect(clippy::unwrap_used, reason = "what goes wrong in a test should end it")]

use chrono::{DateTime, Duration, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};
use kith_zones::Zone;
use std::collections::BTreeSet;

/// Seconds.
const STEP: i64 = 3 * 86_400;

fn at(instant: i64) -> NaiveDateTime {
    DateTime::from_timestamp(instant, 0).unwrap().naive_utc()
}

fn seconds<Z: TimeZone>(zone: &Z, utc: NaiveDateTime) -> i32 {
    zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
}

fn local<Z: TimeZone>(zone: &Z, wall: NaiveDateTime) -> MappedLocalTime<i32> {
    zone.offset_from_local_datetime(&wall).map(|offset| offset.fix().local_minus_utc())
}

/// No clock changes twice within three days; each zone is looked at in a phase of its own.
fn walk(zone: Tz, mine: Zone, phase: i64) {
    let (start, end) = (946_684_800, 4_070_908_800);
    let mut before = seconds(&zone, at(start));
    let mut instant = start + phase;
    while instant < end {
        let utc = at(instant);
        let theirs = seconds(&zone, utc);
        assert_eq!(seconds(&mine, utc), theirs, "{zone} at {utc}");
        if theirs != before {
            around(zone, mine, instant - STEP, instant);
            before = theirs;
        }
        instant += STEP;
    }
}

/// The change between two instants, to the second, and what the clock on the wall did.
fn around(zone: Tz, mine: Zone, mut before: i64, mut after: i64) {
    let old = seconds(&zone, at(before));
    while after - before > 1 {
        let middle = before.midpoint(after);
        if seconds(&zone, at(middle)) == old { before = middle } else { after = middle }
    }
    let new = seconds(&zone, at(after));
    assert_eq!(
        (seconds(&mine, at(before)), seconds(&mine, at(after))),
        (old, new),
        "{zone} at {}",
        at(after)
    );
    for base in [old, new] {
        for off in [-1, 0, 1, 900, -900, 1_800] {
            let wall = at(after) + Duration::seconds(i64::from(base) + off);
            assert_eq!(local(&mine, wall), local(&zone, wall), "{zone} at {wall} on the wall");
        }
    }
}

#[test]
fn the_names_are_those_of_iana() {
    let mine: BTreeSet<&str> = Zone::names().collect();
    let theirs: BTreeSet<&str> = TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    assert_eq!(mine, theirs);
    assert!("Europe/Londn".parse::<Zone>().is_err() && "".parse::<Zone>().is_err());
    assert_eq!("UTC".parse::<Zone>().unwrap().offset_from_utc_datetime(&at(0)).fix().local_minus_utc(), 0);
}

#[test]
fn every_clock_changes_when_chrono_tz_says() {
    let mut phase = 0;
    for zone in TZ_VARIANTS {
        phase = (phase + 6_007) % STEP;
        let mine: Zone = zone.name().parse().unwrap();
        assert_eq!(mine.name(), zone.name());
        walk(zone, mine, phase);
    }
}

#[test]
fn nothing_outside_the_table_panics() {
    for name in Zone::names() {
        let zone: Zone = name.parse().unwrap();
        for instant in [i64::MIN / 2_000_000, -62_135_596_800, 0, 4_102_444_800, 253_402_300_799] {
            let utc = at(instant.max(-8_000_000_000_000));
            let _ = (seconds(&zone, utc), local(&zone, utc));
        }
    }
}
