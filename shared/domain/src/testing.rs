//! A circle of real documents for tests: five people, one of them with two devices, and the stream between them.

use std::collections::BTreeMap;

use kith_document::{Arrival, DeviceNumber, Document, DocumentName, EditScript, Item, Op, Origin};

use crate::{Member, Members, Role};

/// The first moment of every test: 2026-11-22T17:52:00Z.
pub(crate) const NOW: u64 = 1_795_369_920_000;

pub(crate) const ANNA: DeviceNumber = 1;
pub(crate) const MARIE: DeviceNumber = 2;
pub(crate) const TOM: DeviceNumber = 3;
pub(crate) const JOAN: DeviceNumber = 4;
pub(crate) const LOU: DeviceNumber = 5;
/// Another device of Joan's.
pub(crate) const JOANS_TABLET: DeviceNumber = 6;

/// Member numbers are those of the first devices; Anna coordinates, Marie is a caregiver, Tom a professional, Joan a
/// helper, Lou a friend.
pub(crate) struct People;

impl Members for People {
    fn member_of(&self, device: DeviceNumber) -> Option<Member> {
        match device {
            1..=5 => Some(device),
            JOANS_TABLET => Some(JOAN),
            _ => None,
        }
    }

    fn role_at(&self, member: Member, _: &Origin) -> Option<Role> {
        match member {
            ANNA => Some(Role::Coordinator),
            MARIE => Some(Role::Caregiver),
            TOM => Some(Role::Professional),
            JOAN => Some(Role::Helper),
            LOU => Some(Role::Friend),
            _ => None,
        }
    }

    fn is_active(&self, member: Member) -> bool {
        (1..=5).contains(&member)
    }
}

struct Phone {
    document: Document,
    waiting: Vec<(u64, Vec<u8>)>,
    next: u64,
    seen: usize,
    ops: Vec<Op>,
}

/// One document of the circle on every device, and what the server has of it.
pub(crate) struct Circle {
    phones: BTreeMap<DeviceNumber, Phone>,
    /// Each entry with its author's own numbers of the edits in it.
    stream: Vec<(Arrival, Vec<u64>)>,
}

impl Circle {
    pub fn new(document: &DocumentName) -> Self {
        let phone = |device| {
            let document = Document::new(document.clone(), [7; 32]);
            (device, Phone { document, waiting: Vec::new(), next: 1, seen: 0, ops: Vec::new() })
        };
        Self { phones: (1..=6).map(phone).collect(), stream: Vec::new() }
    }

    fn phone(&mut self, device: DeviceNumber) -> &mut Phone {
        self.phones.get_mut(&device).unwrap()
    }

    /// Makes an edit on a device, which keeps it to itself.
    pub fn edit(&mut self, device: DeviceNumber, script: &EditScript) {
        let phone = self.phone(device);
        let n = phone.next;
        let Some(edited) = phone.document.edit(device, 1, script, n).unwrap() else { return };
        phone.next += 1;
        phone.waiting.push((n, edited.change));
        phone.ops.extend(edited.ops);
    }

    /// Sends what waits on a device, as one entry.
    pub fn send(&mut self, device: DeviceNumber) {
        let k = self.stream.len() as u64 + 1;
        let waiting = std::mem::take(&mut self.phone(device).waiting);
        if waiting.is_empty() {
            return;
        }
        let (edits, changes) = waiting.into_iter().unzip();
        let arrival = Arrival { device, incarnation: 1, changes, k, stamp: NOW + k * 1_000 };
        self.stream.push((arrival, edits));
    }

    /// Takes in on a device what the server has.
    pub fn receive(&mut self, device: DeviceNumber) {
        let phone = self.phones.get_mut(&device).unwrap();
        for (arrival, edits) in &self.stream[phone.seen..] {
            if arrival.device == device {
                for n in edits {
                    phone.ops.retain(|op| op.source.origin != Origin::Pending { n: *n });
                    phone.ops.extend(phone.document.committed(*n, arrival.k, arrival.stamp));
                }
            } else {
                phone.ops.extend(phone.document.arrive(arrival).unwrap().ops);
            }
        }
        phone.seen = self.stream.len();
    }

    /// Everybody sends, in order of device, and then receives.
    pub fn settle(&mut self) {
        (1..=6).for_each(|device| self.send(device));
        (1..=6).for_each(|device| self.receive(device));
    }

    /// Makes an edit and lets everybody have it.
    pub fn share(&mut self, device: DeviceNumber, script: &EditScript) {
        self.edit(device, script);
        self.settle();
    }

    pub fn item(&self, device: DeviceNumber, id: &str) -> Option<Item> {
        let document = &self.phones[&device].document;
        if id == "meta" { Some(document.meta()) } else { document.item(id) }
    }

    /// Every op that a device knows of an item.
    pub fn history(&self, device: DeviceNumber, id: &str) -> Vec<Op> {
        let of = |op: &&Op| op.item.as_deref().unwrap_or("meta") == id;
        self.phones[&device].ops.iter().filter(of).cloned().collect()
    }
}
