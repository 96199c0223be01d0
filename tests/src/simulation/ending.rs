//! What becomes of a whole circle, through the screens: announced to be closed, kept open after all, closed; moved to another
//! server.

use super::deeds::Deed;
use crate::{
    network::{OTHER_ORIGIN, World},
    phone::{Person, Stage},
};
use anyhow::{Context, Result};
use shared::{Action, FieldValue, Route};

impl Deed<'_> {
    fn closing_screen(&mut self) -> Result<()> {
        self.settings(&Route::CircleSettings)?;
        self.world.person(self.member.phone).open(&Route::Closing)
    }

    /// Tells everybody that the circle may be closed in a week.
    pub fn announce_closing(&mut self) -> Result<()> {
        self.closing_screen()?;
        let mut person = self.world.person(self.member.phone);
        person.choose("wait", "week")?;
        person.press(|act| *act == Action::AnnounceClosing)?;
        self.ledger.count("announce closing");
        Ok(())
    }

    /// Takes that back, on the first screen.
    pub fn keep_open(&mut self) -> Result<()> {
        let mut person = self.world.person(self.member.phone);
        person.tab(&Route::Today)?;
        person.press(|act| *act == Action::KeepOpen)?;
        self.ledger.count("keep the circle open");
        Ok(())
    }

    pub fn close_circle(&mut self) -> Result<()> {
        self.closing_screen()?;
        let mut person = self.world.person(self.member.phone);
        person.fill("sure", FieldValue::Flag(true))?;
        person.press(|act| *act == Action::CloseCircle)?;
        self.ledger.count("close the circle");
        Ok(())
    }

    /// Has a look at the other server, and moves the circle there.
    pub fn move_circle(&mut self) -> Result<()> {
        self.world.run_other_server()?;
        self.settings(&Route::Server)?;
        let mut person = self.world.person(self.member.phone);
        person.type_in("host", OTHER_ORIGIN)?;
        person.keep()?;
        let offered = |person: &mut Person<'_, World>| {
            let actions = person.sees().ok()?.actions();
            actions.into_iter().find(|(_, act)| *act == Action::MoveCircle)
        };
        self.await_on(self.member.phone, offered).context("it is not offered")?;
        self.press(|act| *act == Action::MoveCircle)?;
        self.ledger.count("move the circle");
        Ok(())
    }
}
