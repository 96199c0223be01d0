//! Somebody on their way in, where nobody answers, stops waiting; and comes in another time.

use crate::circle::{ANNA, BEGIN_MS, MINUTE, admit, invite, says};
use anyhow::{Result, ensure};
use kith_tests::{
    network::World,
    phone::{PhoneKind, Role, Stage},
};
use shared::{Action, Route};

const BEN: usize = 1;

fn circle() -> Result<World> {
    let mut world = World::new(13, BEGIN_MS)?;
    for _ in [ANNA, BEN] {
        world.add_phone(PhoneKind::Browser, "en-GB", 0);
    }
    world.person(ANNA).start_circle("Rose", "Anna")?;
    world.wait(MINUTE);
    Ok(world)
}

/// Presses it, and looks that nothing is left.
fn stop(world: &mut World) -> Result<()> {
    world.person(BEN).press(|act| *act == Action::StopWaiting)?;
    world.wait(MINUTE);
    says(world, BEN, &["does not wait any more", "Nothing was lost"])?;
    ensure!(world.person(BEN).sees()?.path() == "/welcome");
    let pairs = world.phones()[BEN].disk.pairs();
    let left = pairs.keys().filter(|key| key.starts_with(b"r/") || key.starts_with(b"secret/r/")).count();
    ensure!(left == 0, "{left} keys are left");
    Ok(())
}

#[test]
fn who_waits_for_an_invitation_that_nobody_answers_stops_and_opens_it_another_time() -> Result<()> {
    let mut world = circle()?;
    let link = invite(&mut world, Role::Caregiver)?;
    world.reception(BEN, false);
    world.person(BEN).open_link(&link);
    world.wait(5 * MINUTE);
    says(&mut world, BEN, &["Opening the invitation"])?;
    stop(&mut world)?;
    world.stop(BEN);
    world.start(BEN);
    ensure!(world.person(BEN).sees()?.path() == "/welcome", "it does not wait after a restart either");

    world.reception(BEN, true);
    world.person(BEN).open_link(&link);
    world.wait(MINUTE);
    // A name was given, and there is no reception again: the wish to join did not go.
    world.reception(BEN, false);
    world.person(BEN).join("Ben")?;
    world.wait(MINUTE);
    stop(&mut world)?;
    world.reception(BEN, true);
    world.person(BEN).open_link(&link);
    world.wait(MINUTE);
    world.person(BEN).join("Ben")?;
    world.wait(2 * MINUTE);
    // From here on the circle sees that Ben waits: what ends it is decided there.
    ensure!(world.person(BEN).press(|act| *act == Action::StopWaiting).is_err());
    admit(&mut world, BEN)?;
    world.person(BEN).tab(&Route::Log)?;
    Ok(())
}

#[test]
fn who_restores_by_a_kit_where_nobody_answers_stops_too() -> Result<()> {
    let mut world = circle()?;
    let words = kith_protocol::kit::Kit {
        host: "kith.example".into(),
        seed: kith_protocol::kit::KitSeed([7; 16]),
        circle: kith_protocol::CircleStart::new(&[1; 16]).expect("16 bytes"),
    }
    .words(kith_protocol::Language::English);
    world.reception(BEN, false);
    world.person(BEN).press(|act| *act == Action::Open(Route::Restore))?;
    world.person(BEN).type_in("words", &words.join(" "))?;
    world.person(BEN).keep()?;
    world.wait(5 * MINUTE);
    stop(&mut world)
}
