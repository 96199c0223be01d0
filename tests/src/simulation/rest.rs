//! The end of a simulation: everything works again, and nothing is done any more until nothing moves.

use super::{
    cast::{self, Member},
    outcome::Outcome,
    shelf::Shelf,
};
use crate::{network::World, phone::Sight};
use anyhow::Result;

/// The longest that coming to rest may take, in milliseconds of their time: waits between attempts grow to two minutes,
/// and a device that may clear what is due waits up to half a minute before it does.
const LONGEST_MS: u64 = 2 * 3_600_000;
const ROUND_MS: u64 = 60_000;
/// Nothing was written for so many rounds.
const QUIET_ROUNDS: u32 = 4;

pub fn come_to_rest(world: &mut World, members: &mut [Member], outcome: &mut Outcome) -> Result<()> {
    for member in members.iter() {
        world.phone_mut(member.phone).disk.set_full(false);
        if !world.phones()[member.phone].is_running() {
            world.start(member.phone);
        }
        world.set_reception(member.phone, true, true);
    }
    let until = world.now() + LONGEST_MS;
    let (mut quiet, mut before) = (0, None);
    while quiet < QUIET_ROUNDS {
        if world.now() > until {
            let last = members.iter().map(|member| {
                let disk = &world.phones()[member.phone].disk;
                format!("{} wrote {} batches, the last {}", member.name, disk.written(), disk.last_written())
            });
            let why: Vec<String> = restless(world, members).into_iter().chain(last).collect();
            outcome.faults.push(format!("did not come to rest: {}", why.join("; ")));
            return Ok(());
        }
        cast::advance_all(world, members, |_| true)?;
        world.run(ROUND_MS);
        let written: u64 = world.phones().iter().map(|phone| phone.disk.written()).sum();
        let still = before == Some(written) && restless(world, members).is_empty();
        quiet = if still { quiet + 1 } else { 0 };
        before = Some(written);
    }
    Ok(())
}

/// What still waits, in words.
fn restless(world: &World, members: &[Member]) -> Vec<String> {
    let mut found = Vec::new();
    for member in members {
        if !member.is_in() {
            let view = world.phones()[member.phone].view();
            let text = view.map(|view| Sight(view).text().replace('\n', " / ")).unwrap_or_default();
            found.push(format!("{} is not in the circle: {:?}, sees {text}", member.name, member.way));
            continue;
        }
        let waiting = Shelf::of(world.phones()[member.phone].disk.pairs()).map_or(0, |shelf| shelf.waiting());
        if waiting > 0 {
            found.push(format!("{waiting} things wait on {}'s phone", member.name));
        }
    }
    found
}
