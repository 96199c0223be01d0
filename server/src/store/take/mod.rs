//! The protocol's rules over a store's rows: the only place that decides what is written.
//! [`Transaction`] carries the changed circles from the first piece of work to the commit; each kind of work has a file.

mod access;
mod closed;
mod envelopes;
mod fresh;
mod mail;
mod restore;
mod returned;
mod room;
mod session;
mod transaction;
mod work;

pub(super) use fresh::Writes;
pub use mail::{Mail, Mailed};
pub(super) use transaction::Transaction;
pub use work::{Done, Fresh, Work};
