//! Safeguards that the simulation switches off one at a time, to see that it notices (ADR 0083). That can be done in
//! builds with debug assertions, or with the feature; in what is shipped each of them is on, and this file is a constant.

/// What is checked here, by what would be let through without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safeguard {
    /// A reader checks the author's signature.
    Signature,
    /// Check 3 at a reader: the author may write.
    Right,
    /// Check 4 at a reader: the author saw this access stream.
    Access,
    /// Check 5 at a reader: the epoch of the time.
    Epoch,
    /// Check 6 at a reader: the author's next number.
    Number,
    /// Check 7 at a reader: the author saw this stream.
    Seen,
    /// A key is the one that the rotation committed to.
    Commit,
    /// A nonce is made of the content.
    Nonce,
    /// Keys are changed when somebody is taken out.
    Rotation,
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
