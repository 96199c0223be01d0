//! The names of the documents that this crate reads and writes (PROTOCOL, section 5).

use chrono::{DateTime, Datelike};
use kith_document::{DocumentName, NameError};

use crate::Member;

/// `care/log-2026-11`: the UTC month of first writing. `now_ms` past the calendar's end counts as its start.
pub fn log_document(now_ms: u64) -> DocumentName {
    let (year, month) = year_month(now_ms);
    known(DocumentName::parse(&format!("care/log-{year:04}-{month:02}")))
}

/// `commons/tasks-2026`: the UTC year of first writing.
pub fn tasks_document(now_ms: u64) -> DocumentName {
    known(DocumentName::parse(&format!("commons/tasks-{:04}", year_month(now_ms).0)))
}

/// `commons/profile`
pub fn profile_document() -> DocumentName {
    known(DocumentName::parse("commons/profile"))
}

/// `commons/people`
pub fn people_document() -> DocumentName {
    known(DocumentName::parse("commons/people"))
}

/// `private/<member>/self`
pub fn self_document(member: Member) -> DocumentName {
    known(DocumentName::parse(&format!("private/{member}/self")))
}

fn year_month(now_ms: u64) -> (u32, u32) {
    let time = i64::try_from(now_ms).ok().and_then(DateTime::from_timestamp_millis).unwrap_or_default();
    // Years of five digits would be names that this build does not read back.
    (u32::try_from(time.year()).unwrap_or(1970).min(9999), time.month())
}

#[expect(clippy::expect_used, reason = "every name in this file is of the shape that DocumentName allows")]
fn known(name: Result<DocumentName, NameError>) -> DocumentName {
    name.expect("a well-formed name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_named_by_the_utc_time_of_first_writing() {
        // 2026-11-30T23:30:00Z: already December in Paris.
        let late = 1_796_081_400_000;
        assert_eq!(log_document(late).as_str(), "care/log-2026-11");
        assert_eq!(tasks_document(late).as_str(), "commons/tasks-2026");
        assert_eq!(log_document(u64::MAX).as_str(), "care/log-1970-01");
        assert_eq!(log_document(253_402_300_800_000).as_str(), "care/log-9999-01");
        assert_eq!(self_document(7).as_str(), "private/7/self");
    }
}
