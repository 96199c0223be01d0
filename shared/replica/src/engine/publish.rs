//! What the outside may see of a membership, brought up to date after every input.

use std::collections::BTreeMap;
use std::sync::Arc;

use kith_protocol::MemberNumber;
use kith_protocol::access::Standing;
use kith_protocol::receive::Park;
use kith_protocol::words::four_words;

use crate::engine::member::Member;
use crate::engine::run::show;
use crate::status::SharingStatus;
use crate::view::Phase;

/// A clock that is off by more than this is told, in milliseconds.
const CLOCK_TOLERANCE_MS: u64 = 120_000;

impl Member {
    /// Shows how things stand.
    pub fn publish(&self) {
        let phase = match self.standing() {
            _ if self.founded.is_some() => Phase::Founded,
            Standing::Active | Standing::Pending if self.closed() => Phase::Closed,
            Standing::Active => Phase::Member,
            Standing::Pending => Phase::Joining,
            Standing::Refused | Standing::Left | Standing::Removed => Phase::Ended,
        };
        let waiting = self.waiting();
        let keeping = self.keeping();
        self.port.with_view(|view| {
            view.phase = phase;
            view.me = Some((self.mine, self.device));
            view.circle = Some(self.circle);
            view.host.clone_from(&self.host);
            view.keeping = keeping;
            view.waiting = waiting;
            view.wishes = self.intents.iter().map(|(n, intent)| (*n, intent.into())).collect();
            view.sent = self.proposals.all_sent();
            view.in_drawer = self.in_drawer;
            view.names.clone_from(&self.names);
            let known = view.access.as_ref().is_some_and(|log| log.cursor() == self.log.cursor());
            if !known {
                view.access = Some(Arc::new(self.log.clone()));
                view.words = self.words();
            }
            view.heard = self.heard();
            view.clock = self.network.clock();
        });
        show(&self.port, self.status(waiting));
    }

    /// What has no place in its stream yet.
    pub fn waiting(&self) -> usize {
        self.intents.len() + self.lanes.values().map(|lane| lane.pending.len()).sum::<usize>()
    }

    fn heard(&self) -> BTreeMap<MemberNumber, u64> {
        let mut heard = BTreeMap::new();
        for (device, stamp) in self.lanes.values().flat_map(|lane| &lane.heard) {
            if let Some(member) = self.log.member_of(*device) {
                let last = heard.entry(member).or_insert(*stamp);
                *last = (*last).max(*stamp);
            }
        }
        heard
    }

    fn words(&self) -> BTreeMap<MemberNumber, [&'static str; 4]> {
        let joins = self.log.pending_joins().into_iter();
        let mine = joins.filter(|join| join.member == self.mine || self.log.may_invite(self.mine, join.role));
        mine.map(|join| (join.member, four_words(&join.hash, self.log.language()))).collect()
    }

    /// The worst that is true; see [`SharingStatus`].
    fn status(&self, waiting: usize) -> SharingStatus {
        if self.full {
            return SharingStatus::StorageFull;
        }
        if let Some(fault) = &self.fault {
            return SharingStatus::Stopped(fault.clone());
        }
        if self.newer || self.lanes.values().any(|lane| lane.parked == Some(Park::Newer)) {
            return SharingStatus::UpdateNeeded;
        }
        if self.ended() {
            let n = self.in_drawer;
            return if n > 0 {
                SharingStatus::NotShared { n }
            } else {
                SharingStatus::Offline { waiting: 0 }
            };
        }
        if self.closed() {
            let n = self.in_drawer;
            return if n > 0 { SharingStatus::NotShared { n } } else { SharingStatus::Closed };
        }
        if self.network.gone() {
            return SharingStatus::ServerGone;
        }
        if self.standing() == Standing::Pending {
            return SharingStatus::WaitingToBeLetIn;
        }
        if self.lack.lasting && self.network.connected() {
            return SharingStatus::KeyMissing;
        }
        let full = self.no_room.entries && waiting > 0 || self.no_room.access && !self.intents.is_empty();
        if full && self.network.connected() {
            return SharingStatus::ServerFull;
        }
        if self.in_drawer > 0 {
            return SharingStatus::NotShared { n: self.in_drawer };
        }
        if let Some(by_ms) = self.network.clock_off(CLOCK_TOLERANCE_MS) {
            return SharingStatus::ClockOff { by_ms };
        }
        if !self.network.connected() {
            return SharingStatus::Offline { waiting };
        }
        let behind = self
            .lanes
            .iter()
            .any(|(stream, lane)| self.may_read(*stream) && (!lane.caught_up || lane.parked.is_some()));
        if waiting > 0 || behind || !self.current {
            return SharingStatus::Sharing { n: waiting };
        }
        SharingStatus::AllShared
    }
}
