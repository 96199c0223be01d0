//! A key that this device should have and lacks: what is new in a class cannot be opened, and nothing of one's own be
//! sealed for it. Keys come beside the entry that changes them, so a lack that lasts is no matter of waiting (ADR 0056).

use kith_protocol::Stream;
use kith_protocol::access::Standing;
use kith_protocol::receive::Park;

use crate::engine::member::Member;

/// So long must a key be missing while there is a connection before that is said, in milliseconds: keys for an heir
/// come from somebody else's phone.
const LASTS_MS: u64 = 60_000;

/// How long a key has been missing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lack {
    /// Since when, with a connection all the while (Unix milliseconds by this device's clock).
    since: Option<u64>,
    /// It has lasted, and does so until the key comes.
    pub lasting: bool,
}

impl Lack {
    /// Without a connection no key can come, so the time does not count.
    pub fn disconnected(&mut self) {
        self.since = None;
    }

    /// When to look whether it lasts.
    pub fn looks_again(&self) -> Option<u64> {
        self.since.filter(|_| !self.lasting).map(|since| since.saturating_add(LASTS_MS))
    }
}

impl Member {
    /// Notes since when a key has been missing.
    pub fn watch_keys(&mut self) {
        if !self.lacks_key() {
            self.lack = Lack::default();
            return;
        }
        let now = self.port.now();
        if self.network.connected() {
            let since = *self.lack.since.get_or_insert(now);
            self.lack.lasting |= now >= since.saturating_add(LASTS_MS);
        }
    }

    /// The classes that others share; a private one is between a member's own devices.
    fn lacks_key(&self) -> bool {
        if self.standing() != Standing::Active || self.closed() {
            return false;
        }
        let missing = self.keyring.missing(&self.log, self.device);
        let parked = |stream: Stream| {
            let parked = self.lanes.get(&stream).and_then(|lane| lane.parked);
            matches!(parked, Some(Park::NoKey(..))) && self.may_read(stream)
        };
        Stream::SHARED.into_iter().any(|stream| missing.contains(&stream) || parked(stream))
    }
}
