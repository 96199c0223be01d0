//! What those can still read who were taken out or lost a right: nothing that was sealed afterwards.

use super::{
    inside::{Inside, keys_of},
    scene::Scene,
};
use kith_protocol::{Keyring, access::AccessLog, envelope::open};
use std::collections::BTreeSet;

impl Scene {
    /// Remembers what keys lie on each phone: who is taken out may have copied them.
    pub(super) fn note_keys(&mut self) {
        for (who, member) in self.members.iter().enumerate() {
            let pairs = self.world.phones()[member.phone].disk.pairs();
            let Ok(keys) = keys_of(pairs) else { continue };
            if let Some(ring) = pairs.get(&keys.keyring()) {
                let known = self.keyrings.entry(who).or_default();
                if !known.contains(ring) {
                    known.insert(ring.clone());
                }
            }
        }
    }

    /// What somebody opens who must not: envelopes sealed after they lost the right to read them, under new keys.
    pub fn opened_too_much(&self) -> Vec<String> {
        let mut found = BTreeSet::new();
        for log in self.known_logs() {
            self.opened_against(&log, &mut found);
        }
        found.into_iter().collect()
    }

    /// The same for what was sealed in one history: what was sealed in another one is judged by that.
    fn opened_against(&self, log: &AccessLog, found: &mut BTreeSet<String>) {
        for (who, rings) in &self.keyrings {
            let Some(member) = self.members.get(*who) else { continue };
            let Some(device) = Inside::number_of(self.world.phones()[member.phone].disk.pairs(), log) else {
                continue;
            };
            let rings: Vec<Keyring> =
                rings.iter().filter_map(|ring| Keyring::from_bytes(ring).ok()).collect();
            for envelope in self.world.record.envelopes() {
                let Ok(header) = envelope.read_header() else { continue };
                if log.hash_at(header.access_seq).map(|hash| hash.prefix()) != Some(header.access_hash) {
                    continue;
                }
                let reads = (header.access_seq..=log.head()).any(|n| log.may_read(device, header.stream, n));
                // Who goes, goes with the keys of the moment; what is sealed under later ones is closed to them.
                let lost_at = (1..=header.access_seq).rev().find(|n| log.may_read(device, header.stream, *n));
                let removed_by_others =
                    lost_at.is_some_and(|n| log.epoch_at(header.stream, n) < header.epoch);
                let closed = !reads && lost_at.is_some();
                let same_entry = lost_at
                    .is_some_and(|n| log.epoch_at(header.stream, n + 1) > log.epoch_at(header.stream, n));
                if !closed || !(removed_by_others || same_entry || !member.left) {
                    continue;
                }
                let opens = rings.iter().filter_map(|ring| ring.key(header.stream, header.epoch));
                if opens.into_iter().any(|key| open(&envelope.header, &envelope.body, key).is_ok()) {
                    found.insert(format!("{} can still read {}", member.name, header.stream));
                }
            }
        }
    }
}
