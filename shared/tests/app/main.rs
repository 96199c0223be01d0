//! The app through its front door: events in, effects answered, view out. No network here; two phones meet in `tests/`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod closing;
mod log;
mod members;
mod onboarding;
mod settings;
mod shell;
mod tasks;

use shell::{EVENING, Shell, launch};
