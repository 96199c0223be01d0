//! What the true server said and was told: which places of which streams exist, and every sealed envelope.

use kith_protocol::{
    Hash, Stream,
    envelope::SealedEnvelope,
    message::{AccessAck, Frame, Frames},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Record {
    /// Every place that the server gave to something, with the chain there: what no server made up.
    places: BTreeSet<(Stream, u64, Hash)>,
    envelopes: BTreeMap<Hash, SealedEnvelope>,
    nonces: BTreeMap<Vec<u8>, Hash>,
    faults: Vec<String>,
}

impl Record {
    /// Whether the true server ever had this place, with this chain.
    pub fn knows(&self, stream: Stream, k: u64, chain: Hash) -> bool {
        k == 0 || self.places.contains(&(stream, k, chain))
    }

    /// Whether one place was ever given to two things: the server went back, and took something new before it heard what
    /// it had lost.
    pub fn is_split(&self) -> bool {
        let places = self.places.iter().map(|(stream, k, _)| (stream, k));
        places.clone().zip(places.skip(1)).any(|(one, next)| one == next)
    }

    /// Everything that was sealed and sent, once each.
    pub fn envelopes(&self) -> impl Iterator<Item = &SealedEnvelope> {
        self.envelopes.values()
    }

    /// What must never be seen on a wire and was.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    pub(super) fn hear_request(&mut self, url: &str, body: &[u8]) {
        if url.ends_with("/v1/sync") {
            self.hear_frames(body);
        }
    }

    pub(super) fn hear_answer(&mut self, url: &str, body: &[u8]) {
        if url.ends_with("/v1/sync") {
            self.hear_frames(body);
        } else if url.ends_with("/v1/circles")
            && let Ok(ack) = AccessAck::decode(body)
        {
            self.places.insert((Stream::Access, ack.seq, ack.hash));
        }
    }

    fn hear_frames(&mut self, body: &[u8]) {
        if let Ok(Frames(frames)) = Frames::decode(body) {
            for frame in &frames {
                self.hear(frame);
            }
        }
    }

    pub(super) fn hear_frame(&mut self, bytes: &[u8]) {
        if let Ok(frame) = Frame::decode(bytes) {
            self.hear(&frame);
        }
    }

    fn hear(&mut self, frame: &Frame) {
        match frame {
            Frame::Acked(ack) => drop(self.places.insert((ack.stream, ack.k, ack.chain))),
            Frame::AccessAcked(ack) => drop(self.places.insert((Stream::Access, ack.seq, ack.hash))),
            Frame::Welcome(welcome) => {
                self.places.extend(welcome.heads.iter().map(|head| (head.stream, head.k, head.chain)));
            }
            Frame::Entries(page) => {
                if let Some(last) = page.entries.last() {
                    self.places.insert((page.stream, last.k, page.chain));
                }
            }
            Frame::Submit(envelopes) => envelopes.iter().for_each(|envelope| self.submitted(envelope)),
            _ => {}
        }
    }

    fn submitted(&mut self, envelope: &SealedEnvelope) {
        let nonce = envelope.body.iter().take(24).copied().collect();
        let body = Hash::of(&envelope.body);
        if self.nonces.insert(nonce, body).is_some_and(|before| before != body) {
            self.faults.push("a nonce was used for two texts".to_owned());
        }
        self.envelopes.insert(envelope.hash(), envelope.clone());
    }
}
