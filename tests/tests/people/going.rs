//! People go: taken out, of their own accord, or from one phone only.

use crate::circle::{ANNA, JOAN, MARIE, MINUTE, change_role, circle, open_member, remove, says};
use anyhow::{Result, ensure};
use kith_tests::phone::Stage;
use shared::{Action, Route, view::ScreenKind};

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
