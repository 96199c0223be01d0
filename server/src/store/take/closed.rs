//! What is left of a circle after its Close goes too, in parts small enough that nobody waits for them.

use super::{Done, Transaction};
use crate::store::{StoreError, rows::Rows};

/// Rows that one transaction removes at most.
const ROWS: u64 = 1000;

impl<R: Rows> Transaction<'_, R> {
    /// From the first part on the circle is unknown to everybody, so that nobody is shown half of it.
    pub(super) async fn take_forget(&mut self, closed_before: u64) -> Result<Done, StoreError> {
        let again = Done { changed: true, ..Done::default() };
        let Some(circle) = self.rows.lock_closed(closed_before).await? else { return Ok(Done::default()) };
        if self.touched.contains_key(&circle) {
            // Somebody's request came in the same group, and is written at its end.
            return Ok(again);
        }
        self.gone.insert(circle);
        if self.rows.remove_rows(circle, ROWS).await? < ROWS {
            self.rows.remove_circle(circle).await?;
        }
        Ok(again)
    }
}
