//! What lies on a phone's disk, as far as the invariants need it. Keys come from kith-replica, which makes them.

use super::inside::keys_of;
use crate::{network::contains, phone::Pairs};
use anyhow::Result;
use kith_protocol::Stream;
use kith_replica::Keys;

/// One membership on one disk.
pub struct Shelf<'a> {
    pairs: &'a Pairs,
    keys: Keys,
}

impl<'a> Shelf<'a> {
    /// The only membership on a disk.
    pub fn of(pairs: &'a Pairs) -> Result<Self> {
        Ok(Self { pairs, keys: keys_of(pairs)? })
    }

    fn under(&self, prefix: &[u8]) -> impl Iterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + use<'a> {
        let prefix = prefix.to_vec();
        let pairs = self.pairs;
        pairs.range(prefix.clone()..).take_while(move |(key, _)| key.starts_with(&prefix))
    }

    /// Edits, envelopes and membership actions that have no place in their stream yet.
    pub fn waiting(&self) -> usize {
        let waiting = [self.keys.pendings(), self.keys.outbox(), self.keys.intents()];
        waiting.iter().map(|prefix| self.under(prefix).count()).sum()
    }

    /// How far a stream was taken in, as it is stored.
    pub fn cursor(&self, stream: Stream) -> Option<&'a Vec<u8>> {
        self.pairs.get(&self.keys.cursor(stream))
    }

    /// Rows of a list, in order: key after the list's prefix, and value.
    pub fn rows(&self, list: &str) -> Vec<(&'a [u8], &'a [u8])> {
        let prefix = self.keys.list(list);
        self.under(&prefix).map(|(key, value)| (&key[prefix.len()..], value.as_slice())).collect()
    }

    /// The history of everything in a stream: key after the stream's prefix, and value.
    pub fn history(&self, stream: Stream) -> Vec<(&'a [u8], &'a [u8])> {
        let prefix = self.keys.of_stream("edit", stream);
        self.under(&prefix).map(|(key, value)| (&key[prefix.len()..], value.as_slice())).collect()
    }

    /// Whether words can be read somewhere: in a list, in the history, or in what could not be shared.
    pub fn says(&self, words: &str) -> bool {
        let edits = self.keys.of_stream("edit", Stream::Care);
        let edits = &edits[..edits.len() - Stream::Care.to_string().len() - 1];
        let lists = self.keys.list("");
        let lists = &lists[..lists.len() - 1];
        [edits, lists, &self.keys.drawers()]
            .iter()
            .any(|prefix| self.under(prefix).any(|(_, value)| contains(value, words.as_bytes())))
    }

    /// Whether words lie in the drawer of what could not be shared.
    pub fn keeps_back(&self, words: &str) -> bool {
        self.holds(&self.keys.drawers(), words)
    }

    /// Whether words are on their way, and nowhere else for certain.
    pub fn still_holds(&self, words: &str) -> bool {
        self.holds(&self.keys.pendings(), words) || self.keeps_back(words)
    }

    fn holds(&self, prefix: &[u8], words: &str) -> bool {
        self.under(prefix).any(|(_, value)| contains(value, words.as_bytes()))
    }

    /// How many things lie in the drawer.
    pub fn in_drawer(&self) -> usize {
        self.under(&self.keys.drawers()).count()
    }
}
