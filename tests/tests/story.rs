//! The story that Kith is for, with three phones: over the virtual network by sockets, and over real HTTP with a real
//! database file, in which no word of it can be found.

use anyhow::{Context, Result, ensure};
use kith_tests::{
    network::{Clock, Eavesdropper, Host, Wire, World, contains},
    phone::{Person, PhoneKind, Role, Sight, Stage, row_text},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use shared::{Action, Route, view::SharingKind};

/// 2026-03-02T08:00:00Z.
const BEGIN_MS: u64 = 1_772_438_400_000;
const MINUTE: u64 = 60_000;

/// Everything that is typed in the story, as it is looked for in the server's file.
const WORDS: [&str; 12] = [
    "Rose",
    "Marie",
    "Restless until two",
    "half a croissant",
    "Restless until three",
    "Shopping for the week",
    "oat milk",
    "Keep her company",
    "garden chair",
    "two blankets",
    "read to her",
    "Drive to the clinic",
];

/// Plays the story on phones 0 (Anna), 1 (Joan) and 2 (Marie).
#[expect(clippy::too_many_lines, reason = "one story, told from its first evening to its end")]
fn story(stage: &mut impl Stage) -> Result<()> {
    let (anna, joan, marie) = (0, 1, 2);

    // Anna starts a circle for Rose, logs three things, adds two tasks and invites.
    stage.person(anna).start_circle("Rose", "Anna")?;
    let mut person = stage.person(anna);
    person.log_note("Restless until two, then slept")?;
    person.quick_log("drink")?;
    person.quick_log("meal")?;
    person.add_details()?;
    person.type_in("what", "half a croissant")?;
    person.keep()?;
    ensure!(person.was_kept()?, "the third entry was not kept");
    person.add_task("Shopping for the week", "Bread, apples, oat milk", 1)?;
    person.add_task("Drive to the clinic", "", 1)?;
    let link = invite(stage, anna, Role::Helper)?;

    // Joan comes in as a helper, takes the shopping, and offers something herself. She has no log, and Anna's tasks are
    // Anna's.
    stage.person(joan).open_link(&link);
    stage.wait(MINUTE);
    ensure!(stage.person(joan).sees()?.text().contains("Anna"), "the invitation says who invites");
    stage.person(joan).join("Joan")?;
    stage.wait(MINUTE);
    let mut person = stage.person(joan);
    person.open_task("Shopping")?;
    person.claim_here()?;
    ensure!(person.edit_here("note", "x").is_err(), "a helper does not edit somebody else's task");
    person.add_task("Keep her company", "Thursday from two, in the garden", 2)?;
    ensure!(person.tab(&Route::Log).is_err(), "a helper has no log");
    person.tab(&Route::Today)?;
    stage.wait(2 * MINUTE);
    ensure!(task(stage, anna, "Shopping")?.text().contains("Joan"), "Anna sees who has the shopping");

    // Both lose reception. Anna edits an entry and the note of Joan's task; Joan edits the same note and takes another
    // task. Both phones are closed and opened again.
    stage.reception(anna, false);
    stage.reception(joan, false);
    let mut person = stage.person(anna);
    person.open_log_entry("Restless")?;
    person.edit_here("note", "Restless until three, then slept")?;
    person.open_task("Keep her company")?;
    person.edit_here("note", "Thursday from two, in the garden chair with two blankets")?;
    stage.wait(MINUTE);
    let mut person = stage.person(joan);
    person.open_task("Keep her company")?;
    person.edit_here("note", "Thursday from two, I read to her")?;
    person.open_task("Drive to the clinic")?;
    person.claim_here()?;
    ensure!(person.sees()?.text().contains("not confirmed yet"), "offline, a claim is not confirmed");
    stage.reopen(anna);
    stage.reopen(joan);
    for phone in [anna, joan] {
        ensure!(
            sharing(stage, phone)? == SharingKind::NoReception,
            "the phone says that there is no reception"
        );
        ensure!(
            task(stage, phone, "Keep her company")?.versions().is_empty(),
            "each sees their own words only"
        );
    }

    // They come back: both see the same, and both versions of the note with who and when.
    stage.reception(joan, true);
    stage.reception(anna, true);
    settle(stage, &[anna, joan])?;
    for phone in [anna, joan] {
        let sight = task(stage, phone, "Keep her company")?;
        let versions = sight.versions();
        let (_, versions) = versions.first().with_context(|| format!("no versions:\n{}", sight.text()))?;
        let said = |words: &str, who: &str| {
            versions
                .iter()
                .any(|one| one.text.contains(words) && one.by.contains(who) && one.by.contains("min"))
        };
        ensure!(
            said("two blankets", "Anna") && said("I read to her", "Joan"),
            "phone {phone} shows {versions:#?}, its circle:\n{}",
            circle(stage, phone)?
        );
        ensure!(task(stage, phone, "Drive to the clinic")?.text().contains(if phone == joan {
            "You"
        } else {
            "Joan"
        }));
    }
    let mut person = stage.person(anna);
    person.open_log_entry("Restless until three")?;

    // One of them chooses; it is chosen for both.
    let mut person = stage.person(joan);
    person.open_task("Keep her company")?;
    person.press(|act| matches!(act, Action::ChooseVersion { .. }))?;
    settle(stage, &[anna, joan])?;
    let chosen = |sight: &Sight| {
        sight.rows().into_iter().find(|(_, row)| row.id == "task-note").map(|(_, row)| row.detail)
    };
    let of_joan = task(stage, joan, "Keep her company")?;
    let of_anna = task(stage, anna, "Keep her company")?;
    ensure!(of_anna.versions().is_empty() && of_joan.versions().is_empty(), "still two versions");
    ensure!(chosen(&of_anna).is_some() && chosen(&of_anna) == chosen(&of_joan), "not the same note");

    // Marie comes in as a carer: four words, equal on both phones, then everything from the first day.
    let link = invite(stage, anna, Role::Caregiver)?;
    stage.person(marie).open_link(&link);
    stage.wait(MINUTE);
    stage.person(marie).join("Marie")?;
    stage.wait(2 * MINUTE);
    let words = stage.person(marie).sees()?.words();
    ensure!(words.len() == 4, "{}", stage.person(marie).sees()?.text());
    let mut person = stage.person(anna);
    person.tab(&Route::Circle)?;
    ensure!(person.sees()?.text().contains("Marie"), "Anna sees who asks:\n{}", person.sees()?.text());
    person.admit(&words)?;
    settle(stage, &[anna, joan, marie])?;
    let log = |stage: &mut _, phone| -> Result<Vec<String>> {
        let mut person = Person::new(stage, phone);
        person.tab(&Route::Log)?;
        Ok(person.sees()?.rows().iter().map(|(_, row)| row_text(row)).collect())
    };
    let (of_anna, of_marie) = (log(stage, anna)?, log(stage, marie)?);
    ensure!(of_anna.len() == 3 && of_anna == of_marie, "{of_anna:#?} {of_marie:#?}");
    for phone in [anna, joan, marie] {
        let mut person = stage.person(phone);
        person.tab(&Route::Circle)?;
        let text = person.sees()?.text();
        ensure!(["Anna", "Joan", "Marie"].iter().all(|name| text.contains(name)), "{text}");
    }
    Ok(())
}

/// Asks for an invitation, waits for its link and reads it from the screen.
fn invite(stage: &mut impl Stage, phone: usize, role: Role) -> Result<String> {
    stage.person(phone).invite(role, false)?;
    stage.wait(MINUTE);
    let link = stage.person(phone).link()?;
    link.with_context(|| {
        format!("no link: {}", stage.phone(phone).view().map(|view| Sight(view).text()).unwrap_or_default())
    })
}

fn task(stage: &mut impl Stage, phone: usize, words: &str) -> Result<Sight> {
    let mut person = stage.person(phone);
    person.open_task(words)?;
    person.sees()
}

fn circle(stage: &mut impl Stage, phone: usize) -> Result<String> {
    let mut person = stage.person(phone);
    person.tab(&Route::Circle)?;
    Ok(person.sees()?.text())
}

fn sharing(stage: &mut impl Stage, phone: usize) -> Result<SharingKind> {
    stage.person(phone).sees()?.sharing().context("no sharing line")
}

/// Waits until these phones have shared everything.
fn settle(stage: &mut impl Stage, phones: &[usize]) -> Result<()> {
    for _ in 0..10 {
        stage.wait(MINUTE);
    }
    for phone in phones {
        let line = sharing(stage, *phone)?;
        ensure!(line == SharingKind::AllShared, "phone {phone} says {line:?}");
    }
    Ok(())
}

#[test]
fn three_phones_on_sockets_and_requests_in_virtual_time() -> Result<()> {
    let mut world = World::new(1, BEGIN_MS)?;
    world.spy = Eavesdropper::listening_for(&WORDS);
    for (kind, skew_ms) in [(PhoneKind::Browser, 0), (PhoneKind::App, 30_000), (PhoneKind::Browser, -30_000)]
    {
        world.add_phone(kind, "en-GB", skew_ms);
    }
    story(&mut world)?;
    ensure!(world.spy.heard().is_empty(), "{:?}", world.spy.heard());
    ensure!(world.faults().is_empty(), "{:?}", world.faults());
    Ok(())
}

#[test]
fn three_phones_over_http_leave_no_word_in_the_database() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("kith.db");
    let clock = Clock::at(BEGIN_MS);
    let host = Host::start(&file, &clock)?;
    let mut wire = Wire::new(&host.origin, &clock);
    for seed in 0..3 {
        wire.add_phone("en-GB", ChaCha20Rng::seed_from_u64(seed));
    }
    story(&mut wire)?;
    host.stop()?;
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder.path())? {
        let stored = std::fs::read(entry?.path())?;
        bytes += stored.len();
        for word in WORDS {
            ensure!(!contains(&stored, word.as_bytes()), "{word:?} lies open on the server");
        }
    }
    ensure!(bytes > 10_000, "the database is not where it was looked for: {bytes} bytes");
    Ok(())
}
