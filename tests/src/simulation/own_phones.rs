//! What people do with phones of their own: a second one by a link and four words, a kit on paper, taking one out. Through
//! the screens only, as everything.

use super::deeds::Deed;
use crate::{
    network::World,
    phone::{Person, PhoneKind, Stage},
};
use anyhow::{Context, Result, ensure};
use shared::{Action, Event, Route};

/// So long somebody holds both phones and waits for the next screen, in milliseconds.
const PATIENCE_MS: u64 = 60_000;
const MOMENT_MS: u64 = 2_000;
/// How many words a kit has.
const KIT_WORDS: usize = 18;

/// What comes between while a second phone is being paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    Nothing,
    /// The words are not compared, and the first phone says no.
    Declined,
    /// The app on the new phone goes down when the words are there.
    NewGoesDown,
    /// The app on the first phone goes down just after it said yes.
    OldGoesDown,
    /// The first phone has no reception when it says yes, for three minutes.
    NoReception,
}

impl Between {
    fn of(drawn: u64) -> Self {
        match drawn % 10 {
            0..5 => Self::Nothing,
            5 | 6 => Self::Declined,
            7 => Self::NewGoesDown,
            8 => Self::OldGoesDown,
            _ => Self::NoReception,
        }
    }
}

/// A phone that somebody tried to pair.
pub struct Paired {
    pub phone: usize,
    /// The first phone said yes.
    pub confirmed: bool,
    /// What must not happen and did.
    pub fault: Option<String>,
}

impl Deed<'_> {
    fn person(&mut self) -> Person<'_, World> {
        self.world.person(self.member.phone)
    }

    pub(super) fn settings(&mut self, route: &Route) -> Result<()> {
        let mut person = self.person();
        person.tab(&Route::Today)?;
        person.open(&Route::Settings)?;
        person.open(route)
    }

    /// Waits for what a screen will show.
    pub(super) fn await_on<T>(
        &mut self,
        phone: usize,
        look: impl Fn(&mut Person<'_, World>) -> Option<T>,
    ) -> Option<T> {
        for _ in 0..PATIENCE_MS / MOMENT_MS {
            if let Some(found) = look(&mut self.world.person(phone)) {
                return Some(found);
            }
            self.world.run(MOMENT_MS);
        }
        None
    }

    /// Holds two phones and goes through a pairing. An error means that it never came to a link.
    pub fn pair(&mut self, drawn: u64) -> Result<Paired> {
        let old = self.member.phone;
        self.settings(&Route::Devices)?;
        self.person().press(|act| *act == Action::OfferDevice)?;
        let Some(link) = self.await_on(old, |person| person.link().ok().flatten()) else {
            let _ = self.person().press(|act| *act == Action::DeclineDevice);
            anyhow::bail!("no link came");
        };
        let kind = if drawn.is_multiple_of(2) { PhoneKind::Browser } else { PhoneKind::App };
        let new = self.world.add_phone(kind, "en-GB", 0);
        let mut person = self.world.person(new);
        person.press(|act| *act == Action::Open(Route::SecondDevice))?;
        person.type_in("link", &link)?;
        person.press(|act| *act == Action::PasteLink)?;
        let words = |person: &mut Person<'_, World>| {
            let words = person.sees().ok()?.words();
            (!words.is_empty()).then_some(words)
        };
        let (there, here) = (self.await_on(new, words), self.await_on(old, words));
        let mut paired = Paired { phone: new, confirmed: false, fault: None };
        let between = Between::of(drawn);
        if between == Between::NewGoesDown && there.is_some() {
            self.world.reload(new);
            if self.await_on(new, words) != there {
                paired.fault =
                    Some("a phone forgot the words of its pairing when its app went down".to_owned());
            }
        }
        if there.is_none() || there != here || between == Between::Declined {
            if there.is_some() && here.is_some() && there != here {
                paired.fault = Some(format!("two phones show other words: {here:?} and {there:?}"));
            }
            if self.person().press(|act| *act == Action::DeclineDevice).is_ok() && there.is_some() {
                self.ledger.count("decline a phone");
            }
            return Ok(paired);
        }
        if between == Between::NoReception {
            self.world.set_reception(old, false, true);
        }
        self.person().press(|act| *act == Action::ConfirmDevice)?;
        paired.confirmed = true;
        match between {
            Between::OldGoesDown => self.world.reload(old),
            Between::NoReception => {
                self.world.run(3 * PATIENCE_MS);
                self.world.set_reception(old, true, true);
            }
            _ => {}
        }
        self.world.run(10_000);
        Ok(paired)
    }

    /// Makes a kit, and types three of its words back from the paper. Gives all its words.
    pub fn make_kit(&mut self) -> Result<Vec<String>> {
        self.settings(&Route::Devices)?;
        self.person().open(&Route::Kit)?;
        let listed = |person: &mut Person<'_, World>| {
            Some(person.sees().ok()?.words()).filter(|words| words.len() == KIT_WORDS)
        };
        if listed(&mut self.person()).is_none() {
            self.person().press(|act| *act == Action::MakeKit)?;
        }
        let words = self.await_on(self.member.phone, listed).context("no words came")?;
        self.person().press(|act| *act == Action::CheckKit)?;
        for field in self.person().sees()?.fields() {
            let place: usize = field.id.trim_start_matches("word-").parse()?;
            let word = words.get(place).context("no such word")?.clone();
            self.person().type_in(&field.id, &word)?;
        }
        self.person().keep()?;
        ensure!(self.person().sees()?.path() == "/settings/devices", "the words were not taken");
        self.ledger.count("make a kit");
        Ok(words)
    }

    /// Takes a phone out: one of their own, or one of the member's whose name the circle's screen shows.
    pub fn revoke(&mut self, name: Option<&str>) -> Result<()> {
        match name {
            None => self.settings(&Route::Devices)?,
            Some(name) => self.open_member(name)?,
        }
        let revokes = |act: &Action| matches!(act, Action::Open(Route::RevokeDevice { .. }));
        let rows = self.person().sees()?.rows().into_iter().filter_map(|(_, row)| row.open);
        // The older one, which is more often the lost one.
        let open = rows.into_iter().find(revokes).context("no phone to take out")?;
        self.world.tell(self.member.phone, Event::Do(open));
        self.person().press(|act| matches!(act, Action::RevokeDevice { .. }))?;
        self.ledger.count("revoke a phone");
        Ok(())
    }

    /// Looks at what came since the last time.
    pub fn look(&mut self) -> Result<()> {
        self.person().tab(&Route::Today)?;
        self.person().press(|act| *act == Action::LookedAtSince)?;
        self.ledger.count("look at what came");
        Ok(())
    }

    /// Names who stands in, by the name that the form shows.
    pub fn name_heir(&mut self, name: &str) -> Result<()> {
        self.settings(&Route::CircleSettings)?;
        let fields = self.person().sees()?.fields();
        let heir = fields.into_iter().find(|field| field.id == "heir").context("nobody to choose")?;
        let shared::view::FieldKind::Choice { options } = heir.kind else {
            anyhow::bail!("no choice of an heir")
        };
        let chosen = options.into_iter().find(|option| option.label == name).context("not offered")?;
        self.person().choose("heir", &chosen.id)?;
        self.person().keep()?;
        self.ledger.count("name an heir");
        Ok(())
    }

    pub fn step_in(&mut self) -> Result<()> {
        self.person().tab(&Route::Today)?;
        self.person().press(|act| *act == Action::StepIn)?;
        self.ledger.count("step in");
        Ok(())
    }
}

/// Types the words of a kit on a phone that has nothing on it. Gives the phone.
pub fn restore(world: &mut World, words: &[String]) -> Result<usize> {
    let phone = world.add_phone(PhoneKind::Browser, "en-GB", 0);
    let mut person = world.person(phone);
    person.press(|act| *act == Action::Open(Route::Restore))?;
    person.type_in("words", &words.join(" "))?;
    person.keep()?;
    Ok(phone)
}
