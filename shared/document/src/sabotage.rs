//! Safeguards that the simulation switches off one at a time, to see that it notices (ADR 0083). That can be done in
//! builds with debug assertions, or with the feature; in what is shipped each of them is on, and this file is a constant.

/// Rules of the guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safeguard {
    /// Rule 2: a change is by its author's actor.
    Actor,
    /// Rule 4: no number of an actor is left out or taken twice.
    Seq,
    /// Rule 4: ops are numbered on from what the change builds on.
    StartOp,
}

#[cfg(any(feature = "sabotage", debug_assertions))]
mod switch {
    use super::Safeguard;
    use std::cell::Cell;

    thread_local! {
        static OFF: Cell<Option<Safeguard>> = const { Cell::new(None) };
    }

    /// Switches one off on this thread, and all others on.
    pub fn switch_off(safeguard: Option<Safeguard>) {
        OFF.set(safeguard);
    }

    pub(crate) fn is_off(safeguard: Safeguard) -> bool {
        OFF.get() == Some(safeguard)
    }
}

#[cfg(any(feature = "sabotage", debug_assertions))]
pub(crate) use switch::is_off;
#[cfg(any(feature = "sabotage", debug_assertions))]
pub use switch::switch_off;

#[cfg(not(any(feature = "sabotage", debug_assertions)))]
pub(crate) const fn is_off(_: Safeguard) -> bool {
    false
}
