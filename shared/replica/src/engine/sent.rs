//! The mark of a wish that was sent: from then on it may stand in the access stream, whatever becomes of this app.

use crate::cbor::to_bytes;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::port::Batch;
use crate::wish_record::StoredSent;

impl Member {
    /// Stored before the wish is sent: the app may be closed before the answer comes.
    pub(super) async fn mark_sent(&mut self, n: u64) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        batch.put(self.keys.sent(n), to_bytes(&StoredSent { head: self.log.head() }));
        self.write(batch).await
    }

    /// These wishes do not stand, so that each can be taken back again.
    pub(super) async fn unmark(&mut self, wishes: impl IntoIterator<Item = u64>) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        for n in wishes.into_iter().filter(|n| self.intents.contains_key(n) && !self.proposals.was_sent(*n)) {
            batch.delete(self.keys.sent(n));
        }
        self.write(batch).await
    }

    /// All that the host has of membership is here.
    pub async fn proposals_known(&mut self) -> Result<(), Trouble> {
        let known = self.proposals.caught_up();
        self.unmark(known).await
    }

    /// The host takes nothing at the moment.
    pub async fn put_off(&mut self, seq: u64, until: u64) -> Result<(), Trouble> {
        self.proposals.not_before = until;
        let proposed = self.proposals.not_taken(seq);
        self.unmark(proposed.and_then(|proposed| proposed.intent)).await
    }
}
