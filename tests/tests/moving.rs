//! A circle goes to another server as people live it, over real HTTP and two real servers with databases of their own:
//! one is moved to, one forgot everything, somebody was away, an old link is opened.

use anyhow::{Context, Result, ensure};
use kith_tests::{
    network::{Clock, Host, Wire},
    phone::{Role, Stage},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use shared::{Action, Route, view::SharingKind};
use tempfile::TempDir;

/// 2026-03-02T08:00:00Z.
const BEGIN_MS: u64 = 1_772_438_400_000;
const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

const ANNA: usize = 0;
const BEN: usize = 1;
const CARL: usize = 2;

struct Town {
    wire: Wire,
    clock: Clock,
    old: Host,
    new: Host,
    folder: TempDir,
}

impl Town {
    /// Anna's circle for Rose, with Ben, who cares, on the old server; Carl has nothing yet.
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = Clock::at(BEGIN_MS);
        let old = Host::start(&folder.path().join("old.db"), &clock)?;
        let new = Host::start(&folder.path().join("new.db"), &clock)?;
        let mut wire = Wire::new(&old.origin, &clock);
        for seed in 0..3 {
            wire.add_phone("en-GB", ChaCha20Rng::seed_from_u64(seed));
        }
        let mut town = Self { wire, clock, old, new, folder };
        town.wire.person(ANNA).start_circle("Rose", "Anna")?;
        town.wait(2);
        let link = town.invite(Role::Caregiver)?;
        town.wire.person(BEN).open_link(&link);
        town.wait(1);
        town.wire.person(BEN).join("Ben")?;
        town.wait(2);
        town.admit()?;
        for n in 1..=5 {
            town.wire.person(BEN).log_note(&format!("Quiet night {n}"))?;
        }
        town.wait(3);
        town.all_shared(&[ANNA, BEN])?;
        Ok(town)
    }

    fn wait(&mut self, minutes: u64) {
        for _ in 0..minutes {
            self.wire.wait(MINUTE);
        }
    }

    fn invite(&mut self, role: Role) -> Result<String> {
        self.wire.person(ANNA).invite(role, false)?;
        self.wait(2);
        self.wire.person(ANNA).link()?.context("no link")
    }

    fn admit(&mut self) -> Result<()> {
        self.wire.person(ANNA).tab(&Route::Circle)?;
        let waiting = self.wire.person(ANNA).sees()?.waiting();
        if let Some((_, admit)) = waiting.into_iter().next() {
            self.wire.person(ANNA).press(|act| *act == admit)?;
        }
        self.wait(3);
        Ok(())
    }

    fn all_shared(&mut self, phones: &[usize]) -> Result<()> {
        for phone in phones {
            self.wire.person(*phone).tab(&Route::Today)?;
            let sight = self.wire.person(*phone).sees()?;
            ensure!(
                sight.sharing() == Some(SharingKind::AllShared),
                "phone {phone}: {:?}\n{}",
                sight.sharing(),
                sight.text()
            );
        }
        Ok(())
    }

    fn reads(&mut self, phone: usize, words: &str) -> Result<()> {
        self.wire.person(phone).tab(&Route::Log)?;
        let text = self.wire.person(phone).sees()?.text();
        ensure!(text.contains(words), "phone {phone} does not read {words:?}:\n{text}");
        Ok(())
    }

    fn server(&mut self, phone: usize) -> Result<String> {
        self.wire.person(phone).tab(&Route::Today)?;
        self.wire.person(phone).open(&Route::Settings)?;
        self.wire.person(phone).open(&Route::Server)?;
        Ok(self.wire.person(phone).sees()?.text())
    }

    /// Somebody types an address and lets the app look.
    fn look_at(&mut self, phone: usize, address: &str) -> Result<String> {
        self.server(phone)?;
        self.wire.person(phone).type_in("host", address)?;
        self.wire.person(phone).keep()?;
        Ok(self.wire.person(phone).sees()?.text())
    }

    fn moves(&mut self) -> Result<()> {
        let origin = self.new.origin.clone();
        let text = self.look_at(ANNA, &origin)?;
        ensure!(text.contains("can keep this circle"), "{text}");
        self.wire.person(ANNA).press(|act| *act == Action::MoveCircle)?;
        self.wait(5);
        Ok(())
    }
}

/// The host of an origin.
fn host(origin: &str) -> String {
    origin.trim_start_matches("http://").to_owned()
}

#[test]
fn a_circle_moves_with_somebody_away_and_nothing_is_lost() -> Result<()> {
    let mut town = Town::new()?;
    town.wire.reception(BEN, false);
    town.wire.person(BEN).log_note("Written in the mountains")?;
    let link = town.invite(Role::Caregiver)?;
    town.moves()?;
    let text = town.server(ANNA)?;
    ensure!(text.contains(&host(&town.new.origin)) && text.contains("You moved it there"), "{text}");
    town.wire.person(ANNA).log_note("The first night at the new server")?;
    town.all_shared(&[ANNA])?;

    // Ben is back after three weeks.
    town.wire.wait(21 * DAY);
    town.wire.reception(BEN, true);
    town.wait(10);
    town.all_shared(&[ANNA, BEN])?;
    let text = town.server(BEN)?;
    ensure!(text.contains(&host(&town.new.origin)) && text.contains("Anna moved it there"), "{text}");
    town.reads(ANNA, "Written in the mountains")?;
    town.reads(BEN, "The first night at the new server")?;
    town.reads(BEN, "Quiet night 1")?;

    // The link of before has expired meanwhile; a newer one names the new server.
    town.wire.person(CARL).open_link(&link);
    town.wait(2);
    let text = town.wire.person(CARL).sees()?.text();
    ensure!(text.contains("too old"), "{text}");
    let link = town.invite(Role::Helper)?;
    ensure!(link.contains(&host(&town.new.origin)), "{link}");
    Ok(())
}

#[test]
fn a_link_of_before_leads_on() -> Result<()> {
    let mut town = Town::new()?;
    let link = town.invite(Role::Caregiver)?;
    ensure!(link.contains(&host(&town.old.origin)));
    town.moves()?;
    town.wire.person(CARL).open_link(&link);
    town.wait(3);
    town.wire.person(CARL).join("Carl")?;
    town.wait(3);
    town.admit()?;
    town.wait(3);
    town.all_shared(&[ANNA, CARL])?;
    town.reads(CARL, "Quiet night 1")
}

#[test]
fn an_address_is_looked_at_before_anything_is_decided() -> Result<()> {
    let mut town = Town::new()?;
    let (old, new) = (host(&town.old.origin), host(&town.new.origin));
    for (typed, said) in [
        ("nothing like it!", "no address of a server"),
        (old.as_str(), "kept there already"),
        ("127.0.0.1:1", "does not answer"),
    ] {
        let text = town.look_at(ANNA, typed)?;
        ensure!(text.contains(said), "{typed}: {text}");
        ensure!(town.wire.person(ANNA).press(|act| *act == Action::MoveCircle).is_err());
    }
    let other_name = new.replace("127.0.0.1", "localhost");
    let text = town.look_at(ANNA, &other_name)?;
    // It answers by the name by which it was asked.
    ensure!(text.contains("can keep this circle"), "{text}");
    town.wire.person(ANNA).press(|act| *act == Action::OtherServer)?;

    // Who does not coordinate moves nobody but their own phone.
    let text = town.look_at(BEN, &new)?;
    ensure!(text.contains("Only this phone") || text.contains("gone for good"), "{text}");
    ensure!(town.wire.person(BEN).press(|act| *act == Action::MoveCircle).is_err());
    Ok(())
}

#[test]
fn a_server_that_forgot_everything_is_given_it_back() -> Result<()> {
    let mut town = Town::new()?;
    // The old server is gone for good; on both phones somebody says where the circle is kept now.
    town.wire.person(BEN).log_note("Just before")?;
    town.wait(2);
    let other = Host::start(&town.folder.path().join("unused.db"), &town.clock)?;
    std::mem::replace(&mut town.old, other).stop()?;
    let new = town.new.origin.clone();
    for phone in [ANNA, BEN] {
        town.look_at(phone, &new)?;
        town.wire.person(phone).press(|act| *act == Action::FollowTo)?;
    }
    town.wire.person(BEN).log_note("While nobody answered")?;
    town.wait(3);
    let text = town.server(BEN)?;
    ensure!(text.contains("does not know this circle any more"), "{text}");
    ensure!(town.wire.person(BEN).press(|act| *act == Action::GiveBack).is_err(), "a coordinator decides");
    town.server(ANNA)?;
    town.wire.person(ANNA).press(|act| *act == Action::GiveBack)?;
    town.wait(10);
    town.all_shared(&[ANNA, BEN])?;
    town.reads(ANNA, "While nobody answered")?;
    town.reads(BEN, "Quiet night 5")?;
    let text = town.server(ANNA)?;
    ensure!(text.contains(&host(&new)) && !text.contains("does not know"), "{text}");
    Ok(())
}
