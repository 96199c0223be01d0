//! Several devices that write one document through one stream, as the server would order it.

use crate::{Arrival, Document, DocumentName, EditScript, Edited, Step};

pub(super) const CIRCLE: [u8; 32] = [7; 32];
pub(super) const INCARNATION: u64 = 1;

pub(super) fn name() -> DocumentName {
    DocumentName::parse("care/log-2026-11").unwrap()
}

pub(super) fn script(steps: impl Into<Vec<Step>>) -> EditScript {
    EditScript { document: name(), intent: "test".into(), steps: steps.into() }
}

pub(super) fn new() -> Document {
    Document::new(name(), CIRCLE)
}

/// A device: its copy, what it has seen of the stream, and what it has not sent yet.
#[derive(Clone)]
struct Peer {
    document: Document,
    seen: usize,
    unsent: Vec<(u64, Vec<u8>)>,
}

/// Devices numbered from 1, and the stream between them.
#[derive(Clone)]
pub(super) struct Peers {
    devices: Vec<Peer>,
    /// The entries, and the numbers of the edits in each.
    pub(super) stream: Vec<(Arrival, Vec<u64>)>,
    next: u64,
}

impl Peers {
    pub(super) fn new(count: usize) -> Self {
        let peer = Peer { document: new(), seen: 0, unsent: Vec::new() };
        Self { devices: vec![peer; count], stream: Vec::new(), next: 1 }
    }

    pub(super) fn of(&mut self, device: u32) -> &mut Document {
        &mut self.devices[device as usize - 1].document
    }

    /// Edits and leaves the edit pending.
    pub(super) fn edit(&mut self, device: u32, steps: impl Into<Vec<Step>>) -> Option<Edited> {
        let n = self.next;
        self.next += 1;
        let peer = &mut self.devices[device as usize - 1];
        let edited = peer.document.edit(device, INCARNATION, &script(steps), n).unwrap();
        peer.unsent.extend(edited.iter().map(|edited| (n, edited.change.clone())));
        edited
    }

    /// Sends what a device has not sent, as one entry.
    pub(super) fn send(&mut self, device: u32) {
        let unsent = std::mem::take(&mut self.devices[device as usize - 1].unsent);
        if unsent.is_empty() {
            return;
        }
        let k = self.stream.len() as u64 + 1;
        let (numbers, changes) = unsent.into_iter().unzip();
        let arrival = Arrival { device, incarnation: INCARNATION, changes, k, stamp: 1_000 + k };
        self.stream.push((arrival, numbers));
    }

    /// A device takes the next entries of the stream, at most `count`, foreign ones in one batch.
    pub(super) fn receive(&mut self, device: u32, count: usize) {
        let peer = &mut self.devices[device as usize - 1];
        let end = self.stream.len().min(peer.seen.saturating_add(count));
        let entries = &self.stream[peer.seen..end];
        peer.seen = end;
        for run in entries.chunk_by(|(one, _), (next, _)| (one.device == device) == (next.device == device)) {
            if run[0].0.device == device {
                for (arrival, numbers) in run {
                    for n in numbers {
                        assert!(!peer.document.committed(*n, arrival.k, arrival.stamp).is_empty());
                    }
                }
            } else {
                let arrivals: Vec<Arrival> = run.iter().map(|(arrival, _)| arrival.clone()).collect();
                for result in peer.document.arrive_many(&arrivals) {
                    assert!(!result.unwrap().ops.is_empty());
                }
            }
        }
    }

    /// Everybody sends and receives everything.
    pub(super) fn settle(&mut self) {
        let devices = 1..=u32::try_from(self.devices.len()).unwrap();
        devices.clone().for_each(|device| self.send(device));
        devices.for_each(|device| self.receive(device, usize::MAX));
    }

    /// One device edits, and everybody has it.
    pub(super) fn share(&mut self, device: u32, steps: impl Into<Vec<Step>>) {
        self.edit(device, steps);
        self.settle();
    }
}
