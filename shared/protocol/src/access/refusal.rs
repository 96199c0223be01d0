//! Why an access entry is not taken, with codes that stay as they are.

use crate::cbor::DecodeError;
use crate::hash::Hash;
use minicbor::{Decode, Encode};

/// Why the server (or a checking client) does not take an access entry. Nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Encode, Decode)]
#[cbor(flat)]
pub enum AccessRefusal {
    /// Not an entry.
    #[error("the entry is not readable")]
    #[n(0)]
    Malformed,
    /// Made by a later version.
    #[error("the entry was made by a newer version")]
    #[n(1)]
    Newer,
    /// Somebody else was first: decide again at this head.
    #[error("the access stream has moved on to {0}")]
    #[n(2)]
    Head(#[n(0)] u64, #[n(1)] Hash),
    /// Not signed by whom it says, or an inner signature is wrong.
    #[error("a signature is wrong")]
    #[n(3)]
    Signature,
    /// The author is no active device.
    #[error("the author is not an active device")]
    #[n(4)]
    Author,
    /// The author's role does not allow it.
    #[error("the author may not do this")]
    #[n(5)]
    NoRight,
    /// Nobody would be left to run the circle.
    #[error("no coordinator would be left")]
    #[n(6)]
    LastCoordinator,
    /// The member, device, invitation or stream is unknown or not in the state that the action needs.
    #[error("what it is about does not exist, or not any more")]
    #[n(7)]
    Target,
    /// A value is outside its limits.
    #[error("a value is outside its limits")]
    #[n(8)]
    Value,
    /// Keys that cannot be used, or that the circle has seen already.
    #[error("these keys cannot be used")]
    #[n(9)]
    Keys,
    /// The rotations are not exactly those that the action needs.
    #[error("the new keys are not exactly those that are needed")]
    #[n(10)]
    Rotations,
    /// The wraps are not exactly for the permitted recipients.
    #[error("the keys are not sealed for exactly those who may have them")]
    #[n(11)]
    Recipients,
    /// The invitation expired.
    #[error("the invitation has expired")]
    #[n(12)]
    Expired,
    /// The invitation has no uses left.
    #[error("the invitation was used up")]
    #[n(13)]
    UsedUp,
    /// The circle is as large as it may be.
    #[error("the circle is full")]
    #[n(14)]
    Full,
    /// The circle was closed.
    #[error("the circle was closed")]
    #[n(15)]
    Closed,
    /// The circle lives at another host now.
    #[error("the circle has moved to {0}")]
    #[n(16)]
    Moved(#[n(0)] String),
    /// The stamp is before the one of the last entry: the server's fault, never a member's.
    #[error("the stamp goes back")]
    #[n(17)]
    Stamp,
    /// The session may not send this entry.
    #[error("this session may not send this entry")]
    #[n(18)]
    Session,
    /// The time that was announced for it has not come, or none was announced.
    #[error("it was not announced for a time that has come")]
    #[n(19)]
    Early,
    /// Of a version that is not read any more.
    #[error("the entry was made by a version that is not read any more")]
    #[n(20)]
    Older,
}

impl AccessRefusal {
    /// A stable name for logs, HTTP errors and support.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "access_malformed",
            Self::Newer => "access_newer",
            Self::Head(..) => "access_head",
            Self::Signature => "access_signature",
            Self::Author => "access_author",
            Self::NoRight => "access_no_right",
            Self::LastCoordinator => "access_last_coordinator",
            Self::Target => "access_target",
            Self::Value => "access_value",
            Self::Keys => "access_keys",
            Self::Rotations => "access_rotations",
            Self::Recipients => "access_recipients",
            Self::Expired => "access_expired",
            Self::UsedUp => "access_used_up",
            Self::Full => "access_full",
            Self::Closed => "access_closed",
            Self::Moved(_) => "access_moved",
            Self::Stamp => "access_stamp",
            Self::Session => "access_session",
            Self::Early => "access_early",
            Self::Older => "access_older",
        }
    }
}

impl From<DecodeError> for AccessRefusal {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Newer => Self::Newer,
            DecodeError::Older => Self::Older,
            DecodeError::TooLarge { .. } | DecodeError::Malformed | DecodeError::NotCanonical => {
                Self::Malformed
            }
        }
    }
}
