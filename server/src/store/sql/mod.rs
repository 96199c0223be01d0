//! The SQL, one text for both databases: SQLite reads PostgreSQL's `$1` as it is meant (ADR 0031).
//! Each file has a macro that makes the rows of both connection types.

mod circles;
mod closed;
mod entries;
mod keys;
mod mail;
mod values;

pub(super) use entries::{TAKEN, commit_one};
