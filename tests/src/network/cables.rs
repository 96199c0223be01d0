//! Open sockets: which phone holds each, and that frames arrive in the order in which they were sent.

use super::Place;
use std::collections::BTreeMap;

/// A socket between a phone and the server, by a number of the network's own.
#[derive(Clone, Copy, Debug)]
pub struct Cable {
    pub phone: usize,
    /// The phone's number for it.
    pub socket: u64,
    /// The server that it leads to.
    pub place: Place,
    /// When the last frame in each direction arrives.
    up_ms: u64,
    down_ms: u64,
}

#[derive(Debug, Default)]
pub struct Cables {
    open: BTreeMap<u64, Cable>,
    next: u64,
}

impl Cables {
    pub fn lay(&mut self, phone: usize, socket: u64, place: Place) -> u64 {
        let cable = self.next;
        self.next += 1;
        self.open.insert(cable, Cable { phone, socket, place, up_ms: 0, down_ms: 0 });
        cable
    }

    pub fn get(&self, cable: u64) -> Option<Cable> {
        self.open.get(&cable).copied()
    }

    pub fn find(&self, phone: usize, socket: u64) -> Option<u64> {
        let holds = |cable: &Cable| cable.phone == phone && cable.socket == socket;
        self.open.iter().find(|(_, cable)| holds(cable)).map(|(number, _)| *number)
    }

    pub fn of(&self, phone: usize) -> Vec<u64> {
        self.open.iter().filter(|(_, cable)| cable.phone == phone).map(|(number, _)| *number).collect()
    }

    /// Takes it away; nothing more arrives on it.
    pub fn cut(&mut self, cable: u64) -> Option<Cable> {
        self.open.remove(&cable)
    }

    /// When a frame to the server that would arrive at `at_ms` does arrive: never before an earlier one.
    pub fn up(&mut self, cable: u64, at_ms: u64) -> u64 {
        self.open.get_mut(&cable).map_or(at_ms, |cable| {
            cable.up_ms = cable.up_ms.max(at_ms);
            cable.up_ms
        })
    }

    pub fn down(&mut self, cable: u64, at_ms: u64) -> u64 {
        self.open.get_mut(&cable).map_or(at_ms, |cable| {
            cable.down_ms = cable.down_ms.max(at_ms);
            cable.down_ms
        })
    }
}
