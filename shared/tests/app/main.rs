//! The app through its front door: events in, effects answered, view out. No network here; two phones meet in `tests/`.

mod log;
mod onboarding;
mod settings;
mod shell;
mod tasks;

use shell::{EVENING, Shell, launch};
