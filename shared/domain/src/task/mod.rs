//! Tasks: what is to be done, who holds it, and the edits that people make.

mod claim;
mod kinds;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use kinds::{TaskKind, task_kind, task_kinds};
pub use read::{Holder, Mine, Offer, Task, TaskState};
pub use write::{
    DraftFault, TaskDraft, accept, add, archive, choose, claim, done, edit, hand_over, reopen, restore,
    stand_down, withdraw_offer,
};

/// How many people a task can ask for.
pub const MAX_SLOTS: u32 = 20;
