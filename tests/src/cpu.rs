//! The processor's time, for what is measured: unlike a clock on the wall it does not run on while other programs work.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// What this thread has taken so far.
pub fn of_thread() -> Duration {
    read(ClockId::ThreadCPUTime)
}

/// What all threads of the process have taken so far.
pub fn of_process() -> Duration {
    read(ClockId::ProcessCPUTime)
}

fn read(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
