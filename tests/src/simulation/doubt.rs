//! What the phones of a simulation may rightly say of the server, after all that was played on them.

use super::{
    cast::Member,
    inside::{Inside, keys_of, reached},
    scene::Scene,
};
use kith_protocol::access::{AccessLog, Device};

/// How the server went on from a backup, the worse later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Backup {
    Unused,
    /// Its operator marked it.
    Marked,
    /// Nobody told it.
    Untold,
}

impl Scene {
    /// Whether a phone says that the server is at fault.
    pub fn has_stopped(&self, member: &Member) -> bool {
        let pairs = self.world.phones()[member.phone].disk.pairs();
        keys_of(pairs).is_ok_and(|keys| pairs.contains_key(&keys.fault()))
    }

    /// Whether a phone goes on sharing: it has not stopped, and the server does not deny knowing it. That happens to who
    /// came in while the server showed two histories, or just before it went back; and to who was taken out in the history
    /// that they were not shown, and cannot be proven it.
    pub fn shares(&self, member: &Member) -> bool {
        let denied = || {
            let pairs = self.world.phones()[member.phone].disk.pairs();
            let active = |log: &AccessLog| Inside::device_of(pairs, log).is_some_and(Device::active);
            Inside::log_of(pairs).is_some_and(|own| {
                let known = self.world.access_log(own.circle());
                known.is_some_and(|log| {
                    !active(&log) && (active(&own) || Inside::device_of(pairs, &log).is_none())
                })
            })
        };
        !self.has_stopped(member) && !((self.has_two_histories() || self.went_back()) && denied())
    }

    /// Whether a phone might have been shown what no honest server shows.
    pub fn may_stop(&self, member: &Member) -> bool {
        self.has_two_histories() || self.world.liar.lied_to(member.phone)
    }

    /// The server showed two histories: on purpose, or because nobody told it that it went back, and somebody wrote before it
    /// heard of what it had lost.
    pub fn has_two_histories(&self) -> bool {
        self.forked || self.backup == Backup::Untold && self.world.record.is_split()
    }

    /// The server went on from a backup.
    pub(super) fn went_back(&self) -> bool {
        self.backup > Backup::Unused
    }

    /// Everybody whose phone is what it should be and goes on sharing.
    pub fn healthy(&self) -> Vec<Member> {
        let sound =
            |member: &&Member| member.is_in() && member.is_honest() && !member.lost && self.shares(member);
        self.members.iter().filter(sound).cloned().collect()
    }

    /// Places that a phone believes in and the true server never had.
    pub fn made_up(&self, member: &Member) -> Vec<String> {
        let states = reached(self.world.phones()[member.phone].disk.pairs());
        let made_up =
            states.iter().filter(|state| !self.world.record.knows(state.stream, state.k, state.chain));
        made_up
            .map(|state| format!("{} believes entry {} of {}", member.name, state.k, state.stream))
            .collect()
    }
}
