//! From opening the app to the first view of the circle, after five years and after one month.

use super::{
    keystroke::Desk,
    row::{Row, number, quantile},
};
use crate::{cpu, phone::Pairs};
use anyhow::{Result, ensure};

const STARTS: usize = 41;

pub fn measure(five_years: &Pairs, one_month: &Pairs) -> Result<Vec<Row>> {
    let (mut long, mut short) = (Vec::new(), Vec::new());
    // In turns, so that whatever else the machine does befalls both alike.
    for _ in 0..STARTS {
        short.push(start(one_month)?);
        long.push(start(five_years)?);
    }
    let (long, short) = (quantile(&mut long, 500), quantile(&mut short, 500));
    Ok(vec![
        Row::plain("cold_start_five_years", number(long) / 1e6, "ms"),
        Row::plain("cold_start_one_month", number(short) / 1e6, "ms"),
        Row::at_most("cold_start_ratio", number(long) / number(short), "", 1.2),
    ])
}

/// Nanoseconds of the processor until the circle is on the screen, with a disk that answers at once. The app is opened
/// twice and the second time counts: making the disk's copy leaves the caches in another state for each size of disk.
fn start(pairs: &Pairs) -> Result<u64> {
    let mut desk = Desk::with(pairs.clone());
    desk.0.start();
    desk.0.finish_disk();
    desk.0.stop(0);
    let begun = cpu::of_thread();
    desk.0.start();
    desk.0.finish_disk();
    let view = desk.0.view();
    let took = cpu::of_thread().saturating_sub(begun);
    ensure!(view.is_some_and(|view| !view.tabs.is_empty() && view.bar.is_some()), "the circle is not open");
    Ok(u64::try_from(took.as_nanos())?)
}
