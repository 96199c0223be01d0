//! The circle that these tests begin with, and what its people do again and again.

use anyhow::{Context, Result, ensure};
use kith_tests::{
    network::World,
    phone::{PhoneKind, Role, Sight, Stage},
};
use shared::{Action, Route};

/// 2026-03-02T08:00:00Z.
pub const BEGIN_MS: u64 = 1_772_438_400_000;
pub const MINUTE: u64 = 60_000;
pub const DAY: u64 = 24 * 60 * MINUTE;

pub const ANNA: usize = 0;
pub const MARIE: usize = 1;
pub const JOAN: usize = 2;

/// Anna's circle for Rose, with Marie as a carer and Joan as a helper.
pub fn circle() -> Result<World> {
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

pub fn invite(world: &mut World, role: Role) -> Result<String> {
    world.person(ANNA).invite(role, false)?;
    world.wait(MINUTE);
    world.person(ANNA).link()?.context("no link")
}

pub fn join(world: &mut World, phone: usize, link: &str, name: &str) -> Result<()> {
    world.person(phone).open_link(link);
    world.wait(MINUTE);
    world.person(phone).join(name)?;
    world.wait(2 * MINUTE);
    Ok(())
}

pub fn admit(world: &mut World, phone: usize) -> Result<()> {
    let words = world.person(phone).sees()?.words();
    world.person(ANNA).admit(&words)?;
    world.wait(2 * MINUTE);
    Ok(())
}

pub fn open_member(world: &mut World, phone: usize, name: &str) -> Result<Sight> {
    let mut person = world.person(phone);
    person.tab(&Route::Circle)?;
    person.open_row(name)?;
    person.sees()
}

pub fn change_role(world: &mut World, name: &str, role: &str) -> Result<()> {
    open_member(world, ANNA, name)?;
    let mut person = world.person(ANNA);
    person.press(|act| matches!(act, Action::Open(Route::ChangeRole { .. })))?;
    person.choose("role", role)?;
    person.keep()
}

pub fn remove(world: &mut World, name: &str) -> Result<()> {
    open_member(world, ANNA, name)?;
    let mut person = world.person(ANNA);
    person.press(|act| matches!(act, Action::Open(Route::RemoveMember { .. })))?;
    ensure!(person.sees()?.text().contains("cannot be taken back"), "{}", person.sees()?.text());
    person.press(|act| matches!(act, Action::RemoveMember { .. }))
}

pub fn has_log(world: &mut World, phone: usize) -> Result<bool> {
    let sight = world.person(phone).sees()?;
    Ok(sight.0.tabs.iter().any(|tab| tab.open == Action::Open(Route::Log)))
}

pub fn text(world: &mut World, phone: usize) -> Result<String> {
    Ok(world.person(phone).sees()?.text())
}

pub fn says(world: &mut World, phone: usize, words: &[&str]) -> Result<()> {
    let text = text(world, phone)?;
    for words in words {
        ensure!(text.contains(words), "phone {phone} does not say {words:?}:\n{text}");
    }
    Ok(())
}
