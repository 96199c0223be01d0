//! Writes `src/table.rs` from chrono-tz, whose version says which IANA release it is. To be run when that changes.
//!
//! It asks for the offset day by day, finds each change to the second, and looks for the yearly rule at the end.
#![expect(clippy::expect_used, reason = "who runs a generator reads why it stopped")]

use chrono::{DateTime, Datelike, Offset, TimeZone};
use chrono_tz::{IANA_TZDB_VERSION, TZ_VARIANTS, Tz};
use kith_zones::Change;
use std::{fmt::Write, fs, path::Path};

const START: i64 = 946_684_800; // 2000-01-01
const END: i64 = 4_070_908_800; // 2099-01-01; chrono-tz knows nothing after that year
const DAY: i64 = 86_400;
const RULE_YEARS: std::ops::Range<i32> = 2090..2099;

/// First offset, changes, rule; offsets in quarters of an hour.
type Found = (i8, Vec<(u32, i8)>, Option<(u32, [Change; 2])>);

fn main() {
    let mut clocks: Vec<Found> = Vec::new();
    let mut zones: Vec<(&str, usize)> = Vec::new();
    for zone in TZ_VARIANTS {
        let found = clock(zone);
        let known = clocks.iter().position(|clock| *clock == found).unwrap_or_else(|| {
            clocks.push(found);
            clocks.len() - 1
        });
        zones.push((zone.name(), known));
    }
    zones.sort_unstable();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/table.rs");
    fs::write(path, text(&zones, &clocks)).expect("src/table.rs can be written");
}

fn quarters(zone: Tz, instant: i64) -> i8 {
    let utc = DateTime::from_timestamp(instant, 0).expect("a year of four digits").naive_utc();
    let seconds = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
    assert_eq!(seconds % 900, 0, "{zone} needs finer offsets");
    i8::try_from(seconds / 900).expect("less than 32 hours")
}

fn clock(zone: Tz) -> Found {
    let first = quarters(zone, START);
    let mut changes = Vec::new();
    let (mut at, mut now) = (START, first);
    while at < END {
        let next = quarters(zone, at + DAY);
        if next != now {
            changes.push((u32::try_from(exact(zone, at, at + DAY)).expect("before 2106"), next));
            now = next;
        }
        at += DAY;
    }
    match rule(first, &changes) {
        Some((kept, rule)) => {
            let since = changes[kept].0;
            changes.truncate(kept);
            (first, changes, Some((since, rule)))
        }
        None => (first, changes, None),
    }
}

/// The first second of the new offset.
fn exact(zone: Tz, mut before: i64, mut after: i64) -> i64 {
    let old = quarters(zone, before);
    while after - before > 1 {
        let middle = before.midpoint(after);
        if quarters(zone, middle) == old { before = middle } else { after = middle }
    }
    after
}

/// The rule of the last years, and how many of the changes before it do not follow it.
fn rule(first: i8, changes: &[(u32, i8)]) -> Option<(usize, [Change; 2])> {
    let year = |at: u32| DateTime::from_timestamp(i64::from(at), 0).map_or(0, |time| time.year());
    let last: Vec<(u32, i8)> =
        changes.iter().copied().filter(|(at, _)| RULE_YEARS.contains(&year(*at))).collect();
    if last.len() != 2 * RULE_YEARS.len() {
        return None;
    }
    let (one, other): (Vec<_>, Vec<_>) = last.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
    let rule = [yearly(&one, other[0].1)?, yearly(&other, one[0].1)?];
    let follows = |index: usize| {
        let (at, to) = changes[index];
        let before = index.checked_sub(1).map_or(first, |before| changes[before].1);
        rule.iter().zip([rule[1].to, rule[0].to]).any(|(change, other)| {
            change.to == to && other == before && change.instant(year(at), before) == Some(i64::from(at))
        })
    };
    // A change that was left out leaves a hole of most of a year, like Famagusta's winter of 2016.
    let whole =
        |index: usize| changes.get(index + 1).is_none_or(|(next, _)| next - changes[index].0 < 300 * 86_400);
    let mut kept = changes.len();
    while kept > 0 && follows(kept - 1) && whole(kept - 1) {
        kept -= 1;
    }
    Some((kept, rule))
}

/// The change that comes at all of these instants, one a year.
fn yearly(instants: &[(u32, i8)], before: i8) -> Option<Change> {
    let to = instants[0].1;
    let wall = i64::from(instants[0].0) + i64::from(before) * 900;
    let day = DateTime::from_timestamp(wall, 0)?.date_naive();
    let candidates = [0, 1, -1].into_iter().flat_map(|days| {
        let near = day + chrono::Duration::days(days);
        let month = u8::try_from(near.month()).unwrap_or(0);
        let weekday = u8::try_from(near.weekday().num_days_from_sunday()).unwrap_or(0);
        let midnight = near.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc().timestamp();
        let minutes = i16::try_from((wall - midnight) / 60).unwrap_or(0);
        (1..=5).map(move |week| Change { month, week, weekday, minutes, to })
    });
    candidates.into_iter().find(|change| {
        let mut years = RULE_YEARS.zip(instants);
        years.all(|(year, (at, to))| change.to == *to && change.instant(year, before) == Some(i64::from(*at)))
    })
}

fn text(zones: &[(&str, usize)], clocks: &[Found]) -> String {
    let mut out = format!(
        "//! Generated from IANA {IANA_TZDB_VERSION} by `cargo run -p kith-zones --example generate`.\n\n\
         use crate::clock::{{Change, Clock, Rule}};\n\n\
         /// By name; the number is the clock's place in `CLOCKS`.\n#[rustfmt::skip]\n\
         pub static ZONES: [(&str, u16); {}] = [\n",
        zones.len()
    );
    for (name, clock) in zones {
        let _ = writeln!(out, "    (\"{name}\", {clock}),");
    }
    let _ = write!(out, "];\n\n#[rustfmt::skip]\npub static CLOCKS: [Clock; {}] = [\n", clocks.len());
    for (first, changes, rule) in clocks {
        let mut before = u32::try_from(START).expect("before 2106");
        let mut distance = |at: u32| at - std::mem::replace(&mut before, at);
        let changes: Vec<(u32, i8)> = changes.iter().map(|(at, to)| (distance(*at), *to)).collect();
        let _ = writeln!(
            out,
            "    Clock {{ first: {first}, changes: &{changes:?}, rule: {} }},",
            rule_text(rule.as_ref())
        );
    }
    out.push_str("];\n");
    out
}

fn rule_text(rule: Option<&(u32, [Change; 2])>) -> String {
    rule.map_or("None".into(), |(since, changes)| {
        format!("Some(Rule {{ since: {since}, changes: {changes:?} }})")
    })
}
