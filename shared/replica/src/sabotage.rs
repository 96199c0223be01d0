//! Safeguards that a build for the simulation switches off one at a time, to see that it notices (ADR 0083). In every
//! other build each of them is on, and this file is a constant.

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

#[cfg(feature = "sabotage")]
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

#[cfg(feature = "sabotage")]
pub(crate) use switch::is_off;
#[cfg(feature = "sabotage")]
pub use switch::switch_off;

#[cfg(not(feature = "sabotage"))]
pub(crate) const fn is_off(_: Safeguard) -> bool {
    false
}
