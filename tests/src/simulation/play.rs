//! Lets a plan happen.

use super::{
    cast, invariants,
    ledger::{CARE, Ledger, NAME, OPEN},
    outcome::Outcome,
    plan::Plan,
    rest,
    scene::Scene,
};
use crate::network::{Eavesdropper, World};
use anyhow::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Every simulation begins on this moment: 2026-03-02T08:00:00Z.
const BEGIN_MS: u64 = 1_772_438_400_000;

/// Plays the plan of a seed and says what came of it.
pub fn simulate(seed: u64) -> Outcome {
    perform(&Plan::draw(seed))
}

/// Plays a plan and says what came of it. A panic anywhere is a fault like another.
pub fn perform(plan: &Plan) -> Outcome {
    let mut outcome = Outcome { seed: plan.seed, ..Outcome::default() };
    let played = catch_unwind(AssertUnwindSafe(|| play(plan, &mut outcome)));
    match played {
        Ok(Ok(())) => {}
        Ok(Err(error)) => outcome.faults.push(format!("{error:#}")),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
            outcome.faults.push(format!("panicked: {}", said.unwrap_or_default()));
        }
    }
    outcome
}

fn play(plan: &Plan, outcome: &mut Outcome) -> Result<()> {
    let mut world = World::new(plan.seed, BEGIN_MS)?;
    world.spy = Eavesdropper::listening_for(&[CARE, OPEN, NAME]);
    let members = cast::gather(&mut world, plan)?;
    let mut scene = Scene::new(world, members, Ledger::default());
    let early = |who: usize, now: u64| plan.people.get(who).is_none_or(|one| one.joins_ms <= now);
    // Those who are there from the start come in while the network is still fair.
    for _ in 0..20 {
        cast::advance_all(&mut scene, |who| early(who, 0))?;
        scene.world.run(5_000);
    }
    let start = scene.world.now();
    for (at, who, step) in &plan.steps {
        while scene.world.now() < start + scene.slept_ms + at {
            let wait = (start + scene.slept_ms + at - scene.world.now()).min(60_000);
            scene.world.run(wait);
            let now = scene.world.now() - start - scene.slept_ms;
            cast::advance_all(&mut scene, |who| early(who, now))?;
        }
        scene.take(*who, *step);
        invariants::always(&scene, outcome);
    }
    let played_ms = scene.world.now() - start - scene.slept_ms;
    rest::come_to_rest(&mut scene, outcome)?;
    invariants::at_rest(&mut scene, outcome)?;
    let hours = played_ms as f64 / 3_600_000.0;
    outcome.device_hours = hours * scene.members.len() as f64;
    outcome.edits = scene.ledger.edits();
    outcome.done = scene.ledger.done().clone();
    Ok(())
}
