//! The few calls that are made into Automerge. It is handed nothing that the guard did not pass.

use automerge::{Automerge, Change};

/// Automerge refused, which the guard is there to rule out.
#[derive(Debug)]
pub(crate) struct Refused;

/// One call for many changes: applying them one by one costs the more the longer the document is.
pub(super) fn apply(engine: &mut Automerge, chunks: &[Vec<u8>]) -> Result<(), Refused> {
    if chunks.is_empty() {
        return Ok(());
    }
    let changes: Result<Vec<Change>, _> = chunks.iter().map(|chunk| Change::try_from(&chunk[..])).collect();
    engine.apply_changes(changes.map_err(|_| Refused)?).map_err(|_| Refused)
}
