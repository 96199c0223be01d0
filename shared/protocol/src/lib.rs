//! What the core and the server both speak, byte by byte. docs/protocol.md describes the same for other teams.
//!
//! Where to start reading: [`identity`] and [`stream`] (who and where), [`access`] (who belongs, a signed and
//! chained log), [`keyring`] and [`wrap`] (keys of classes and how they reach people), [`envelope`] (sealed changes),
//! [`accept`] (what the server checks) and [`receive`] (what a client makes of it), [`message`] (what is said).
//!
//! Everything here is a pure function: time and randomness are arguments, and no input from outside panics.

pub mod accept;
pub mod access;
pub mod by_key;
pub mod cbor;
pub mod chain;
pub mod envelope;
pub mod hash;
pub mod identity;
pub mod invite;
pub mod keyring;
pub mod kit;
pub mod mailbox;
pub mod message;
pub mod name;
pub mod pairing;
pub mod receive;
pub mod refusal;
pub mod returning;
pub mod sabotage;
mod sealed;
pub mod session;
pub mod stream;
pub mod words;
pub mod wrap;

pub use by_key::CircleStart;
pub use cbor::{DecodeError, Wire};
pub use hash::{Hash, HashPrefix};
pub use identity::{
    CircleId, DeviceNumber, DevicePublic, DeviceSecrets, InviteId, Language, MemberNumber, PairingId, Role,
    Signature,
};
pub use keyring::{EpochKey, Keyring};
pub use refusal::Refusal;
pub use stream::{Cursor, Stream};
pub use wrap::{Party, Wrap, WrapSubject};

/// The wire version. 0 until the guard of documents is complete; later builds refuse circles of version 0.
pub const VERSION: u32 = 1;
