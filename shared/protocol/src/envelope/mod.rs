//! Envelopes: one document's changes, sealed and signed. [`seal`] makes one, [`open`] reads one.

mod compress;
mod header;
mod padding;
mod plaintext;
mod seal;

pub use compress::{DICTIONARY, MAX_INFLATED};
pub use header::{Body, Header, MAX_ENVELOPE_BYTES, SealedEnvelope, StreamEntry};
pub use padding::padme;
pub use plaintext::{MAX_CHANGES, MAX_DOCUMENT_NAME, Plaintext};
pub use seal::{OpenError, SealError, open, seal};
