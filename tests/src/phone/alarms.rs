//! The timers of a phone, by its own clock.

use crux_core::Request;
use crux_time::{TimeRequest, TimeResponse};
use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

#[derive(Default)]
pub struct Alarms {
    set: BTreeMap<(u64, u64), Request<TimeRequest>>,
    next: u64,
}

impl Alarms {
    /// Sets what `request` asks for; `now_ms` is the phone's own time.
    pub fn set(&mut self, request: Request<TimeRequest>, now_ms: u64) {
        let due = match &request.operation {
            TimeRequest::NotifyAt { instant, .. } => milliseconds(SystemTime::from(*instant)),
            TimeRequest::NotifyAfter { duration, .. } => {
                let wait = std::time::Duration::from(*duration).as_millis();
                now_ms.saturating_add(u64::try_from(wait).unwrap_or(u64::MAX))
            }
            TimeRequest::Now | TimeRequest::Clear { .. } => return,
        };
        self.set.insert((due.max(now_ms), self.next), request);
        self.next += 1;
    }

    /// When the next one rings, by the phone's clock.
    pub fn next_due(&self) -> Option<u64> {
        self.set.first_key_value().map(|((due, _), _)| *due)
    }

    /// The next one that is due, with its answer.
    pub fn ring(&mut self, now_ms: u64) -> Option<(Request<TimeRequest>, TimeResponse)> {
        let entry = self.set.first_entry().filter(|entry| entry.key().0 <= now_ms)?;
        let request = entry.remove();
        let answer = match request.operation {
            TimeRequest::NotifyAt { id, .. } => TimeResponse::InstantArrived { id },
            TimeRequest::NotifyAfter { id, .. } => TimeResponse::DurationElapsed { id },
            TimeRequest::Clear { id } => TimeResponse::Cleared { id },
            TimeRequest::Now => return None,
        };
        Some((request, answer))
    }

    /// Takes a timer back.
    pub fn clear(&mut self, id: crux_time::TimerId) {
        let of = |request: &Request<TimeRequest>| match request.operation {
            TimeRequest::NotifyAt { id, .. } | TimeRequest::NotifyAfter { id, .. } => Some(id),
            TimeRequest::Now | TimeRequest::Clear { .. } => None,
        };
        self.set.retain(|_, request| of(request) != Some(id));
    }
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
