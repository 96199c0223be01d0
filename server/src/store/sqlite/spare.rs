//! Tokens that could not be written: kept in memory while the disk is full, so that people can still open a session and
//! read. One process has the file, so nobody else needs to know them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kith_protocol::{CircleId, Hash};

use crate::store::TokenRow;

/// Tokens at once; past it sessions wait until there is room on the disk.
const MOST: usize = 10_000;

type Tokens = BTreeMap<Hash, (CircleId, TokenRow)>;

/// The tokens, by hash.
#[derive(Debug, Default)]
pub(super) struct SpareTokens(Mutex<Tokens>);

impl SpareTokens {
    /// Whether it could be kept: there is room, and no token answers the same challenge.
    pub(super) fn keep(&self, circle: CircleId, token: TokenRow, now_ms: u64) -> bool {
        let mut held = self.held();
        held.retain(|_, (_, token)| token.expires > now_ms);
        let same = |(of, other): &(CircleId, TokenRow)| *of == circle && other.nonce == token.nonce;
        let may = held.len() < MOST && !held.values().any(same);
        if may {
            held.insert(token.hash, (circle, token));
        }
        may
    }

    /// A token that has not expired, and its circle.
    pub(super) fn get(&self, hash: Hash, now_ms: u64) -> Option<(CircleId, TokenRow)> {
        self.held().get(&hash).filter(|(_, token)| token.expires > now_ms).copied()
    }

    /// Whether a challenge was answered by one of these.
    pub(super) fn answered(&self, circle: CircleId, nonce: &[u8; 32]) -> bool {
        self.held().values().any(|(of, token)| *of == circle && token.nonce == *nonce)
    }

    fn held(&self) -> MutexGuard<'_, Tokens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
