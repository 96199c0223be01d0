//! Somebody who may change the circle's keys gives one person keys that fit nothing. That person's phone says so, another
//! coordinator changes the locks, and everything can be read.

use crate::circle::{ANNA, JOAN, MARIE, MINUTE, change_role, circle, says, text};
use anyhow::{Context, Result, ensure};
use kith_tests::{
    network::World,
    phone::Stage,
    simulation::{Inside, rotate_badly},
};
use shared::{Action, Route, view::SharingKind};

const SECOND: u64 = 1_000;

fn sharing(world: &mut World, phone: usize) -> Result<Option<SharingKind>> {
    Ok(world.person(phone).sees()?.sharing())
}

/// Marie coordinates too; Anna's keys, in a program of her own, give Joan's phone keys that nobody agreed on.
fn joan_locked_out() -> Result<World> {
    let mut world = circle()?;
    change_role(&mut world, "Marie", "coordinator")?;
    world.wait(2 * MINUTE);
    let anna = Inside::of(world.phones()[ANNA].disk.pairs())?;
    let joan = Inside::number_of(world.phones()[JOAN].disk.pairs(), &anna.log).context("no device")?;
    world.person(JOAN).tab(&Route::Today)?;
    rotate_badly(&mut world, &anna, joan)?;
    Ok(world)
}

fn has_task(world: &mut World, phone: usize, title: &str) -> Result<bool> {
    world.person(phone).tab(&Route::Tasks)?;
    Ok(text(world, phone)?.contains(title))
}

fn change_locks(world: &mut World, phone: usize) -> Result<()> {
    let mut person = world.person(phone);
    person.tab(&Route::Today)?;
    person.open(&Route::Settings)?;
    person.open(&Route::CircleSettings)?;
    person.open(&Route::RenewKeys)?;
    says(world, phone, &["Nothing is lost", "Nobody is taken out", "does no harm"])?;
    world.person(phone).press(|act| *act == Action::RenewKeys)?;
    says(world, phone, &["Everybody gets the new key"])
}

#[test]
fn who_lacks_a_key_says_so_and_reads_everything_once_another_coordinator_changed_the_locks() -> Result<()> {
    let mut world = joan_locked_out()?;
    // Keys may still be on their way, so nothing is said at once.
    for _ in 0..5 {
        world.wait(10 * SECOND);
        ensure!(sharing(&mut world, JOAN)? != Some(SharingKind::KeyMissing), "it is said too early");
    }
    world.wait(MINUTE);
    ensure!(sharing(&mut world, JOAN)? == Some(SharingKind::KeyMissing));
    for phone in [ANNA, MARIE] {
        ensure!(sharing(&mut world, phone)? == Some(SharingKind::AllShared), "phone {phone}");
    }
    says(&mut world, JOAN, &["Something new cannot be opened here", "Nothing is lost"])?;
    world.person(JOAN).open(&Route::Sharing)?;
    says(&mut world, JOAN, &["ask a coordinator to change the locks"])?;

    world.person(ANNA).add_task("Fetch the pills", "", 1)?;
    world.person(JOAN).add_task("Bring soup", "", 1)?;
    world.wait(2 * MINUTE);
    ensure!(!has_task(&mut world, JOAN, "Fetch the pills")? && !has_task(&mut world, ANNA, "Bring soup")?);
    ensure!(has_task(&mut world, JOAN, "Bring soup")?, "what she writes is kept");
    ensure!(sharing(&mut world, JOAN)? == Some(SharingKind::KeyMissing));

    change_locks(&mut world, MARIE)?;
    world.wait(2 * MINUTE);
    ensure!(has_task(&mut world, JOAN, "Fetch the pills")? && has_task(&mut world, ANNA, "Bring soup")?);
    for phone in [ANNA, MARIE, JOAN] {
        ensure!(sharing(&mut world, phone)? == Some(SharingKind::AllShared), "phone {phone}");
    }
    Ok(())
}

#[test]
fn a_phone_that_was_closed_meanwhile_says_so_again_and_only_a_coordinator_changes_the_locks() -> Result<()> {
    let mut world = joan_locked_out()?;
    world.wait(2 * MINUTE);
    world.stop(JOAN);
    world.start(JOAN);
    world.wait(2 * MINUTE);
    ensure!(sharing(&mut world, JOAN)? == Some(SharingKind::KeyMissing));
    world.person(JOAN).tab(&Route::Today)?;
    world.person(JOAN).open(&Route::Settings)?;
    ensure!(world.person(JOAN).open(&Route::CircleSettings).is_err(), "a helper decides nothing");

    // Without reception it waits, and can be let be.
    world.reception(MARIE, false);
    change_locks(&mut world, MARIE)?;
    says(&mut world, MARIE, &["The circle's locks are changed", "as soon as there is reception"])?;
    world.person(MARIE).press(|act| matches!(act, Action::TakeBack { .. }))?;
    ensure!(!text(&mut world, MARIE)?.contains("as soon as there is reception"));
    change_locks(&mut world, MARIE)?;
    world.reception(MARIE, true);
    world.wait(2 * MINUTE);
    ensure!(sharing(&mut world, JOAN)? == Some(SharingKind::AllShared));
    Ok(())
}
