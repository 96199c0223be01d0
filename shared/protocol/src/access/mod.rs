//! The access stream: who belongs to a circle, signed and hash-chained.
//!
//! [`Action`] is what may be done, [`AccessLog::check`] the rules (each group in a file), [`AccessLog::needs`]
//! the keys that must come along, [`Author`] how an action is made.

mod action;
mod apply;
mod author;
mod build;
mod entry;
mod epochs;
mod found;
mod log;
mod needs;
mod refusal;
mod rights;
mod rules;
mod state;

pub use action::{Action, Found, Invite, Join, Rotation, SealedName, Settings};
pub use author::{Author, BuildError, Proposal};
pub use build::{InviteTerms, consent};
pub use entry::{AccessEntry, AccessRecord, MAX_ACCESS_BYTES, SignedAccess};
pub use found::{Founding, found};
pub use log::{AccessLog, Checked};
pub use needs::Needs;
pub use refusal::AccessRefusal;
pub use rules::{
    CLOSING_NOTICE_MS, HEIR_WAIT_MS, MAX_CLOSING_MS, MAX_DEVICES, MAX_INVITATION_MS, MAX_OPEN_INVITATIONS,
    MAX_USES,
};
pub(crate) use rules::{new_device_message, valid_host};
pub use state::{Closing, Device, Invitation, Member, Moved, PendingJoin, RoleRun, Standing};
