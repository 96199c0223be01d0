//! A circle is closed: announced, seen by everybody, kept open; announced again, waited for, closed by a person; and what
//! everybody still has afterwards.

use crate::circle::{ANNA, DAY, JOAN, MARIE, MINUTE, change_role, circle, says, text};
use anyhow::{Context, Result, ensure};
use futures::executor::block_on;
use kith_protocol::{CircleId, Stream, access::AccessLog};
use kith_server::store::Work;
use kith_tests::{network::World, phone::Stage};
use shared::{Action, FieldValue, Route, view::SharingKind};

/// On the circle's own settings: tells everybody that it will be closed, in a week at the soonest.
fn announce(world: &mut World, phone: usize) -> Result<()> {
    let mut person = world.person(phone);
    person.tab(&Route::Today)?;
    person.open(&Route::Settings)?;
    person.open(&Route::CircleSettings)?;
    person.open(&Route::Closing)?;
    says(
        world,
        phone,
        &["erased, for everybody and for good", "Every phone keeps what it has", "How long shall"],
    )?;
    world.person(phone).choose("wait", "week")?;
    world.person(phone).press(|act| *act == Action::AnnounceClosing)?;
    world.wait(2 * MINUTE);
    Ok(())
}

/// Where everybody looks first.
fn today(world: &mut World, phone: usize, words: &[&str]) -> Result<()> {
    world.person(phone).tab(&Route::Today)?;
    says(world, phone, words)
}

fn skip_days(world: &mut World, ms: u64) {
    world.skip(ms);
    world.wait(3 * MINUTE);
}

fn close(world: &mut World, phone: usize) -> Result<()> {
    let mut person = world.person(phone);
    person.tab(&Route::Today)?;
    person.open(&Route::Closing)?;
    person.press(|act| *act == Action::CloseCircle)?;
    says(world, phone, &["Please choose “Yes” first"])?;
    world.person(phone).fill("sure", FieldValue::Flag(true))?;
    world.person(phone).press(|act| *act == Action::CloseCircle)?;
    world.wait(3 * MINUTE);
    Ok(())
}

fn presses(world: &mut World, phone: usize, wanted: impl Fn(&Action) -> bool) -> Result<bool> {
    Ok(world.person(phone).sees()?.actions().iter().any(|(_, act)| wanted(act)))
}

/// The circle on a phone, by what lies on its disk.
fn circle_on(world: &World, phone: usize) -> Result<CircleId> {
    let pairs = world.phones()[phone].disk.pairs();
    let log = pairs.iter().find(|(key, _)| key.ends_with(b"/access")).context("no circle")?;
    Ok(AccessLog::from_bytes(log.1)?.circle())
}

/// How many entries of the log the server holds, and how many of them with what was written.
fn held(world: &World, circle: CircleId) -> Result<(usize, usize)> {
    let rows = block_on(world.server.state().store.entries(circle, Stream::Care, 0, 1_000))?;
    Ok((rows.len(), rows.iter().filter(|row| row.body.is_some()).count()))
}

fn forget(world: &World) -> Result<()> {
    let now = world.now();
    let closed_before = now - 30 * DAY;
    while block_on(world.server.state().store.perform(Work::Forget { closed_before }, now))?.changed {}
    Ok(())
}

#[test]
fn everybody_sees_that_a_circle_will_be_closed_and_another_coordinator_keeps_it_open() -> Result<()> {
    let mut world = circle()?;
    change_role(&mut world, "Marie", "coordinator")?;
    world.wait(2 * MINUTE);
    announce(&mut world, ANNA)?;
    today(&mut world, ANNA, &["Rose's circle is going to be closed", "You announced it"])?;
    today(&mut world, JOAN, &["Rose's circle is going to be closed", "Anna announced it", "stays there"])?;
    ensure!(!presses(&mut world, JOAN, |act| *act == Action::KeepOpen)?, "a helper decides nothing");
    world.person(JOAN).open(&Route::Closing)?;
    says(&mut world, JOAN, &["talk to a coordinator"])?;
    world.person(JOAN).tab(&Route::Circle)?;
    says(&mut world, JOAN, &["Rose's circle is going to be closed"])?;

    // Somebody without reception is told that it waits, and can let it be.
    today(&mut world, MARIE, &["Anna announced it"])?;
    world.reception(MARIE, false);
    world.person(MARIE).press(|act| *act == Action::KeepOpen)?;
    says(&mut world, MARIE, &["The circle is kept open", "as soon as there is reception"])?;
    ensure!(!presses(&mut world, MARIE, |act| *act == Action::KeepOpen)?, "it was said already");
    world.reception(MARIE, true);
    world.wait(3 * MINUTE);
    for phone in [ANNA, MARIE, JOAN] {
        world.person(phone).tab(&Route::Today)?;
        ensure!(!text(&mut world, phone)?.contains("closed"), "{}", text(&mut world, phone)?);
    }
    skip_days(&mut world, 8 * DAY);
    world.person(MARIE).log_note("All goes on")?;
    world.wait(2 * MINUTE);
    world.person(ANNA).tab(&Route::Log)?;
    says(&mut world, ANNA, &["All goes on"])?;
    ensure!(world.faults().is_empty(), "{:?}", world.faults());
    Ok(())
}

#[test]
fn a_closed_circle_is_erased_at_the_server_and_stays_on_every_phone() -> Result<()> {
    let mut world = circle()?;
    world.person(MARIE).log_note("She asked for her sister")?;
    world.wait(2 * MINUTE);
    let circle = circle_on(&world, ANNA)?;
    let (all, with_body) = held(&world, circle)?;
    ensure!(all > 1 && with_body == all, "{all} {with_body}");
    announce(&mut world, ANNA)?;
    ensure!(!presses(&mut world, ANNA, |act| *act == Action::CloseCircle)?, "its time has not come");
    world.reception(MARIE, false);
    world.person(MARIE).log_note("The nurse comes at ten")?;
    skip_days(&mut world, 8 * DAY);
    let (all, _) = held(&world, circle)?;
    today(&mut world, JOAN, &["Rose's circle can be closed now", "A coordinator can close it now"])?;
    ensure!(held(&world, circle)? == (all, all), "nothing closes by itself");
    close(&mut world, ANNA)?;
    ensure!(held(&world, circle)? == (all, 0), "the server keeps no word: {:?}", held(&world, circle)?);

    today(&mut world, ANNA, &["Rose's circle is closed", "You closed it", "stays until you take it away"])?;
    today(&mut world, JOAN, &["Rose's circle is closed", "Anna closed it"])?;
    let sight = world.person(ANNA).sees()?;
    ensure!(sight.0.log_button.is_none(), "nothing is written any more");
    ensure!(sight.sharing() == Some(SharingKind::Stopped), "{:?}", sight.0.bar);
    world.person(ANNA).tab(&Route::Log)?;
    says(&mut world, ANNA, &["The first night was quiet", "She asked for her sister"])?;
    world.person(ANNA).open_row("The first night was quiet")?;
    ensure!(!presses(&mut world, ANNA, |act| matches!(act, Action::Archive { .. }))?);
    world.person(ANNA).tab(&Route::Circle)?;
    ensure!(!presses(&mut world, ANNA, |act| *act == Action::Open(Route::Invite))?);

    // What nobody else has is not lost.
    world.reception(MARIE, true);
    world.wait(3 * MINUTE);
    today(&mut world, MARIE, &["Rose's circle is closed", "Anna closed it"])?;
    world.person(MARIE).open(&Route::NotShared)?;
    says(&mut world, MARIE, &["The nurse comes at ten", "closed before the others had it"])?;
    world.person(MARIE).press(|act| matches!(act, Action::CopyDraft { .. }))?;
    ensure!(!presses(&mut world, MARIE, |act| matches!(act, Action::OfferAgain { .. }))?);

    // A month later the server knows nothing of it; nobody is alarmed.
    skip_days(&mut world, 31 * DAY);
    forget(&world)?;
    let circle_there = block_on(world.server.state().store.circle(circle))?;
    ensure!(circle_there.is_none());
    for phone in [ANNA, MARIE, JOAN] {
        world.reload(phone);
        world.wait(3 * MINUTE);
        today(&mut world, phone, &["Rose's circle is closed"])?;
    }
    world.person(ANNA).tab(&Route::Log)?;
    says(&mut world, ANNA, &["The first night was quiet", "She asked for her sister"])?;
    world.person(ANNA).tab(&Route::Today)?;
    world.person(ANNA).open(&Route::Erase)?;
    says(&mut world, ANNA, &["what you clear here cannot come back"])?;
    world.person(ANNA).press(|act| *act == Action::EraseCircle)?;
    world.wait(MINUTE);
    ensure!(world.person(ANNA).sees()?.path() == "/welcome");
    ensure!(world.faults().is_empty(), "{:?}", world.faults());
    Ok(())
}

#[test]
fn who_was_away_until_nothing_was_left_is_told_calmly_what_has_probably_happened() -> Result<()> {
    let mut world = circle()?;
    announce(&mut world, ANNA)?;
    world.reception(MARIE, false);
    world.person(MARIE).log_note("Written far away")?;
    skip_days(&mut world, 8 * DAY);
    today(&mut world, MARIE, &["can be closed now"])?;
    close(&mut world, ANNA)?;
    skip_days(&mut world, 31 * DAY);
    forget(&world)?;
    world.reception(MARIE, true);
    world.wait(3 * MINUTE);
    let said = ["This circle seems to be closed", "Everybody had been told", "stays until you take it away"];
    today(&mut world, MARIE, &said)?;
    let sharing = world.person(MARIE).sees()?.0.bar.context("a bar")?.sharing;
    ensure!(sharing.text == "This circle seems to be closed", "{}", sharing.text);
    world.person(MARIE).tab(&Route::Log)?;
    says(&mut world, MARIE, &["Written far away", "The first night was quiet"])?;
    ensure!(world.faults().is_empty(), "{:?}", world.faults());
    Ok(())
}
