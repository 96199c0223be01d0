//! What is going to happen, by time and then by the order in which it was arranged.

use crux_http::protocol::{HttpRequest, HttpResult};
use std::collections::BTreeMap;

/// Something that happens at a moment.
#[derive(Clone, Debug)]
pub enum Due {
    /// A request reaches the server; its answer is for `call` of `phone`, unless nobody waits for it.
    Request {
        phone: usize,
        call: Option<u64>,
        request: HttpRequest,
    },
    Answer {
        phone: usize,
        call: u64,
        result: HttpResult,
    },
    /// A socket reaches the server.
    Connect {
        cable: u64,
    },
    /// The phone learns that its socket is open.
    Connected {
        cable: u64,
    },
    /// A frame reaches the server.
    Up {
        cable: u64,
        frame: Vec<u8>,
    },
    /// A frame reaches the phone.
    Down {
        cable: u64,
        frame: Vec<u8>,
    },
    /// The phone learns that its socket is closed.
    Unplugged {
        cable: u64,
    },
    /// The server learns it.
    Gone {
        cable: u64,
    },
    /// A phone's disk has done its next operation.
    Disk {
        phone: usize,
    },
    /// A timer of a phone may be due.
    Alarm {
        phone: usize,
    },
}

#[derive(Debug, Default)]
pub struct Queue {
    due: BTreeMap<(u64, u64), Due>,
    next: u64,
}

impl Queue {
    pub fn push(&mut self, at_ms: u64, due: Due) {
        self.due.insert((at_ms, self.next), due);
        self.next += 1;
    }

    pub fn next_at(&self) -> Option<u64> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    pub fn pop(&mut self) -> Option<(u64, Due)> {
        self.due.pop_first().map(|((at, _), due)| (at, due))
    }

    /// Forgets what matches.
    pub fn cancel(&mut self, matches: impl Fn(&Due) -> bool) {
        self.due.retain(|_, due| !matches(due));
    }
}
