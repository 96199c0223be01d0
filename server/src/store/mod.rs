//! Where circles are kept. [`Store`] is what the server may ask of a store; `rows.rs` is what a store does row by row;
//! `take.rs` runs the protocol's rules over the rows, once for all stores (ADR 0031).

mod api;
mod cache;
mod circle;
mod error;
mod memory;
mod open;
mod postgres;
mod row;
mod rows;
mod sql;
mod sqlite;
mod take;

pub use api::{Quota, Store};
pub use circle::Circle;
pub use error::StoreError;
pub use memory::MemoryStore;
pub use open::open_store;
pub use postgres::PostgresStore;
pub use row::{AccessRow, EntryRow, KnownRow, PairingRow, TokenRow, WrapRow};
pub use sqlite::SqliteStore;
pub use take::{Done, Mail, Mailed, Work};
