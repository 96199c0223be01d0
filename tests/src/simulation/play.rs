//! Lets a plan happen.

use super::{
    cast::{self, Member},
    deeds::Deed,
    invariants,
    ledger::{CARE, Ledger, NAME, OPEN},
    outcome::Outcome,
    plan::{Plan, Step},
    rest,
};
use crate::network::{Eavesdropper, Weather, World};
use anyhow::Result;

/// Every simulation begins on this moment: 2026-03-02T08:00:00Z.
const BEGIN_MS: u64 = 1_772_438_400_000;

/// Plays the plan of a seed and says what came of it.
pub fn simulate(seed: u64) -> Outcome {
    let plan = Plan::draw(seed);
    let mut outcome = Outcome { seed, ..Outcome::default() };
    if let Err(error) = play(&plan, &mut outcome) {
        outcome.faults.push(format!("{error:#}"));
    }
    outcome
}

fn play(plan: &Plan, outcome: &mut Outcome) -> Result<()> {
    let mut world = World::new(plan.seed, BEGIN_MS)?;
    world.spy = Eavesdropper::listening_for(&[CARE, OPEN, NAME]);
    let mut ledger = Ledger::default();
    let mut members = cast::gather(&mut world, plan)?;
    let early = |plan: &Plan, who: usize, now: u64| plan.people[who].joins_ms <= now;
    // Those who are there from the start come in while the network is still fair.
    for _ in 0..20 {
        cast::advance_all(&mut world, &mut members, |who| early(plan, who, 0))?;
        world.run(5_000);
    }
    let start = world.now();
    for (at, who, step) in &plan.steps {
        while world.now() < start + at {
            world.run((start + at - world.now()).min(60_000));
            let now = world.now() - start;
            cast::advance_all(&mut world, &mut members, |who| early(plan, who, now))?;
        }
        take(&mut world, &mut ledger, &members, *who, *step);
        invariants::always(&world, &members, outcome);
    }
    let played_ms = world.now() - start;
    world.weather = Weather::FAIR;
    rest::come_to_rest(&mut world, &mut members, outcome)?;
    invariants::at_rest(&mut world, &members, &ledger, outcome)?;
    let hours = played_ms as f64 / 3_600_000.0;
    outcome.device_hours = hours * members.len() as f64;
    outcome.edits = ledger.edits();
    outcome.done = ledger.done().clone();
    Ok(())
}

/// One step. What cannot be done at that moment is left out.
fn take(world: &mut World, ledger: &mut Ledger, members: &[Member], who: usize, step: Step) {
    let member = &members[who];
    let phone = member.phone;
    match step {
        Step::Reload => {
            world.reload(phone);
            ledger.count("reload");
        }
        Step::Offline { noticed } => {
            world.set_reception(phone, false, noticed);
            ledger.count("go offline");
        }
        Step::Online => world.set_reception(phone, true, true),
        Step::DiskFull => {
            world.phone_mut(phone).disk.set_full(true);
            ledger.count("fill the disk");
        }
        Step::DiskFree => world.phone_mut(phone).disk.set_full(false),
        Step::Weather(forecast) => world.weather = forecast.weather(),
        Step::CrashWhileKeeping => {
            if member.is_in() && (Deed { world, ledger, member, who }).begin_to_keep().is_ok() {
                world.stop(phone);
                world.start(phone);
                ledger.count("crash");
            }
        }
        _ if !member.is_in() => {}
        step => {
            // The screen that does not offer something is no fault; that each thing is offered at times is tested.
            let _ = Deed { world, ledger, member, who }.perform(step);
        }
    }
}
