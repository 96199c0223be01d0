//! When a task is to be done, in the circle's own days and clock.

use chrono::{NaiveDate, NaiveDateTime};

use crate::happened::{plausible, read_local};

/// When a task is to be done. Stored as one text after ISO 8601's intervals (ADR 0050).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Due {
    /// Nobody said. Stored as an empty text.
    #[default]
    None,
    /// Some time on a day: `2026-11-26`.
    Day(NaiveDate),
    /// At a time, perhaps until another: `2026-11-26T14:00`, `2026-11-26T14:00/2026-11-26T17:00`.
    At { from: NaiveDateTime, until: Option<NaiveDateTime> },
    /// Any time before a day: `../2026-11-27`.
    Before(NaiveDate),
}

impl Due {
    /// Reads the stored text; none for anything else, and for an end that is not after its start.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::None);
        }
        if let Some(day) = text.strip_prefix("../") {
            return read_day(day).map(Self::Before);
        }
        if let Some(day) = read_day(text) {
            return Some(Self::Day(day));
        }
        let (from, until) = text.split_once('/').map_or((text, None), |(from, until)| (from, Some(until)));
        let from = read_local(from)?;
        match until {
            None => Some(Self::At { from, until: None }),
            Some(until) => {
                let until = read_local(until).filter(|until| *until > from)?;
                Some(Self::At { from, until: Some(until) })
            }
        }
    }

    /// The day it is about; for [`Due::Before`] the first that is too late.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::None => None,
            Self::Day(day) | Self::Before(day) => Some(*day),
            Self::At { from, .. } => Some(from.date()),
        }
    }

    /// Sorts by time; tasks of a day before those at a time on it, tasks without a time last.
    pub fn sort_text(&self) -> String {
        match self {
            Self::None => "~".to_owned(),
            Self::Day(day) | Self::Before(day) => day.to_string(),
            Self::At { from, .. } => format!("{}", from.format("%Y-%m-%dT%H:%M")),
        }
    }
}

impl std::fmt::Display for Due {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minute = "%Y-%m-%dT%H:%M";
        match self {
            Self::None => Ok(()),
            Self::Day(day) => write!(out, "{day}"),
            Self::Before(day) => write!(out, "../{day}"),
            Self::At { from, until: None } => write!(out, "{}", from.format(minute)),
            Self::At { from, until: Some(until) } => {
                write!(out, "{}/{}", from.format(minute), until.format(minute))
            }
        }
    }
}

fn read_day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| plausible(*day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_due_reads_back_and_sorts_by_time() {
        let texts =
            ["2026-11-26", "2026-11-26T14:00", "2026-11-26T14:30/2026-11-26T17:00", "../2026-11-27", ""];
        let dues: Vec<Due> = texts.iter().map(|text| Due::parse(text).unwrap()).collect();
        assert_eq!(dues.iter().map(Due::to_string).collect::<Vec<_>>(), texts);
        assert!(dues.is_sorted_by_key(Due::sort_text));
    }

    #[test]
    fn other_texts_are_no_due() {
        for text in
            ["soon", "2026-11-31", "2026-11-26T14:00/2026-11-26T14:00", "2026-11-26/2026-11-27", "../", "/"]
        {
            assert_eq!(Due::parse(text), None, "{text}");
        }
    }
}
