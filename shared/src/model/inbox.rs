//! Events wait here for their time and entropy, and are handled in the order in which they came.

use crate::{
    effects::{Effect, EntropyOperation},
    event::{Event, Stamped},
};
use crux_core::Command;
use crux_time::{TimeRequest, TimeResponse};
use futures::join;
use std::collections::VecDeque;

/// Events in order; the shell may answer for a later one first.
#[derive(Default)]
pub(super) struct Inbox {
    next: u64,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    serial: u64,
    event: Event,
    stamp: Option<(u64, [u8; 32])>,
}

/// An event whose turn has come.
pub(super) struct Ready {
    pub event: Event,
    pub now_ms: u64,
    pub entropy: [u8; 32],
}

impl Inbox {
    /// Takes an event in and asks for what it needs.
    pub fn take_in(&mut self, event: Event) -> Command<Effect, Event> {
        let serial = self.next;
        self.next += 1;
        self.waiting.push_back(Waiting { serial, event, stamp: None });
        Command::new(async move |context| {
            let (time, entropy) = join!(
                context.request_from_shell(TimeRequest::Now),
                context.request_from_shell(EntropyOperation { length: 32 })
            );
            let now_ms = match time {
                TimeResponse::Now { instant } => milliseconds(&instant),
                _ => 0,
            };
            context.send_event(Event::Stamped(Box::new(Stamped { serial, now_ms, entropy: entropy.bytes })));
        })
    }

    /// Notes a stamp. A stamp with too little entropy drops its event: no key is ever drawn from less.
    pub fn stamp(&mut self, stamped: &Stamped) {
        let Some(index) = self.waiting.iter().position(|waiting| waiting.serial == stamped.serial) else {
            return;
        };
        match <[u8; 32]>::try_from(stamped.entropy.as_slice()) {
            Ok(entropy) => self.waiting[index].stamp = Some((stamped.now_ms, entropy)),
            Err(_) => drop(self.waiting.remove(index)),
        }
    }

    pub fn next_ready(&mut self) -> Option<Ready> {
        let (now_ms, entropy) = self.waiting.front()?.stamp?;
        let event = self.waiting.pop_front()?.event;
        Some(Ready { event, now_ms, entropy })
    }
}

/// 0 for what is no time that a calendar can say.
fn milliseconds(instant: &crux_time::protocol::Instant) -> u64 {
    chrono::DateTime::<chrono::Utc>::try_from(*instant)
        .ok()
        .and_then(|time| u64::try_from(time.timestamp_millis()).ok())
        .unwrap_or(0)
}
