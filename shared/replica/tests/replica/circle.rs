//! What the host in memory holds of a circle.

use std::collections::BTreeMap;

use kith_protocol::accept::KnownEnvelope;
use kith_protocol::access::{AccessLog, AccessRecord};
use kith_protocol::envelope::StreamEntry;
use kith_protocol::{DeviceNumber, Hash, Party, Stream, Wrap, WrapSubject};

use crate::host::Session;

pub struct Circle {
    pub log: AccessLog,
    pub records: Vec<AccessRecord>,
    pub wraps: Vec<Wrap>,
    pub streams: BTreeMap<Stream, Vec<(StreamEntry, Hash)>>,
    pub known: BTreeMap<(DeviceNumber, Stream, u64), KnownEnvelope>,
}

impl Circle {
    /// Forgets everything of a stream behind entry `k`, as a restored backup does.
    pub fn cut(&mut self, stream: Stream, k: usize) {
        self.streams.entry(stream).or_default().truncate(k);
        self.known.retain(|(_, of, _), known| *of != stream || known.ack.k <= k as u64);
    }

    pub fn belongs(&self, session: &Session, now: u64) -> bool {
        match session.party {
            Party::Device(device) => self.log.may_read(device, Stream::Access, self.log.head()),
            Party::Invitation(id) => self.log.invitation(&id).is_some_and(|known| known.open(now)),
        }
    }

    pub fn readable(&self, session: &Session) -> Vec<Stream> {
        match session.party {
            Party::Device(device) => {
                let streams = self.log.streams_of(device).into_iter();
                streams.filter(|stream| *stream != Stream::Access).collect()
            }
            Party::Invitation(_) => Vec::new(),
        }
    }

    pub fn wraps_for(&self, party: Party) -> Vec<Wrap> {
        let Party::Device(device) = party else { return Vec::new() };
        let member = self.log.member_of(device).and_then(|member| self.log.member(member));
        let active = self.log.device_active(device, self.log.head());
        let by = member.and_then(|member| member.invite).map(Party::Invitation).filter(|_| active);
        let mine = |wrap: &&Wrap| match wrap.subject {
            WrapSubject::Name(_) => wrap.recipient == party,
            WrapSubject::Epoch(..) => wrap.recipient == party || Some(wrap.recipient) == by,
        };
        self.wraps.iter().filter(mine).cloned().collect()
    }
}
