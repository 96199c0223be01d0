//! What the documents of a circle mean to people.
//!
//! Where to start: [`LogEntry`] and [`Task`] are what items read as, [`log`] and [`task`] also hold the builders that
//! give an `EditScript` for each thing a person can do. Below them:
//!
//! - `kind` is the table of what can be logged, as data; `summary` says which words describe an entry;
//! - `lawful` applies the rule that what somebody had no right to write is ignored (DESIGN, section 3);
//! - `task::claim` decides who holds a task, the same on every device;
//! - `undo` and `history` work on any item.
//!
//! Everything is a pure function: time and ids are arguments. No human language lives here, only text keys.

mod amount;
mod due;
mod happened;
mod history;
mod id;
mod kind;
mod kinds;
mod lawful;
mod listing;
mod member;
mod names;
mod summary;
mod undo;
mod value;

#[cfg(test)]
mod circle_tests;
#[cfg(test)]
mod testing;

pub mod log;
pub mod own;
pub mod people;
pub mod profile;
pub mod task;

pub use amount::Amount;
pub use due::Due;
pub use happened::{ClockNote, Happened, Resolved, When, WhenError, day_of, parse_zone};
pub use history::{FieldChange, HistoryChange, history};
pub use id::{IdError, ItemId, new_id};
pub use kind::{FieldKind, FieldSpec, Kind, Recipe, Tone, kind, kinds};
pub use lawful::{Contested, Said};
pub use listing::{LIST_DOSES, LIST_LOG, LIST_PEOPLE, LIST_PROFILE, LIST_SELF, LIST_TASKS, Lists, rows};
pub use log::{LogEntry, since::Since};
pub use member::{Member, Members, Role};
pub use names::{log_document, people_document, profile_document, self_document, tasks_document};
pub use profile::{Phase, Profile};
pub use summary::{Argument, Summary, argument, summary, text_keys};
pub use task::{Mine, Task, TaskKind, TaskState, task_kind, task_kinds};
pub use undo::undo_of;
pub use value::Value;
