//! One's own phones as people live them: a second one by a link and four words, one that is declined, a kit on paper.

use crate::circle::{ANNA, BEGIN_MS, MINUTE, says, text};
use anyhow::{Context, Result, ensure};
use kith_tests::{
    network::World,
    phone::{PhoneKind, Stage},
};
use shared::{
    Action, FieldValue, Route,
    view::{BlockView, FieldKind},
};

const SECOND: u64 = 1_000;

const OTHER: usize = 1;

/// Anna's circle for Rose on her first phone, and a phone with nothing on it.
fn alone() -> Result<World> {
    let mut world = World::new(11, BEGIN_MS)?;
    for _ in [ANNA, OTHER] {
        world.add_phone(PhoneKind::Browser, "en-GB", 0);
    }
    world.person(ANNA).start_circle("Rose", "Anna")?;
    world.person(ANNA).log_note("The first night was quiet")?;
    world.wait(MINUTE);
    Ok(world)
}

fn settings(world: &mut World, phone: usize, route: &Route) -> Result<()> {
    let mut person = world.person(phone);
    person.tab(&Route::Today)?;
    person.open(&Route::Settings)?;
    person.open(route)
}

/// Anna's link for another phone, opened there.
fn pair(world: &mut World) -> Result<()> {
    pair_by(world, ANNA, OTHER)
}

/// The link of a phone that is in, opened on a new one.
fn pair_by(world: &mut World, first: usize, new: usize) -> Result<()> {
    settings(world, first, &Route::Devices)?;
    world.person(first).press(|act| *act == Action::OfferDevice)?;
    world.wait(10 * SECOND);
    let link = world.person(first).link()?.context("no link")?;
    world.person(new).press(|act| *act == Action::Open(Route::SecondDevice))?;
    world.person(new).type_in("link", &link)?;
    world.person(new).press(|act| *act == Action::PasteLink)?;
    world.wait(20 * SECOND);
    let (here, there) = (world.person(first).sees()?.words(), world.person(new).sees()?.words());
    ensure!(here.len() == 4 && here == there, "{here:?} {there:?}");
    Ok(())
}

/// What the screen that takes a device out offers to take out with it: ids and labels.
fn offered(world: &mut World, phone: usize) -> Result<Vec<(String, String)>> {
    let fields = world.person(phone).sees()?.fields();
    let kinds = fields.into_iter().filter(|field| field.id == "also").map(|field| field.kind);
    let options = kinds.filter_map(|kind| match kind {
        FieldKind::Choices { options } => Some(options),
        _ => None,
    });
    Ok(options.flatten().map(|option| (option.id, option.label)).collect())
}

#[test]
fn what_a_lost_phone_had_added_can_be_taken_out_with_it_and_is_marked_if_it_stays() -> Result<()> {
    let mut world = alone()?;
    pair(&mut world)?;
    world.person(ANNA).press(|act| *act == Action::ConfirmDevice)?;
    world.wait(MINUTE);
    // Whoever found the second phone makes a kit with it and lets another phone in.
    settings(&mut world, OTHER, &Route::Devices)?;
    world.person(OTHER).open(&Route::Kit)?;
    world.person(OTHER).press(|act| *act == Action::MakeKit)?;
    world.wait(MINUTE);
    let third = world.add_phone(PhoneKind::Browser, "en-GB", 0);
    pair_by(&mut world, OTHER, third)?;
    world.person(OTHER).press(|act| *act == Action::ConfirmDevice)?;
    world.wait(MINUTE);

    settings(&mut world, ANNA, &Route::Devices)?;
    ensure!(!text(&mut world, ANNA)?.contains("which was taken out"));
    world.person(ANNA).open_row("Phone 2")?;
    let listed = offered(&mut world, ANNA)?;
    let names: Vec<&str> = listed.iter().map(|(_, label)| label.as_str()).collect();
    ensure!(names.len() == 2, "{names:?}");
    ensure!(
        names[0].starts_with("Recovery kit – Added") && names[1].starts_with("Phone 3 – Added"),
        "{names:?}"
    );
    world.person(ANNA).choose("also", &listed[0].0)?;
    world.person(ANNA).press(|act| matches!(act, Action::RevokeDevice { .. }))?;
    world.wait(2 * MINUTE);

    settings(&mut world, ANNA, &Route::Devices)?;
    let shown = text(&mut world, ANNA)?;
    ensure!(!shown.contains("Phone 2 ") && !shown.contains("Recovery kit"), "{shown}");
    says(&mut world, ANNA, &["by Phone 2, which was taken out", "take it out too"])?;
    says(&mut world, OTHER, &["This phone was taken out of Rose's circle"])?;
    // The phone that was lost had not added this one.
    world.person(ANNA).open_row("Phone 3")?;
    ensure!(offered(&mut world, ANNA)?.is_empty());
    world.person(ANNA).press(|act| matches!(act, Action::RevokeDevice { .. }))?;
    world.wait(2 * MINUTE);
    says(&mut world, third, &["This phone was taken out of Rose's circle"])?;
    settings(&mut world, ANNA, &Route::Devices)?;
    ensure!(!text(&mut world, ANNA)?.contains("taken out"));
    Ok(())
}

#[test]
fn the_phone_in_hand_is_never_offered_though_the_lost_one_had_added_it() -> Result<()> {
    let mut world = alone()?;
    pair(&mut world)?;
    world.person(ANNA).press(|act| *act == Action::ConfirmDevice)?;
    world.wait(MINUTE);
    settings(&mut world, OTHER, &Route::Devices)?;
    world.person(OTHER).open_row("Phone 1")?;
    ensure!(offered(&mut world, OTHER)?.is_empty());
    world.person(OTHER).press(|act| matches!(act, Action::RevokeDevice { .. }))?;
    world.wait(2 * MINUTE);
    says(&mut world, ANNA, &["This phone was taken out of Rose's circle"])?;
    settings(&mut world, OTHER, &Route::Devices)?;
    ensure!(!text(&mut world, OTHER)?.contains("which was taken out"));
    Ok(())
}

#[test]
fn a_second_phone_comes_in_and_can_be_taken_out() -> Result<()> {
    let mut world = alone()?;
    pair(&mut world)?;
    world.person(ANNA).press(|act| *act == Action::ConfirmDevice)?;
    world.wait(MINUTE);
    says(&mut world, ANNA, &["Phone 2"])?;
    says(&mut world, ANNA, &["Your other phone is in"])?;
    world.person(OTHER).tab(&Route::Log)?;
    says(&mut world, OTHER, &["The first night was quiet Anna"])?;
    world.person(OTHER).log_note("Written on the second phone")?;
    world.wait(MINUTE);
    world.person(ANNA).tab(&Route::Log)?;
    says(&mut world, ANNA, &["Written on the second phone Anna"])?;

    settings(&mut world, ANNA, &Route::Devices)?;
    world.person(ANNA).open_row("Phone 2")?;
    says(&mut world, ANNA, &["That phone loses what it has of the circle"])?;
    world.person(ANNA).press(|act| matches!(act, Action::RevokeDevice { .. }))?;
    world.wait(MINUTE);
    ensure!(!text(&mut world, ANNA)?.contains("Phone 2"));
    says(&mut world, OTHER, &["This phone was taken out of Rose's circle"])
}

#[test]
fn a_phone_that_is_declined_hears_so() -> Result<()> {
    let mut world = alone()?;
    pair(&mut world)?;
    world.person(ANNA).press(|act| *act == Action::DeclineDevice)?;
    world.wait(2 * MINUTE);
    ensure!(!text(&mut world, ANNA)?.contains("Phone 2"));
    says(&mut world, OTHER, &["Your first phone said no"])?;
    ensure!(world.person(OTHER).press(|act| *act == Action::Open(Route::SecondDevice)).is_ok());
    Ok(())
}

#[test]
fn a_kit_is_checked_by_three_words_and_brings_everything_back() -> Result<()> {
    let mut world = alone()?;
    settings(&mut world, ANNA, &Route::Devices)?;
    world.person(ANNA).open(&Route::Kit)?;
    world.person(ANNA).press(|act| *act == Action::MakeKit)?;
    world.wait(MINUTE);
    let words = kit_words(&mut world)?;
    world.person(ANNA).press(|act| *act == Action::CheckKit)?;
    let asked: Vec<String> = world.person(ANNA).sees()?.fields().into_iter().map(|field| field.id).collect();
    ensure!(asked.len() == 3, "{asked:?}");
    world.person(ANNA).keep()?;
    says(&mut world, ANNA, &["This is not word"])?;
    for field in asked {
        let place: usize = field.trim_start_matches("word-").parse()?;
        let typed = words.get(place).context("no such word")?.to_uppercase();
        world.person(ANNA).fill(&field, FieldValue::Text(typed))?;
    }
    world.person(ANNA).keep()?;
    says(&mut world, ANNA, &["Kept safe"])?;
    says(&mut world, ANNA, &["Recovery kit"])?;

    world.person(OTHER).press(|act| *act == Action::Open(Route::Restore))?;
    world.person(OTHER).type_in("words", &words.join(" "))?;
    world.person(OTHER).keep()?;
    world.wait(MINUTE);
    world.person(OTHER).tab(&Route::Log)?;
    says(&mut world, OTHER, &["The first night was quiet Anna"])?;

    // A kit in its place: the words on the first paper count no more.
    settings(&mut world, ANNA, &Route::Devices)?;
    world.person(ANNA).open_row("Recovery kit")?;
    says(&mut world, ANNA, &["You have a kit"])?;
    world.person(ANNA).press(|act| *act == Action::MakeKit)?;
    world.wait(MINUTE);
    let newer = kit_words(&mut world)?;
    ensure!(newer != words);
    world.person(ANNA).press(|act| *act == Action::CheckKit)?;
    for (place, word) in newer.iter().enumerate() {
        // Only three of them are asked for.
        let _ = world.person(ANNA).type_in(&format!("word-{place}"), word);
    }
    world.person(ANNA).keep()?;
    world.wait(MINUTE);
    let third = world.add_phone(PhoneKind::Browser, "en-GB", 0);
    world.person(third).press(|act| *act == Action::Open(Route::Restore))?;
    world.person(third).type_in("words", &words.join(" "))?;
    world.person(third).keep()?;
    world.wait(2 * MINUTE);
    says(&mut world, third, &["This kit does not count any more"])
}

fn kit_words(world: &mut World) -> Result<Vec<String>> {
    let blocks = world.person(ANNA).sees()?.0.screen.blocks;
    let listed = blocks.into_iter().find_map(|block| match block {
        BlockView::Words(words) => Some(words),
        _ => None,
    });
    let listed = listed
        .with_context(|| format!("no words: {:?}", world.person(ANNA).sees().map(|sight| sight.text())))?;
    ensure!(listed.len() == 18);
    Ok(listed)
}
