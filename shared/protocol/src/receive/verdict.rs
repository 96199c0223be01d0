//! What may become of an entry that arrives.

use crate::access::AccessRefusal;
use crate::envelope::{Header, OpenError, Plaintext};
use crate::stream::Stream;

/// Proof that the server does not do what it must. Halt the stream, send nothing more, keep the evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerFault {
    /// Not the next number, or another stream's entry.
    #[error("entry {got} came where {expected} belongs")]
    Order {
        /// The next k.
        expected: u64,
        /// The k that came.
        got: u64,
    },
    /// The access head goes back, or the stamp does.
    #[error("the order of time goes back")]
    Backwards,
    /// Not readable, and not of a later version.
    #[error("an entry is not readable")]
    Malformed,
    /// Not signed by the device that it names.
    #[error("a signature is wrong")]
    Signature,
    /// The author may not have written it.
    #[error("the author had no right to write it")]
    NoRight,
    /// Its author saw another history, of access (true) or of this stream.
    #[error("people are shown different things")]
    Fork(bool),
    /// Sealed with the key of another epoch.
    #[error("sealed in a wrong epoch")]
    Epoch,
    /// An envelope of its author is missing or doubled.
    #[error("an envelope of its author is missing or doubled")]
    DeviceSeq,
    /// The body is missing though nothing erased it.
    #[error("a body is missing")]
    NoBody,
    /// The server's chain is not the one that its entries make.
    #[error("the chain is not the one that the entries make")]
    Chain,
    /// A record of the access stream breaks its rules.
    #[error("the access stream breaks its rules: {0}")]
    Access(AccessRefusal),
}

/// Why a stream waits. Keep the entry; nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Park {
    /// The access stream must be caught up to this entry first.
    Access(u64),
    /// The key of this epoch has not come yet.
    NoKey(Stream, u32),
    /// A later version of the app wrote it.
    Newer,
}

/// What became of an entry that the server rightly sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It opened: apply it, if the guard agrees; else treat it as void.
    Committed(Header, Plaintext),
    /// An own entry without its body, which the outbox has.
    Own(Header),
    /// Erased: it counts and adds nothing.
    Erased(Header),
    /// It does not open: it counts and adds nothing, for every reader alike.
    Void(Header, OpenError),
    /// Not now; the stream stays where it is.
    Park(Park),
}
