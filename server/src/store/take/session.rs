//! Tokens: one for each challenge.

use std::sync::Arc;

use kith_protocol::{Refusal, message::Subject};

use super::{Done, Transaction};
use crate::store::{Circle, StoreError, TokenRow, rows::Rows};

impl<R: Rows> Transaction<'_, R> {
    /// Keeps a token, unless its challenge was answered before. Forgets the circle's that have expired, and its
    /// mailboxes: only its own, because its row is locked.
    pub(super) async fn take_token(
        &mut self,
        circle: Arc<Circle>,
        token: &TokenRow,
        now_ms: u64,
    ) -> Result<Done, StoreError> {
        if self.rows.nonce_used(circle.id(), &token.nonce).await? {
            return Ok(Done::refused(Some(circle), Subject::Session, Refusal::Token));
        }
        self.rows.drop_tokens(circle.id(), now_ms).await?;
        self.rows.drop_pairings(circle.id(), now_ms).await?;
        self.rows.put_token(circle.id(), token).await?;
        Ok(Done { circle: Some(circle), ..Done::default() })
    }
}
