//! The daily log: entries as they read, and the edits that people make.

mod doses;
mod entry;
pub mod since;
mod write;

#[cfg(test)]
mod tests;

pub use crate::value::{Fault, MAX_LINE, MAX_TEXT};
pub use doses::{LastDose, last_doses, nearby_doses, same_medicine};
pub use entry::LogEntry;
pub use write::{FieldFault, Values, add, archive, choose, defaults, edit, restore};

/// Fields that every entry has; a kind has none of these names.
pub(crate) const FRAME: [&str; 4] = ["kind", "t", "at", "arch"];
