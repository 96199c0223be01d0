//! From opening the app to the first view of the circle, after five years and after one month.

use super::{
    keystroke::Desk,
    row::{Row, number, quantile},
};
use crate::phone::Pairs;
use anyhow::{Result, ensure};
use std::time::Instant;

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

/// Nanoseconds until the circle is on the screen, with a disk that answers at once.
fn start(pairs: &Pairs) -> Result<u64> {
    let mut desk = Desk::with(pairs.clone());
    let begun = Instant::now();
    desk.0.start();
    desk.0.finish_disk();
    let view = desk.0.view();
    let took = begun.elapsed();
    ensure!(view.is_some_and(|view| !view.tabs.is_empty() && view.bar.is_some()), "the circle is not open");
    Ok(u64::try_from(took.as_nanos())?)
}
