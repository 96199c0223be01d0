//! What lies on a phone cannot be read by this app: it says why, changes nothing, and leaves a way on.

use crate::circle::{ANNA, MINUTE, circle, says};
use anyhow::{Context, Result, ensure};
use kith_tests::{network::World, phone::Stage};
use shared::{Action, Route};

/// The circle's state on Anna's disk, as another build would have written it.
fn written_by(world: &mut World, change: impl Fn(&mut Vec<u8>)) -> Result<()> {
    world.stop(ANNA);
    let disk = &mut world.phone_mut(ANNA).disk;
    let mut pairs = disk.pairs().clone();
    let state = pairs.iter_mut().find(|(key, _)| key.starts_with(b"r/") && key.ends_with(b"state"));
    change(state.context("no state on the disk")?.1);
    disk.replace(pairs);
    world.start(ANNA);
    world.wait(MINUTE);
    Ok(())
}

#[test]
fn a_circle_of_the_trial_version_says_so_and_can_be_cleared_away() -> Result<()> {
    let mut world = circle()?;
    written_by(&mut world, |state| state[1] = 2)?;
    says(&mut world, ANNA, &["This circle was a trial", "Nothing was deleted"])?;
    world.person(ANNA).open(&Route::Erase)?;
    world.person(ANNA).press(|act| *act == Action::EraseCircle)?;
    world.wait(MINUTE);
    let left = world.phone_mut(ANNA).disk.pairs().keys().filter(|key| key.starts_with(b"r/")).count();
    ensure!(left == 0, "{left} keys are left");
    Ok(())
}

#[test]
fn what_is_damaged_is_told_apart_from_what_is_newer() -> Result<()> {
    let mut world = circle()?;
    written_by(&mut world, |state| state.truncate(3))?;
    says(&mut world, ANNA, &["This circle cannot be opened", "Nothing was deleted"])?;
    let mut world = circle()?;
    written_by(&mut world, |state| state[1] = 9)?;
    says(&mut world, ANNA, &["Please update Kith", "nothing was changed"])
}
