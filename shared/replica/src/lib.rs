//! One membership on one device: what is kept, what is shared, what is waiting, and what others wrote.
//!
//! Where to start reading: [`Replica`] is the whole surface. Everything that happens is an [`Input`]; everything that
//! is to be done is an [`Output`]; storage is keys and values ([`keys`], docs/storage.md). Inside, `engine` is one
//! `async` function that waits for the next input or for a storage answer and for nothing else (ADR 0040).
//!
//! # The life of an edit, out
//!
//! 1. `engine::edit`: [`Input::Edit`] makes a change of its document; one batch stores change, script, rows and
//!    history. [`Notice::Kept`] comes after the batch, never before.
//! 2. `engine::seal`: with a connection, and caught up, the oldest waiting changes are frozen under the next
//!    `device_seq` and sealed; the sealed bytes are stored (second batch), then sent. A retry sends the same bytes.
//! 3. The acknowledgement only marks the envelope. When the stream reaches its place, `engine::arrive` commits the
//!    edit: it moves from `pend/` to `chg/`, its history from "waiting" to its place.
//! 4. `engine::refused`: a refusal seals anew, waits, or (when the own access stream agrees) rebases; what no longer
//!    applies goes to the drawer, never away.
//!
//! # The life of an entry, in
//!
//! `engine::network` hands pages to `engine::access` (membership first) and `engine::arrive`: verified by
//! `kith_protocol::receive`, guarded and applied by `kith_document`, then one batch a page: raw entries, opened
//! changes, rows, history, cursor. Server fault, park and void are never mixed.
//!
//! # How a replica comes to be
//!
//! Founded here (`engine::founding`), invited by a link (`engine::invited`, `engine::joining`), or as another device of
//! a member by a pairing or a recovery kit (`engine::newcomer`, `engine::coming`, `engine::restoring`; the side that
//! lets it in is `engine::offering` and `engine::devices`). Each is a stage in storage and ends as a member's (ADR 0047).

mod cbor;
mod engine;
mod input;
pub mod keys;
mod listing;
mod output;
mod port;
mod record;
mod replica;
pub mod sabotage;
mod settings_change;
mod status;
mod view;
mod wish_record;
mod wished;

pub use input::{Founding, HttpAnswer, Input, Invitation, Invited, StorageAnswer, StorageError};
pub use keys::{Key, Keys, ReplicaId};
pub use listing::{Listing, RowKey};
pub use output::{
    CannotOpen, InvitationShown, LinkProblem, Method, NotKept, Notice, Output, PairingEnd, RowChange,
};
pub use record::{DrawerEntry, DrawerReason, StoredEdit, StoredRow};
pub use replica::{Context, Replica, Transport};
pub use settings_change::{Heir, SettingsChange};
pub use status::{Fault, SharingStatus};
pub use view::{Keeping, Phase};
pub use wished::Wished;
