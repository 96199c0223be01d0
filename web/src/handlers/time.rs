//! The clock and timers.

use crate::{bridge::answer, page};
use crux_core::Request;
use crux_time::protocol::{Instant, TimeRequest, TimeResponse, TimerId};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    rc::Rc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use wasm_bindgen::{JsCast, closure::Closure};

/// `setTimeout` holds 31 bits of milliseconds; longer waits are made of several.
const LONGEST_MS: f64 = 2_147_483_647.0;

type Running = Rc<RefCell<BTreeMap<usize, Timer>>>;

/// Timers by the core's id.
#[derive(Default)]
pub struct Timers {
    running: Running,
}

struct Timer {
    handle: i32,
    request: Request<TimeRequest>,
    /// Unix milliseconds.
    due: f64,
    _closure: Closure<dyn FnMut()>,
}

impl Timers {
    pub fn run(&self, request: Request<TimeRequest>) {
        match request.operation.clone() {
            TimeRequest::Now => answer(request, TimeResponse::Now { instant: now() }),
            TimeRequest::NotifyAfter { id, duration } => {
                let wait = Duration::from(duration).as_secs_f64() * 1000.0;
                wait_until(&self.running, id.0, request, js_sys::Date::now() + wait);
            }
            TimeRequest::NotifyAt { id, instant } => {
                let since = SystemTime::from(instant).duration_since(UNIX_EPOCH).unwrap_or_default();
                let due = since.as_secs_f64() * 1000.0;
                wait_until(&self.running, id.0, request, due);
            }
            TimeRequest::Clear { id } => {
                if let Some(timer) = self.running.borrow_mut().remove(&id.0) {
                    page::window().clear_timeout_with_handle(timer.handle);
                }
                answer(request, TimeResponse::Cleared { id });
            }
        }
    }
}

fn wait_until(running: &Running, id: usize, request: Request<TimeRequest>, due: f64) {
    let timers = Rc::clone(running);
    let closure = Closure::new(move || wake(&timers, id));
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what setTimeout takes")]
    let wait = (due - js_sys::Date::now()).clamp(0.0, LONGEST_MS).ceil() as i32;
    let callback = closure.as_ref().unchecked_ref();
    let set = page::window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, wait);
    // Only a callback that is no function is refused.
    if let Ok(handle) = set {
        let before = running.borrow_mut().insert(id, Timer { handle, request, due, _closure: closure });
        // Another one of this id must not fire once its closure is gone.
        if let Some(before) = before {
            page::window().clear_timeout_with_handle(before.handle);
        }
    }
}

fn wake(running: &Running, id: usize) {
    let Some(timer) = running.borrow_mut().remove(&id) else { return };
    let Timer { request, due, .. } = timer;
    // A long wait in pieces, or a browser that rounds down.
    if js_sys::Date::now() < due {
        return wait_until(running, id, request, due);
    }
    let id = TimerId(id);
    let response = match request.operation {
        TimeRequest::NotifyAt { .. } => TimeResponse::InstantArrived { id },
        _ => TimeResponse::DurationElapsed { id },
    };
    answer(request, response);
}

fn now() -> Instant {
    // Whole milliseconds: in fractions of a second, half of them would be rounded to the one before.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970")]
    let since = Duration::from_millis(js_sys::Date::now().max(0.0) as u64);
    Instant::new(since.as_secs(), since.subsec_nanos())
}
