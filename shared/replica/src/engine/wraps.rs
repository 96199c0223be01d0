//! Keys and names as they reach this device, and the keys that it hands on.

use std::collections::BTreeMap;

use kith_protocol::receive::Park;
use kith_protocol::{MemberNumber, Party, Role, Stream, Wrap, WrapSubject};

use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::output::Notice;
use crate::port::Batch;

/// How far it is with giving a host keys for others: the current ones for everybody, after it lost what was sealed or the
/// circle came to it, and those for an heir.
#[derive(Clone, Debug, Default)]
pub(crate) struct Giving {
    /// The host may lack them.
    pub lost: bool,
    /// They are on their way, and not answered yet.
    asked: bool,
    /// They were refused; `at` is not tried again on this connection.
    refused: bool,
    /// The place of the access stream for whose recipients they were sealed last.
    at: u64,
    /// Keys for an heir that were sent, and whether the host answered after them.
    to_heirs: BTreeMap<(Party, Stream, u32), bool>,
}

impl Giving {
    /// Whether they are to go now, with this head of the access stream.
    fn starts(&mut self, head: u64) -> bool {
        let now = self.lost && !self.asked && !(self.refused && self.at >= head);
        if now {
            (self.asked, self.refused, self.at) = (true, false, head);
        }
        now
    }

    /// The host has answered what was sent. Whether they were among that.
    fn answered(&mut self) -> bool {
        self.to_heirs.values_mut().for_each(|answered| *answered = true);
        let asked = std::mem::take(&mut self.asked);
        self.lost &= !asked;
        asked
    }

    fn refused(&mut self) {
        (self.lost, self.asked, self.refused) = (true, false, true);
    }

    pub fn disconnected(&mut self) {
        (self.asked, self.refused) = (false, false);
        self.to_heirs.retain(|_, answered| *answered);
    }
}

impl Member {
    /// Keys and names that were sealed for this device, or for the invitation it joined by.
    pub async fn take_wraps(&mut self, wraps: &[Wrap]) -> Result<(), Trouble> {
        let (mut batch, mut keys) = (Batch::default(), false);
        let invitation = self.link.as_ref().map(|link| (Party::Invitation(link.id), link.secret.secrets()));
        for wrap in wraps {
            if let WrapSubject::Name(member) = wrap.subject {
                self.take_name(member, wrap, &mut batch);
                continue;
            }
            let own = Party::Device(self.device);
            // A wrap that does not open, or whose key is not the one that was agreed on, is as good as missing.
            let taken = match &invitation {
                Some((party, secrets)) if wrap.recipient == *party => {
                    self.keyring.take_wrap(&self.log, wrap, *party, secrets)
                }
                _ => self.keyring.take_wrap(&self.log, wrap, own, &self.secrets),
            };
            keys |= taken == Ok(true);
        }
        if keys {
            self.proposals.keys_came();
            batch.put(self.keys.keyring(), self.keyring.to_bytes().to_vec());
            for (stream, lane) in &mut self.lanes {
                if let Some(Park::NoKey(_, epoch)) = lane.parked
                    && self.keyring.key(*stream, epoch).is_some()
                {
                    lane.resume();
                    self.more.insert(*stream);
                }
            }
        }
        self.write(batch).await
    }

    fn take_name(&mut self, member: MemberNumber, wrap: &Wrap, batch: &mut Batch) {
        if self.names.contains_key(&member) {
            // The host sends what it has at every session.
            return;
        }
        let sealed = self.log.member(member).and_then(|known| known.name.as_ref());
        let opened = sealed
            .and_then(|name| kith_protocol::name::open(&self.circle, member, name, wrap, &self.secrets).ok());
        if let Some(name) = opened {
            batch.put(self.keys.name(member.0), name.clone().into_bytes());
            self.names.insert(member, name);
            // Seen at once: whoever hears the notice asks for the names while the write is still under way.
            self.port.with_view(|view| view.names.clone_from(&self.names));
            self.port.notice(Notice::Access);
        }
    }

    /// Keys that somebody may lack: after a restore of the host all current ones for everybody, since nobody else has
    /// what was sealed beside lost entries; else those for an heir. The host keeps those that it lacks.
    pub async fn wraps_to_give(&mut self) -> Result<Vec<Wrap>, Trouble> {
        if !self.giving.starts(self.log.head()) {
            return Ok(self.wraps_for_heir());
        }
        let mut wraps = Vec::new();
        let now = self.network.server_time(self.port.now());
        let streams = Stream::SHARED.into_iter().chain([Stream::Private(self.mine)]);
        for stream in streams.filter(|stream| self.may_read(*stream)) {
            for (party, _) in self.log.recipients(stream, now) {
                let made = self.port.with_rng(|rng| self.keyring.wrap_for(stream, &self.log, party, rng));
                wraps.extend(made);
            }
        }
        if wraps.is_empty() {
            self.wraps_taken().await?;
        }
        Ok(wraps)
    }

    /// The host took the keys that it was given, and need not be given them again.
    pub async fn wraps_taken(&mut self) -> Result<(), Trouble> {
        if self.giving.answered() { self.arrived().await } else { Ok(()) }
    }

    /// Somebody came or went meanwhile, so that one of the keys is for nobody: all of them go again once that is known here.
    /// Nothing says when that is but the access stream.
    pub async fn wraps_refused(&mut self) -> Result<(), Trouble> {
        self.giving.refused();
        self.keys_are_due().await
    }

    /// The current keys for an heir who became coordinator: nobody could wrap them beside that entry. Once an
    /// epoch, as long as the app runs.
    fn wraps_for_heir(&mut self) -> Vec<Wrap> {
        let heir = self.log.settings().heir.and_then(|heir| self.log.member(heir));
        let Some(heir) = heir.filter(|heir| heir.role() == Some(Role::Coordinator)) else {
            return Vec::new();
        };
        let mut wraps = Vec::new();
        let readable = Stream::SHARED.map(|stream| self.may_read(stream).then_some(stream));
        let readable: Vec<Stream> = readable.into_iter().flatten().collect();
        for device in self.log.devices_of(heir.number).filter(|device| device.number != self.device) {
            let party = Party::Device(device.number);
            for stream in readable.iter().copied() {
                let epoch = self.log.epoch(stream);
                let known = (party, stream, epoch);
                if self.keyring.key(stream, epoch).is_some() && !self.giving.to_heirs.contains_key(&known) {
                    self.giving.to_heirs.insert(known, false);
                    let made = self.port.with_rng(|rng| self.keyring.wrap_for(stream, &self.log, party, rng));
                    wraps.extend(made);
                }
            }
        }
        wraps
    }
}
