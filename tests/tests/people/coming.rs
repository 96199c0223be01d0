//! People come: a family by one link, and somebody again by a fresh one.

use crate::circle::{ANNA, JOAN, MINUTE, circle, join, open_member, says, text};
use anyhow::{Context, Result, ensure};
use kith_tests::phone::{PhoneKind, Stage};
use shared::{Action, FieldValue, Route};

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
