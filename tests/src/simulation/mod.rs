//! Circles whose people do things at random for hours, on a bad network, with phones that crash and fill up; then
//! everything comes to rest and must be right. `plan.rs` draws what happens from a seed, `play.rs` lets it happen,
//! `rest.rs` waits for the end, `invariants.rs` says what must hold then. See docs/simulation.md.

mod cast;
mod deeds;
mod doubt;
mod draw;
mod ending;
mod forge;
mod former;
mod inside;
mod invariants;
mod ledger;
mod outcome;
mod outlaw;
mod own_phones;
mod phones;
mod plan;
mod play;
mod rest;
#[cfg(any(feature = "sabotage", debug_assertions))]
pub mod sabotage;
mod scene;
mod shelf;
mod shrink;
mod troubles;
mod turns;

pub use inside::Inside;
pub use outcome::{Outcome, Total};
pub use outlaw::rotate_badly;
pub use plan::{Plan, Step};
pub use play::{perform, simulate};
pub use shrink::shrink;
