//! Membership as people live it, on phones with real cores, over the virtual network: roles that change, somebody who is
//! taken out, somebody who leaves, a fresh link, an heir; and what each of them then reads on their screen.

use anyhow::{Context, Result, ensure};
use kith_tests::{
    network::World,
    phone::{PhoneKind, Role, Sight, Stage, row_text},
};
use shared::{Action, FieldValue, Route, view::ScreenKind};

/// 2026-03-02T08:00:00Z.
const BEGIN_MS: u64 = 1_772_438_400_000;
const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

const ANNA: usize = 0;
const MARIE: usize = 1;
const JOAN: usize = 2;

/// Anna's circle for Rose, with Marie as a carer and Joan as a helper.
fn circle() -> Result<World> {
    let mut world = World::new(7, BEGIN_MS)?;
    for _ in [ANNA, MARIE, JOAN] {
        world.add_phone(PhoneKind::Browser, "en-GB", 0);
    }
    world.person(ANNA).start_circle("Rose", "Anna")?;
    world.person(ANNA).log_note("The first night was quiet")?;
    let link = invite(&mut world, Role::Caregiver)?;
    join(&mut world, MARIE, &link, "Marie")?;
    admit(&mut world, MARIE)?;
    let link = invite(&mut world, Role::Helper)?;
    join(&mut world, JOAN, &link, "Joan")?;
    world.wait(3 * MINUTE);
    Ok(world)
}

fn invite(world: &mut World, role: Role) -> Result<String> {
    world.person(ANNA).invite(role, false)?;
    world.wait(MINUTE);
    world.person(ANNA).link()?.context("no link")
}

fn join(world: &mut World, phone: usize, link: &str, name: &str) -> Result<()> {
    world.person(phone).open_link(link);
    world.wait(MINUTE);
    world.person(phone).join(name)?;
    world.wait(2 * MINUTE);
    Ok(())
}

fn admit(world: &mut World, phone: usize) -> Result<()> {
    let words = world.person(phone).sees()?.words();
    world.person(ANNA).admit(&words)?;
    world.wait(2 * MINUTE);
    Ok(())
}

fn open_member(world: &mut World, phone: usize, name: &str) -> Result<Sight> {
    let mut person = world.person(phone);
    person.tab(&Route::Circle)?;
    person.open_row(name)?;
    person.sees()
}

fn change_role(world: &mut World, name: &str, role: &str) -> Result<()> {
    open_member(world, ANNA, name)?;
    let mut person = world.person(ANNA);
    person.press(|act| matches!(act, Action::Open(Route::ChangeRole { .. })))?;
    person.choose("role", role)?;
    person.keep()
}

fn remove(world: &mut World, name: &str) -> Result<()> {
    open_member(world, ANNA, name)?;
    let mut person = world.person(ANNA);
    person.press(|act| matches!(act, Action::Open(Route::RemoveMember { .. })))?;
    ensure!(person.sees()?.text().contains("cannot be taken back"), "{}", person.sees()?.text());
    person.press(|act| matches!(act, Action::RemoveMember { .. }))
}

fn has_log(world: &mut World, phone: usize) -> Result<bool> {
    let sight = world.person(phone).sees()?;
    Ok(sight.0.tabs.iter().any(|tab| tab.open == Action::Open(Route::Log)))
}

fn text(world: &mut World, phone: usize) -> Result<String> {
    Ok(world.person(phone).sees()?.text())
}

fn says(world: &mut World, phone: usize, words: &[&str]) -> Result<()> {
    let text = text(world, phone)?;
    for words in words {
        ensure!(text.contains(words), "phone {phone} does not say {words:?}:\n{text}");
    }
    Ok(())
}

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
fn who_was_taken_out_reads_so_keeps_the_drawer_and_can_clear_the_phone() -> Result<()> {
    let mut world = circle()?;
    world.reception(MARIE, false);
    world.person(MARIE).log_note("The nurse comes at ten")?;
    remove(&mut world, "Marie")?;
    world.wait(2 * MINUTE);
    world.reception(MARIE, true);
    world.wait(2 * MINUTE);
    says(
        &mut world,
        MARIE,
        &["You are no longer in Rose's circle", "had not shared is kept here", "The nurse comes at ten"],
    )?;
    let sight = world.person(MARIE).sees()?;
    ensure!(sight.0.tabs.is_empty() && sight.0.screen.kind == ScreenKind::Detail);
    ensure!(!sight.text().contains("The first night"), "the log is gone");
    world.person(MARIE).press(|act| matches!(act, Action::CopyDraft { .. }))?;
    world.reload(MARIE);
    world.wait(MINUTE);
    says(&mut world, MARIE, &["You are no longer in Rose's circle", "The nurse comes at ten"])?;

    world.person(MARIE).open(&Route::Erase)?;
    says(&mut world, MARIE, &["One thing that the others do not have goes too"])?;
    world.person(MARIE).press(|act| *act == Action::EraseCircle)?;
    world.wait(MINUTE);
    ensure!(world.person(MARIE).sees()?.path() == "/welcome");
    let left: Vec<String> = world.phones()[MARIE]
        .disk
        .pairs()
        .keys()
        .map(|key| String::from_utf8_lossy(key).into_owned())
        .filter(|key| key.contains("r/"))
        .collect();
    ensure!(left.is_empty(), "{left:?}");
    ensure!(world.faults().is_empty(), "{:?}", world.faults());
    Ok(())
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
fn the_last_coordinator_neither_steps_down_nor_leaves_until_there_is_another() -> Result<()> {
    let mut world = circle()?;
    open_member(&mut world, ANNA, "Anna")?;
    let mut person = world.person(ANNA);
    person.press(|act| matches!(act, Action::Open(Route::ChangeRole { .. })))?;
    person.choose("role", "caregiver")?;
    says(&mut world, ANNA, &["You are the only coordinator", "Make somebody else coordinator first"])?;
    ensure!(world.person(ANNA).keep().is_err(), "there is no button for it");
    world.person(ANNA).tab(&Route::Today)?;
    world.person(ANNA).open(&Route::Settings)?;
    world.person(ANNA).open(&Route::Leave)?;
    says(&mut world, ANNA, &["Make somebody else coordinator first"])?;
    ensure!(world.person(ANNA).press(|act| *act == Action::LeaveCircle).is_err());

    change_role(&mut world, "Marie", "coordinator")?;
    world.wait(2 * MINUTE);
    world.person(ANNA).tab(&Route::Today)?;
    world.person(ANNA).open(&Route::Settings)?;
    world.person(ANNA).open(&Route::Leave)?;
    says(&mut world, ANNA, &["What you wrote stays for the others"])?;
    world.person(ANNA).press(|act| *act == Action::LeaveCircle)?;
    world.wait(3 * MINUTE);
    says(&mut world, ANNA, &["You left Rose's circle", "All that you wrote had been shared"])?;
    world.person(MARIE).tab(&Route::Log)?;
    says(&mut world, MARIE, &["The first night was quiet", "Anna"])?;
    world.person(MARIE).tab(&Route::Circle)?;
    let people = world.person(MARIE).sees()?.rows();
    ensure!(people.iter().all(|(_, row)| row.title != "Anna"), "{people:#?}");
    Ok(())
}

#[test]
fn a_family_comes_in_by_one_link_and_the_link_tells_how_many_may_still_come() -> Result<()> {
    let mut world = circle()?;
    let mut person = world.person(ANNA);
    person.tab(&Route::Circle)?;
    person.open(&Route::Invite)?;
    person.choose("uses", "family")?;
    person.fill("count", FieldValue::Number(51))?;
    person.keep()?;
    ensure!(person.sees()?.text().contains("between 1 and 50"), "{}", person.sees()?.text());
    person.fill("count", FieldValue::Number(2))?;
    person.choose("lasts", "day")?;
    person.keep()?;
    world.wait(MINUTE);
    says(&mut world, ANNA, &["2 more people may join", "will not work any more"])?;
    let link = world.person(ANNA).link()?.context("no link")?;
    let (tom, tim) =
        (world.add_phone(PhoneKind::Browser, "en-GB", 0), world.add_phone(PhoneKind::Browser, "en-GB", 0));
    join(&mut world, tom, &link, "Tom")?;
    says(&mut world, ANNA, &["One more person may join"])?;
    join(&mut world, tim, &link, "Tim")?;
    world.person(ANNA).tab(&Route::Circle)?;
    says(&mut world, ANNA, &["Tom", "Tim"])?;
    let late = world.add_phone(PhoneKind::Browser, "en-GB", 0);
    world.person(late).open_link(&link);
    world.wait(MINUTE);
    says(&mut world, late, &["This link was used already"])
}

#[test]
fn a_fresh_link_brings_the_same_person_back_and_the_lost_phone_is_taken_out() -> Result<()> {
    let mut world = circle()?;
    open_member(&mut world, ANNA, "Joan")?;
    world.person(ANNA).press(|act| matches!(act, Action::FreshLink { .. }))?;
    world.wait(MINUTE);
    let link = world.person(ANNA).link()?.context("no link")?;
    let new_phone = world.add_phone(PhoneKind::Browser, "en-GB", 0);
    world.person(new_phone).open_link(&link);
    world.wait(MINUTE);
    says(&mut world, new_phone, &["Welcome back, Joan", "Rose's circle"])?;
    world.person(new_phone).press(|act| *act == Action::Join)?;
    world.wait(3 * MINUTE);
    world.person(ANNA).tab(&Route::Circle)?;
    says(&mut world, ANNA, &["Joan is here twice"])?;
    world.person(ANNA).press(|act| matches!(act, Action::Open(Route::Member { .. })))?;
    says(&mut world, ANNA, &["If this older phone is lost"])?;
    world.person(ANNA).press(|act| matches!(act, Action::Open(Route::RemoveMember { .. })))?;
    world.person(ANNA).press(|act| matches!(act, Action::RemoveMember { .. }))?;
    world.wait(2 * MINUTE);
    world.person(ANNA).tab(&Route::Circle)?;
    let here = world.person(ANNA).sees()?.rows().iter().filter(|(_, row)| row.title == "Joan").count();
    ensure!(here == 1, "{}", text(&mut world, ANNA)?);
    says(&mut world, JOAN, &["You are no longer in Rose's circle"])?;
    world.person(new_phone).tab(&Route::Tasks)?;
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
fn clearing_one_circle_leaves_the_other_one_on_the_phone() -> Result<()> {
    let mut world = circle()?;
    world.person(JOAN).tab(&Route::Today)?;
    world.person(JOAN).open(&Route::Circles)?;
    world.person(JOAN).open(&Route::Start)?;
    world.person(JOAN).type_in("person", "Walter")?;
    world.person(JOAN).type_in("name", "Joan")?;
    world.person(JOAN).press(|act| *act == Action::StartCircle)?;
    world.person(JOAN).log_note("Walter slept well")?;
    world.wait(MINUTE);
    world.person(JOAN).tab(&Route::Today)?;
    world.person(JOAN).open(&Route::Circles)?;
    world.person(JOAN).open_row("Rose")?;
    world.person(JOAN).open(&Route::Settings)?;
    world.person(JOAN).open(&Route::Erase)?;
    says(&mut world, JOAN, &["Your other circles stay", "For the others you stay in the circle"])?;
    world.person(JOAN).press(|act| *act == Action::EraseCircle)?;
    world.wait(MINUTE);
    world.reload(JOAN);
    world.wait(MINUTE);
    world.person(JOAN).tab(&Route::Log)?;
    says(&mut world, JOAN, &["Walter slept well"])?;
    world.person(JOAN).tab(&Route::Today)?;
    world.person(JOAN).open(&Route::Circles)?;
    ensure!(world.person(JOAN).sees()?.row("Rose").is_none());
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
