//! What a reader gets: a map of the document with every value that stands, and who wrote it.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::{OpSource, Scalar};

/// One of several values that stand at a key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Version {
    #[n(0)]
    pub value: Scalar,
    #[n(1)]
    pub source: OpSource,
}

/// A map of a document: one under `items`, one inside such a map, or `meta` itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Item {
    /// The key under which the map stands.
    #[n(0)]
    pub id: String,
    /// More than one version of a field: written at the same time by people who did not see each other's. The first
    /// is Automerge's winner, the others follow from newest to oldest; the order is the same on every device.
    #[n(1)]
    pub fields: BTreeMap<String, Vec<Version>>,
    #[n(2)]
    pub children: BTreeMap<String, Item>,
    /// Who made the map. None for `meta`, which every document has from the start.
    #[n(3)]
    pub born: Option<OpSource>,
}

impl Item {
    /// The winning value of a field.
    pub fn value(&self, field: &str) -> Option<&Scalar> {
        self.fields.get(field).and_then(|versions| versions.first()).map(|version| &version.value)
    }
}
