//! A transaction over the rows of any store: which circles it touched, and what they are after it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kith_protocol::{CircleId, Refusal, message::Subject};

use super::{Done, Work, fresh::FreshRows};
use crate::store::{Circle, Quota, StoreError, cache::Cache, rows::Rows};

/// Work on the rows of one store between its begin and its commit.
pub(in crate::store) struct Transaction<'a, R> {
    pub(super) rows: &'a mut R,
    pub(super) quota: Quota,
    cache: &'a Cache,
    /// Nobody else writes, so that what is cached is how things are.
    alone: bool,
    pub(super) touched: BTreeMap<CircleId, Touched>,
    pub(super) fresh: FreshRows,
    /// Circles of which something was removed: they are not known any more.
    pub(super) gone: BTreeSet<CircleId>,
}

/// A circle that was looked at.
pub(super) struct Touched {
    pub(super) circle: Arc<Circle>,
    pub(super) changed: bool,
}

impl<'a, R: Rows> Transaction<'a, R> {
    pub(in crate::store) fn new(rows: &'a mut R, cache: &'a Cache, quota: Quota) -> Self {
        Self {
            rows,
            quota,
            cache,
            alone: false,
            touched: BTreeMap::new(),
            fresh: FreshRows::default(),
            gone: BTreeSet::new(),
        }
    }

    /// For a store with one writer, which need not read a cached circle's row again.
    pub(in crate::store) fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// Checks and writes. A refusal writes nothing; on an error the transaction must be taken back.
    pub(in crate::store) async fn perform(&mut self, work: &Work, now_ms: u64) -> Result<Done, StoreError> {
        let id = match work {
            Work::Found { submitted, challenge_key } => {
                return self.take_found(submitted, *challenge_key, now_ms).await;
            }
            Work::Return { given, challenge_key } => {
                return self.take_return(given, *challenge_key, now_ms).await;
            }
            Work::Forget { closed_before } => return self.take_forget(*closed_before).await,
            Work::Restored { since } => {
                self.rows.mark_restored(*since).await?;
                self.cache.clear();
                return Ok(Done { changed: true, ..Done::default() });
            }
            Work::Access { circle, .. }
            | Work::Envelopes { circle, .. }
            | Work::Wraps { circle, .. }
            | Work::Missing { circle, .. }
            | Work::HandBack { circle, .. }
            | Work::Token { circle, .. }
            | Work::Mail { circle, .. } => *circle,
        };
        let Some(circle) = self.circle(id).await? else {
            return Ok(Done::refused(None, Subject::Session, Refusal::UnknownCircle));
        };
        match work {
            Work::Found { .. } | Work::Return { .. } | Work::Forget { .. } | Work::Restored { .. } => {
                Ok(Done::default())
            }
            Work::Access { party, host, submitted, .. } => {
                self.take_access(circle, *party, host, submitted, now_ms).await
            }
            Work::Envelopes { device, host, envelopes, .. } => {
                self.take_envelopes(circle, *device, host, envelopes, now_ms).await
            }
            Work::Wraps { device, wraps, .. } => self.take_wraps(circle, *device, wraps, now_ms).await,
            Work::Missing { device, cursors, .. } => {
                self.take_missing(circle, *device, cursors, now_ms).await
            }
            Work::HandBack { device, handed, .. } => self.take_back(circle, *device, handed, now_ms).await,
            Work::Token { token, .. } => self.take_token(circle, token, now_ms).await,
            Work::Mail { pairing, mail, .. } => self.take_mail(circle, *pairing, mail, now_ms).await,
        }
    }

    /// The circle as this transaction sees it, with its row locked.
    pub(super) async fn circle(&mut self, id: CircleId) -> Result<Option<Arc<Circle>>, StoreError> {
        if let Some(touched) = self.touched.get(&id) {
            return Ok(Some(Arc::clone(&touched.circle)));
        }
        if self.gone.contains(&id) {
            return Ok(None);
        }
        let cached = if self.alone { self.cache.get(id) } else { None };
        let circle = if let Some(circle) = cached {
            circle
        } else {
            let Some(row) = self.rows.lock(id).await? else { return Ok(None) };
            Circle::load(self.rows, self.cache, id, row).await?
        };
        self.touched.insert(id, Touched { circle: Arc::clone(&circle), changed: false });
        Ok(Some(circle))
    }

    /// The circle has changed: remembers it, one version on.
    pub(super) fn keep(&mut self, mut circle: Circle) -> Arc<Circle> {
        let before = self.touched.get(&circle.id());
        if before.is_none_or(|touched| !touched.changed) {
            circle.row.version += 1;
        }
        let circle = Arc::new(circle);
        self.touched.insert(circle.id(), Touched { circle: Arc::clone(&circle), changed: true });
        circle
    }
}
