//! A phone in a test: the real core, and a shell that is deterministic. Start with `phone.rs`; `person.rs` is what a
//! person does with one, `sight.rs` what they see on it.

mod alarms;
mod disk;
mod person;
#[expect(clippy::module_inception, reason = "the file's one subject")]
mod phone;
mod sight;
mod stage;
mod wish;

pub use disk::{Disk, Pairs};
pub use person::{Person, Role};
pub use phone::{Phone, PhoneKind};
pub use sight::{Sight, row_text};
pub use stage::Stage;
pub use wish::Wish;
