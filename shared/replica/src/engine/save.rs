//! Snapshots of documents: a cache that keeps loading short.

use kith_document::DocumentName;

use crate::engine::documents::SAVE_EVERY;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::port::Batch;

impl Member {
    /// Stores a document whole once enough has been committed to it, and lets the single changes go. Nothing is
    /// stored while own edits wait in it.
    pub async fn save_if_long(&mut self, name: &DocumentName) -> Result<(), Trouble> {
        let Some(loaded) = self.documents.get_mut(name).filter(|loaded| loaded.unsaved.len() >= SAVE_EVERY)
        else {
            return Ok(());
        };
        let Some(snapshot) = loaded.document.snapshot() else { return Ok(()) };
        let saved = std::mem::take(&mut loaded.unsaved);
        let mut batch = Batch::default();
        batch.put(self.keys.snapshot(name), snapshot);
        for k in saved {
            batch.delete(self.keys.change(name, k));
        }
        self.write(batch).await
    }
}
