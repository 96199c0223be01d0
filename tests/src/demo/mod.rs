//! A circle of five people with a year behind it, made by real cores that share through a real server: to look at, to
//! click through, and to measure. `year.rs` is what happened, `days.rs` the days in between, `telling.rs` lets it happen.

mod arrival;
mod days;
mod telling;
mod words;
mod year;

pub use arrival::Circle;
pub use telling::{Demo, tell};
