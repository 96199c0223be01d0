//! An edit as what a person meant, kept beside its change so that it can be made again after a rebase.

use minicbor::{Decode, Encode};

use crate::{DocumentName, Scalar};

/// What one edit does to one document. One script becomes one change, or none.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EditScript {
    #[n(0)]
    pub document: DocumentName,
    /// Short stable label (`log.add`), shown and sorted by in the drawer; never part of the document.
    #[n(1)]
    pub intent: String,
    #[n(2)]
    pub steps: Vec<Step>,
}

/// One step. A path starts at `items` or `meta`: `["items", uuid, "note"]`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Step {
    /// A map at `path`. Where one is there already, nothing happens.
    #[n(0)]
    Make {
        #[n(0)]
        path: Vec<String>,
    },
    /// A value at `path`, over whatever values stand there. The map around it must be there.
    #[n(1)]
    Put {
        #[n(0)]
        path: Vec<String>,
        #[n(1)]
        value: Scalar,
    },
    /// No value at `path`. Maps are archived by a field, never deleted.
    #[n(2)]
    Delete {
        #[n(0)]
        path: Vec<String>,
    },
}

impl Step {
    /// A step that makes a map.
    pub fn make<const N: usize>(path: [&str; N]) -> Self {
        Self::Make { path: path.map(str::to_owned).to_vec() }
    }

    /// A step that writes a value.
    pub fn put<const N: usize>(path: [&str; N], value: impl Into<Scalar>) -> Self {
        Self::Put { path: path.map(str::to_owned).to_vec(), value: value.into() }
    }

    /// A step that removes a value.
    pub fn delete<const N: usize>(path: [&str; N]) -> Self {
        Self::Delete { path: path.map(str::to_owned).to_vec() }
    }

    pub fn path(&self) -> &[String] {
        match self {
            Self::Make { path } | Self::Put { path, .. } | Self::Delete { path } => path,
        }
    }
}
