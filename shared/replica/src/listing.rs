//! What the app tells the engine about its lists: in which rows an item stands.

use kith_document::{DocumentName, Item};

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
pub struct RowKey {
    /// A short plain name without `/`.
    #[n(0)]
    pub list: String,
    /// Sorts bytewise; unique in its list.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub key: Vec<u8>,
}

/// Which rows an item has; pure, so that every device that holds the same item has the same rows.
pub trait Listing: Send + Sync {
    /// The rows of an item; empty when it stands in no list.
    fn rows(&self, document: &DocumentName, item: &Item) -> Vec<RowKey>;
}
