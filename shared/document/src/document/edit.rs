//! Own edits: a script becomes one change on top of all that is here.

use std::collections::BTreeSet;

use super::Document;
use super::plan::plan;
use crate::chunk::{MAX_RUN_TOTAL, NewChange, column_weight, write};
use crate::guard::{self, MAX_KEY_BYTES, Scope};
use crate::table::{Standing, touched};
use crate::{DeviceNumber, DocumentName, EditScript, Op, Void, actor};

/// Longest change of an edit, in bytes. With all that sealing adds, an envelope that holds it alone stays under 64 KiB
/// even when nothing in it can be compressed.
const MAX_EDIT_BYTES: usize = 56 << 10;

/// What an edit made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The change's chunk, uncompressed: what an envelope carries and what `replay` takes.
    pub change: Vec<u8>,
    pub ops: Vec<Op>,
    /// Ids of the items that changed. `meta` is not one: its ops have no item.
    pub touched: BTreeSet<String>,
}

/// Why an edit was not made; the document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("the script is for {0}")]
    OtherDocument(DocumentName),
    #[error(
        "a path starts at items or meta, goes on, and has no empty key and none of more than {MAX_KEY_BYTES} bytes"
    )]
    Path,
    #[error("nothing is at {0:?} to write in")]
    NoSuchMap(Vec<String>),
    #[error("what is at {0:?} is of the other kind: a map stays a map, a value a value")]
    OtherKind(Vec<String>),
    #[error("longer than one entry of the stream can carry")]
    TooLong,
    #[error("too many steps for one change")]
    TooManySteps,
    /// A fault of this crate: what was made would be void for everybody.
    #[error(transparent)]
    Refused(#[from] Void),
}

impl Document {
    /// Makes one change of `script`, as pending edit `n`. None when it would change nothing. After an error the
    /// document is as it was.
    pub fn edit(
        &mut self,
        device: DeviceNumber,
        incarnation: u64,
        script: &EditScript,
        n: u64,
    ) -> Result<Option<Edited>, EditError> {
        if script.document != self.name {
            return Err(EditError::OtherDocument(script.document.clone()));
        }
        let actor = actor(&self.circle, device, &self.name, incarnation);
        let deps = self.heads();
        let seq = self.table.actor(&actor).map_or(0, |actor| actor.changes.len() as u64) + 1;
        let start_op = self.table.max_op() + 1;
        let ops = plan(&self.table, actor, start_op, &script.steps)?;
        if ops.is_empty() {
            return Ok(None);
        }
        if ops.iter().map(column_weight).sum::<usize>() > MAX_RUN_TOTAL {
            return Err(EditError::TooManySteps);
        }
        let change = write(NewChange { deps: &deps, actor, seq, start_op, ops: &ops });
        if change.len() > MAX_EDIT_BYTES {
            return Err(EditError::TooLong);
        }
        Ok(self.replay(device, incarnation, &change, n).map(Some)?)
    }

    /// Puts a stored own pending change back on top, after a load.
    pub fn replay(
        &mut self,
        device: DeviceNumber,
        incarnation: u64,
        change: &[u8],
        n: u64,
    ) -> Result<Edited, Void> {
        let actor = actor(&self.circle, device, &self.name, incarnation);
        let resolved = guard::check(&self.table, change, &actor, Scope::WithPending)?;
        let index = self.table.record(resolved, device, incarnation, Standing::Pending { n });
        let change = change.to_vec();
        self.unapplied.push(change.clone());
        let ops = self.table.history(index);
        let touched = touched(&ops);
        Ok(Edited { change, ops, touched })
    }
}
