//! Safeguards that the simulation switches off one at a time, to see that it notices (ADR 0083). That can be done in
//! builds with debug assertions, or with the feature; in what is shipped each of them is on, and this file is a constant.

/// What the engine does so that nothing is lost and nothing is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safeguard {
    /// `C_k` is compared with the server's.
    Chain,
    /// Entries are kept as they came.
    Raw,
    /// What a restored server lacks is handed back to it.
    HandBack,
    /// What was sent and not acknowledged is sent again on the next connection.
    Resending,
    /// A rebase makes what waits anew.
    Scripts,
    /// What cannot be shared goes to the drawer.
    Drawer,
    /// What was of a class that was lost is deleted.
    Loss,
    /// An own entry that this storage does not know means that there are two of us.
    CloneNotice,
    /// An edit is stored before it is said to be kept.
    Stored,
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
