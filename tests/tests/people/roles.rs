//! Roles: what is shown of them, what a change takes and gives, who steps in.

use crate::circle::{ANNA, DAY, JOAN, MARIE, MINUTE, change_role, circle, has_log, open_member, says, text};
use anyhow::{Context, Result, ensure};
use kith_tests::{
    network::World,
    phone::{Sight, Stage, row_text},
};
use shared::{Action, FieldValue, Route};

#[test]
fn a_member_is_shown_with_what_they_see_and_who_let_them_in() -> Result<()> {
    let mut world = circle()?;
    let sight = open_member(&mut world, ANNA, "Joan")?;
    ensure!(sight.heading() == "Joan" && sight.0.screen.lead.as_deref() == Some("Helper"));
    says(
        &mut world,
        ANNA,
        &["Does not see the medical log", "Invited by Anna", "Last heard from", "Phone 1"],
    )?;
    let sight = open_member(&mut world, JOAN, "Marie")?;
    ensure!(sight.text().contains("Reads and keeps the log"), "{}", sight.text());
    let acts = sight.actions();
    ensure!(acts.iter().all(|(_, act)| !matches!(act, Action::FreshLink { .. })), "a helper changes nobody");
    Ok(())
}

#[test]
fn a_role_that_loses_the_log_keeps_what_was_not_shared_and_it_can_be_offered_again() -> Result<()> {
    let mut world = circle()?;
    world.reception(MARIE, false);
    world.person(MARIE).log_note("She asked for the window to be open")?;
    world.person(MARIE).quick_log("drink")?;
    world.person(MARIE).tab(&Route::Log)?;
    change_role(&mut world, "Marie", "helper")?;
    world.wait(2 * MINUTE);
    world.reception(MARIE, true);
    world.wait(2 * MINUTE);
    says(&mut world, MARIE, &["Your role is another one now: Helper", "You no longer see the log"])?;
    ensure!(!has_log(&mut world, MARIE)? && text(&mut world, MARIE)?.starts_with("Good"), "on Today");
    world.person(MARIE).open(&Route::NotShared)?;
    says(
        &mut world,
        MARIE,
        &["She asked for the window", "Drink, 200 ml", "You may not write there any more"],
    )?;
    let offers = |sight: &Sight| {
        sight.actions().iter().filter(|(_, act)| matches!(act, Action::OfferAgain { .. })).count()
    };
    ensure!(offers(&world.person(MARIE).sees()?) == 0, "nothing is offered without the right");
    world.reload(MARIE);
    world.wait(MINUTE);

    change_role(&mut world, "Marie", "caregiver")?;
    world.wait(3 * MINUTE);
    says(&mut world, MARIE, &["Your role is another one now: Carer", "You can read the whole log"])?;
    world.person(MARIE).open(&Route::NotShared)?;
    says(&mut world, MARIE, &["Now you can offer it again"])?;
    for _ in 0..2 {
        world.person(MARIE).press(|act| matches!(act, Action::OfferAgain { .. }))?;
        world.wait(MINUTE);
    }
    says(&mut world, MARIE, &["Everything you wrote is with the others"])?;
    world.person(ANNA).tab(&Route::Log)?;
    says(&mut world, ANNA, &["She asked for the window", "Drink, 200 ml"])
}

#[test]
fn an_action_without_reception_says_so_and_can_be_taken_back() -> Result<()> {
    let mut world = circle()?;
    world.reception(ANNA, false);
    world.wait(MINUTE);
    change_role(&mut world, "Joan", "caregiver")?;
    says(&mut world, ANNA, &["New role for Joan: Carer", "as soon as there is reception"])?;
    world.person(ANNA).tab(&Route::Circle)?;
    says(&mut world, ANNA, &["New role for Joan: Carer"])?;
    world.person(ANNA).press(|act| matches!(act, Action::TakeBack { .. }))?;
    ensure!(!text(&mut world, ANNA)?.contains("New role"));
    world.reception(ANNA, true);
    world.wait(3 * MINUTE);
    ensure!(!has_log(&mut world, JOAN)?, "nothing of it happened");
    Ok(())
}

#[test]
fn the_heir_may_step_in_when_the_coordinators_have_been_silent_for_a_month() -> Result<()> {
    let mut world = circle()?;
    world.person(ANNA).tab(&Route::Today)?;
    world.person(ANNA).open(&Route::Settings)?;
    world.person(ANNA).open(&Route::CircleSettings)?;
    let heir = world.person(ANNA).sees()?.fields().into_iter().find(|field| field.id == "heir");
    let marie = match heir.context("no field for the heir")?.kind {
        shared::view::FieldKind::Choice { options } => {
            options.into_iter().find(|option| option.label == "Marie").context("Marie is no choice")?.id
        }
        other => anyhow::bail!("{other:?}"),
    };
    let mut person = world.person(ANNA);
    person.choose("heir", &marie)?;
    person.fill("caregivers", FieldValue::Flag(false))?;
    person.keep()?;
    world.wait(2 * MINUTE);
    open_member(&mut world, MARIE, "Marie")?;
    says(&mut world, MARIE, &["Stands in"])?;
    world.person(MARIE).tab(&Route::Circle)?;
    ensure!(world.person(MARIE).open(&Route::Invite).is_err(), "carers do not invite any more");
    for phone in [ANNA, MARIE, JOAN] {
        world.reception(phone, false);
    }
    world.wait(31 * DAY);
    world.reception(MARIE, true);
    world.wait(2 * MINUTE);
    world.person(MARIE).tab(&Route::Today)?;
    says(&mut world, MARIE, &["For 30 days no coordinator"])?;
    world.person(MARIE).press(|act| *act == Action::StepIn)?;
    world.wait(2 * MINUTE);
    let today = text(&mut world, MARIE)?;
    world.person(MARIE).tab(&Route::Circle)?;
    let circle = text(&mut world, MARIE)?;
    ensure!(today.contains("Your role is another one now: Coordinator"), "{today}\n{circle}");
    world.reception(JOAN, true);
    world.wait(2 * MINUTE);
    world.person(JOAN).tab(&Route::Circle)?;
    let row = world.person(JOAN).sees()?.row("Marie").context("no Marie")?;
    ensure!(row_text(&row).contains("Coordinator"), "{row:?}");
    Ok(())
}

#[test]
fn the_only_coordinator_is_reminded_until_they_say_enough() -> Result<()> {
    let mut world = circle()?;
    let reminds = |world: &mut World| -> Result<bool> {
        world.person(ANNA).tab(&Route::Today)?;
        Ok(text(world, ANNA)?.contains("If this phone were lost"))
    };
    ensure!(reminds(&mut world)?);
    world.person(ANNA).press(|act| *act == Action::DismissReminder { for_good: false })?;
    ensure!(!reminds(&mut world)?);
    world.reload(ANNA);
    world.wait(MINUTE);
    ensure!(!reminds(&mut world)?);
    world.reception(ANNA, false);
    world.wait(31 * DAY);
    ensure!(reminds(&mut world)?);
    world.person(ANNA).press(|act| *act == Action::DismissReminder { for_good: true })?;
    world.wait(31 * DAY);
    ensure!(!reminds(&mut world)?);
    Ok(())
}
