//! A server that has no more room for a circle: its people are told, nothing is lost, and it goes on once there is room.

use crate::circle::{ANNA, BEGIN_MS, MINUTE, says, text};
use anyhow::{Result, ensure};
use kith_server::store::Quota;
use kith_tests::{
    network::{Clock, Server, World},
    phone::{PhoneKind, Role, Stage},
};
use shared::{Action, Route, view::SharingKind};

/// Anna's circle, on a server with so much room.
fn circle(quota: Quota) -> Result<World> {
    let clock = Clock::at(BEGIN_MS);
    let mut world = World::around(Server::with_room(&clock, 5, quota)?, &clock, 5);
    world.add_phone(PhoneKind::Browser, "en-GB", 0);
    world.person(ANNA).start_circle("Rose", "Anna")?;
    world.wait(MINUTE);
    Ok(world)
}

#[test]
fn who_writes_more_than_the_server_has_room_for_is_told_and_keeps_it() -> Result<()> {
    let mut world = circle(Quota { circle_bytes: 6_000, ..Quota::default() })?;
    let mut notes = 0;
    while world.person(ANNA).sees()?.sharing() == Some(SharingKind::AllShared) {
        ensure!(notes < 40, "there is no end of room");
        world.person(ANNA).log_note(&format!("Note {notes} of a long night"))?;
        world.wait(MINUTE);
        notes += 1;
    }
    ensure!(notes > 1, "something was shared before");
    world.person(ANNA).tab(&Route::Today)?;
    says(&mut world, ANNA, &["No more room where the circle is kept", "Nothing is lost"])?;
    world.person(ANNA).open(&Route::Sharing)?;
    says(&mut world, ANNA, &["Ask whoever runs the server for more room"])?;
    world.person(ANNA).tab(&Route::Log)?;
    ensure!(text(&mut world, ANNA)?.contains(&format!("Note {} of a long night", notes - 1)));
    // Tried again and again, it is said all the same.
    world.wait(10 * MINUTE);
    ensure!(world.person(ANNA).sees()?.sharing() == Some(SharingKind::NoRoom));
    Ok(())
}

#[test]
fn a_wish_for_which_the_server_has_no_room_waits_and_can_be_taken_back() -> Result<()> {
    let mut world = circle(Quota { access_bytes: 3_000, ..Quota::default() })?;
    let mut wishes = 0;
    while world.person(ANNA).sees()?.sharing() != Some(SharingKind::NoRoom) {
        ensure!(wishes < 40, "there is no end of room");
        world.person(ANNA).invite(Role::Helper, false)?;
        world.wait(MINUTE);
        wishes += 1;
    }
    ensure!(wishes > 1, "some were taken");
    says(&mut world, ANNA, &["Your wish is kept", "no more room for this circle"])?;
    world.person(ANNA).tab(&Route::Today)?;
    says(&mut world, ANNA, &["No more room where the circle is kept"])?;
    world.person(ANNA).tab(&Route::Circle)?;
    says(&mut world, ANNA, &["This happens as soon as there is some"])?;
    world.person(ANNA).press(|act| matches!(act, Action::TakeBack { .. }))?;
    world.wait(MINUTE);
    ensure!(world.person(ANNA).sees()?.sharing() == Some(SharingKind::AllShared), "nothing waits any more");
    Ok(())
}
