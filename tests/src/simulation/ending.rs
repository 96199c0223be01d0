//! A circle that is going to be closed, through the screens: announced, kept open after all, closed.

use super::deeds::Deed;
use crate::phone::Stage;
use anyhow::Result;
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
}
