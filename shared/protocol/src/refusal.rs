//! Why the server does not take something, with codes that stay as they are. Nothing is lost by a refusal.

use crate::access::AccessRefusal;
use crate::cbor::{DecodeError, wire};
use crate::hash::Hash;
use minicbor::{Decode, Encode};

/// A refusal as it travels: `[code, details…]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Encode, Decode)]
#[cbor(flat)]
pub enum Refusal {
    /// Larger than the limit.
    #[error("too large")]
    #[n(0)]
    TooLarge,
    /// Not readable as what it should be.
    #[error("not readable")]
    #[n(1)]
    Malformed,
    /// Made by a later version than this server.
    #[error("made by a newer version")]
    #[n(2)]
    Newer,
    /// Check 1: the token is another device's.
    #[error("written by another device than the one that sends it")]
    #[n(3)]
    WrongDevice,
    /// Check 1: the signature is wrong.
    #[error("the signature is wrong")]
    #[n(4)]
    Signature,
    /// Check 2: the server has another envelope with this number; its hash and k.
    #[error("another envelope with this number is at {1}")]
    #[n(5)]
    Different(#[n(0)] Hash, #[n(1)] u64),
    /// Check 3: the device may not write this stream at this access head.
    #[error("this device may not write here")]
    #[n(6)]
    NoRight(#[n(0)] u64),
    /// Checks 4 and 7: the author saw other entries than this server holds, in the access stream (true) or in the
    /// envelope's (false).
    #[error("the author has seen other entries than are kept here")]
    #[n(7)]
    Fork(#[n(0)] bool),
    /// Check 5: the epoch is now this one.
    #[error("sealed with an old key; the epoch is {0}")]
    #[n(8)]
    Stale(#[n(0)] u32),
    /// Check 6: the last number of this device that the server has.
    #[error("numbers are missing after {0}")]
    #[n(9)]
    Gap(#[n(0)] u64),
    /// Check 8: the circle has used up what it may store, in bytes.
    #[error("the circle's storage is used up")]
    #[n(10)]
    Quota(#[n(0)] u64),
    /// An access entry was not taken.
    #[error(transparent)]
    #[n(11)]
    Access(#[n(0)] AccessRefusal),
    /// The token is missing, expired, or of another circle.
    #[error("the session has ended")]
    #[n(12)]
    Token,
    /// The session may not do this.
    #[error("this session may not do this")]
    #[n(13)]
    Forbidden,
    /// No such circle here.
    #[error("there is no such circle here")]
    #[n(14)]
    UnknownCircle,
    /// Restored from a backup: a device must hand back what is missing first.
    #[error("the server was restored and waits for what it is missing")]
    #[n(15)]
    Waiting,
    /// The circle lives at this host now.
    #[error("the circle has moved to {0}")]
    #[n(16)]
    Moved(#[n(0)] String),
    /// The circle was closed.
    #[error("the circle was closed")]
    #[n(17)]
    Closed,
    /// Too often: try again after so many milliseconds.
    #[error("too often; try again in {0} ms")]
    #[n(18)]
    Busy(#[n(0)] u64),
    /// The server had a fault of its own; the same bytes may be sent again.
    #[error("the server had a fault")]
    #[n(19)]
    Fault,
}

wire!(Refusal = 1024);

impl Refusal {
    /// A stable name for logs, HTTP errors and support.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::Newer => "newer",
            Self::WrongDevice => "wrong_device",
            Self::Signature => "signature",
            Self::Different(..) => "different",
            Self::NoRight(_) => "no_right",
            Self::Fork(_) => "fork",
            Self::Stale(_) => "stale",
            Self::Gap(_) => "gap",
            Self::Quota(_) => "quota",
            Self::Access(refusal) => refusal.code(),
            Self::Token => "token",
            Self::Forbidden => "forbidden",
            Self::UnknownCircle => "unknown_circle",
            Self::Waiting => "waiting",
            Self::Moved(_) => "moved",
            Self::Closed => "closed",
            Self::Busy(_) => "busy",
            Self::Fault => "fault",
        }
    }
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::TooLarge { .. } => Self::TooLarge,
            DecodeError::Newer => Self::Newer,
            DecodeError::Malformed | DecodeError::NotCanonical | DecodeError::Older => Self::Malformed,
        }
    }
}

impl From<AccessRefusal> for Refusal {
    fn from(refusal: AccessRefusal) -> Self {
        Self::Access(refusal)
    }
}
