//! Removes closed circles from the maps, each at once: nobody waits for a disk.

use kith_protocol::CircleId;

use super::rows::MemoryRows;
use crate::store::{StoreError, rows::ClosedRows};

impl ClosedRows for MemoryRows {
    async fn lock_closed(&mut self, before_ms: u64) -> Result<Option<CircleId>, StoreError> {
        let old = |row: &crate::store::row::CircleRow| row.closed.is_some_and(|closed| closed < before_ms);
        Ok(self.circles.iter().find(|(_, tables)| old(&tables.row)).map(|(id, _)| *id))
    }

    async fn remove_rows(&mut self, circle: CircleId, _: u64) -> Result<u64, StoreError> {
        self.tokens.retain(|_, (of, _)| *of != circle);
        self.pairings.retain(|(of, _), _| *of != circle);
        for circles in self.invites.values_mut() {
            circles.retain(|of| *of != circle);
        }
        self.invites.retain(|_, circles| !circles.is_empty());
        Ok(0)
    }

    async fn remove_circle(&mut self, circle: CircleId) -> Result<(), StoreError> {
        self.circles.remove(&circle);
        Ok(())
    }
}
