//! The end of a simulation: everything works again, and nothing is done any more until nothing moves.

use super::{
    cast::{self, Member},
    outcome::Outcome,
    scene::Scene,
    shelf::Shelf,
};
use crate::{network::Weather, phone::Sight};
use anyhow::Result;

/// The longest that coming to rest may take, in milliseconds of their time: waits between attempts grow to two minutes,
/// and a device that may clear what is due waits up to half a minute before it does.
const LONGEST_MS: u64 = 2 * 3_600_000;
const ROUND_MS: u64 = 60_000;
/// The most that may happen on the way to rest: phones that ask without end never rest.
const MOST_HAPPENS: u64 = 40_000;
/// The longest that a server waits for what it was told that it lacks.
const SERVER_WAITS_MS: u64 = 73 * 3_600_000;
/// Nothing was written for so many rounds.
const QUIET_ROUNDS: u32 = 4;

pub fn come_to_rest(scene: &mut Scene, outcome: &mut Outcome) -> Result<()> {
    scene.world.weather = Weather::FAIR;
    scene.world.join_histories();
    for member in scene.members.clone() {
        if !member.is_honest() || member.lost {
            continue;
        }
        scene.world.liar.end(member.phone);
        scene.world.dial_anew(member.phone);
        scene.world.phone_mut(member.phone).disk.set_full(false);
        if !scene.world.phones()[member.phone].is_running() {
            scene.world.start(member.phone);
        }
        scene.world.set_reception(member.phone, true, true);
    }
    scene.learn_roles();
    let any = |is: &dyn Fn(&Member) -> bool| scene.members.iter().any(is);
    let split = scene.has_two_histories() && any(&|member| scene.has_stopped(member));
    let absent =
        scene.went_back() && any(&|member| member.lost || !member.is_honest() || scene.has_stopped(member));
    if split || absent || scene.moved && scene.host().is_none() {
        // Somebody told the server of entries of its other history and will never hand them back, or it waits for a phone
        // that is not there, or for a coordinator who is not: so long it waits.
        scene.world.run(5 * ROUND_MS);
        scene.world.skip(SERVER_WAITS_MS);
    }
    let until = scene.world.now() + LONGEST_MS;
    let (mut quiet, mut before) = (0, None);
    let most = scene.world.happened() + MOST_HAPPENS;
    while quiet < QUIET_ROUNDS {
        if scene.world.now() > until || scene.world.happened() > most {
            let last = scene.members.iter().map(|member| {
                let disk = &scene.world.phones()[member.phone].disk;
                format!("{} wrote {} batches, the last {}", member.name, disk.written(), disk.last_written())
            });
            let why: Vec<String> = restless(scene).into_iter().chain(last).collect();
            outcome.faults.push(format!("did not come to rest: {}", why.join("; ")));
            return Ok(());
        }
        cast::advance_all(scene, |_| true)?;
        scene.learn_roles();
        scene.world.run(ROUND_MS);
        let written: u64 = scene.world.phones().iter().map(|phone| phone.disk.written()).sum();
        let still = before == Some(written) && restless(scene).is_empty();
        quiet = if still { quiet + 1 } else { 0 };
        before = Some(written);
    }
    Ok(())
}

/// What still waits, in words. A phone that stopped sharing waits for ever, and nobody comes in by a host who did.
fn restless(scene: &Scene) -> Vec<String> {
    let mut found = Vec::new();
    let hosted = scene.host().is_some();
    let closed = scene.is_closed();
    for member in scene.members.iter().filter(|member| member.is_honest() && scene.shares(member)) {
        let phone = &scene.world.phones()[member.phone];
        if member.gone || member.lost {
            continue;
        }
        if !member.is_in() {
            // Whoever was shown something made up on the way in does not come in.
            let expected =
                if member.second_of.or(member.fresh).is_some() { scene.must_come_in(member) } else { hosted };
            if expected && !closed && !scene.may_stop(member) {
                let text =
                    phone.view().map(|view| Sight(view).text().replace('\n', " / ")).unwrap_or_default();
                found.push(format!("{} is not in the circle: {:?}, sees {text}", member.name, member.way));
            }
            continue;
        }
        let waiting = Shelf::of(phone.disk.pairs()).map_or(0, |shelf| shelf.waiting());
        if waiting > 0 {
            found.push(format!("{waiting} things wait on {}'s phone", member.name));
        }
    }
    found
}
