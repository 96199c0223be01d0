//! What a person does with a phone. Only what the screen offers is pressed, and what is read is read from the screen.

use super::{Sight, Stage};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use shared::{Action, Event, FieldValue, Route};

/// As what somebody is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Coordinator,
    Caregiver,
    Professional,
    Helper,
    Friend,
}

impl Role {
    pub fn reads_care(self) -> bool {
        !matches!(self, Self::Helper | Self::Friend)
    }

    /// The id of the option in the invite form.
    pub fn option(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::Caregiver => "caregiver",
            Self::Professional => "professional",
            Self::Helper => "helper",
            Self::Friend => "friend",
        }
    }
}

/// Somebody with a phone in their hand.
pub struct Person<'a, S: Stage> {
    stage: &'a mut S,
    phone: usize,
}

impl<'a, S: Stage> Person<'a, S> {
    pub fn new(stage: &'a mut S, phone: usize) -> Self {
        Self { stage, phone }
    }

    pub fn tell(&mut self, event: Event) {
        self.stage.tell(self.phone, event);
    }

    pub fn sees(&mut self) -> Result<Sight> {
        self.stage.phone(self.phone).view().map(Sight).context("the app is closed")
    }

    /// Presses the first thing that does what is wanted.
    pub fn press(&mut self, wanted: impl Fn(&Action) -> bool) -> Result<()> {
        let sight = self.sees()?;
        let offered = sight.actions();
        let Some((_, action)) = offered.iter().find(|(_, action)| wanted(action)) else {
            let labels: Vec<_> =
                offered.iter().map(|(label, action)| format!("{label} {action:?}")).collect();
            bail!("nothing here does that; on “{}” there are {labels:#?}", sight.heading());
        };
        self.tell(Event::Do(action.clone()));
        Ok(())
    }

    /// Goes to a screen that can be reached from here by one press.
    pub fn open(&mut self, route: &Route) -> Result<()> {
        self.press(|action| *action == Action::Open(route.clone()))
            .with_context(|| format!("on the way to {route:?}"))
    }

    /// Goes to a tab, back through what was opened above it.
    pub fn tab(&mut self, route: &Route) -> Result<()> {
        for _ in 0..8 {
            let sight = self.sees()?;
            if sight.0.tabs.iter().any(|tab| tab.open == Action::Open(route.clone())) {
                self.tell(Event::Do(Action::Open(route.clone())));
                return Ok(());
            }
            if !sight.0.can_go_back && sight.0.screen.back.is_none() {
                break;
            }
            self.tell(Event::Do(Action::Back));
        }
        let sight = self.sees()?;
        bail!("no tab leads to {route:?} from “{}”: {:?}", sight.heading(), sight.0.tabs)
    }

    pub fn fill(&mut self, field: &str, value: FieldValue) -> Result<()> {
        let sight = self.sees()?;
        if !sight.fields().iter().any(|one| one.id == field) {
            let ids: Vec<String> = sight.fields().into_iter().map(|one| one.id).collect();
            bail!("no field {field} on “{}”, only {ids:?}", sight.heading());
        }
        self.tell(Event::FieldChanged { field: field.to_owned(), value });
        Ok(())
    }

    pub fn type_in(&mut self, field: &str, text: &str) -> Result<()> {
        self.fill(field, FieldValue::Text(text.to_owned()))
    }

    pub fn choose(&mut self, field: &str, option: &str) -> Result<()> {
        self.fill(field, FieldValue::Chosen(vec![option.to_owned()]))
    }

    pub fn keep(&mut self) -> Result<()> {
        self.press(|action| *action == Action::Keep)
    }

    /// Does the phone say that the last thing was kept?
    pub fn was_kept(&mut self) -> Result<bool> {
        Ok(self.sees()?.0.undo.is_some())
    }

    pub fn start_circle(&mut self, person: &str, name: &str) -> Result<()> {
        self.open(&Route::Start)?;
        self.type_in("person", person)?;
        self.type_in("name", name)?;
        self.press(|action| *action == Action::StartCircle)
    }

    /// Opens a link, as from a message.
    pub fn open_link(&mut self, link: &str) {
        self.tell(Event::LinkOpened { link: link.to_owned() });
    }

    pub fn join(&mut self, name: &str) -> Result<()> {
        self.type_in("name", name)?;
        self.press(|action| *action == Action::Join)
    }

    /// Opens what is logged most, from any screen that has the button.
    pub fn open_quick_log(&mut self) -> Result<()> {
        self.tab(&Route::Today)?;
        self.open(&Route::QuickLog)
    }

    /// Two taps.
    pub fn quick_log(&mut self, kind: &str) -> Result<()> {
        self.open_quick_log()?;
        self.press(|action| matches!(action, Action::QuickLog { kind: one } if one == kind))
    }

    /// After a quick entry: opens its form.
    pub fn add_details(&mut self) -> Result<()> {
        self.press(|action| matches!(action, Action::Open(Route::LogForm { id: Some(_), .. })))
    }

    /// Opens the empty form of a kind that is not kept with one tap.
    pub fn open_log_form(&mut self, kind: &str) -> Result<()> {
        self.open_quick_log()?;
        let wanted = Action::Open(Route::LogForm { kind: kind.to_owned(), id: None });
        let tap = |action: &Action| {
            *action == wanted || matches!(action, Action::QuickLog { kind: one } if one == kind)
        };
        if self.press(tap).is_err() {
            self.open(&Route::AllKinds)?;
            self.press(tap)?;
        }
        Ok(())
    }

    /// Writes a note into the log.
    pub fn log_note(&mut self, text: &str) -> Result<()> {
        self.open_log_form("note")?;
        self.type_in("note", text)?;
        self.keep()
    }

    /// Opens the entry of the log that says `words`, reading on as far as it takes.
    pub fn open_log_entry(&mut self, words: &str) -> Result<()> {
        self.tab(&Route::Log)?;
        self.open_row(words)
    }

    pub fn open_row(&mut self, words: &str) -> Result<()> {
        for _ in 0..200 {
            let sight = self.sees()?;
            if let Some(open) = sight.row(words).and_then(|row| row.open) {
                self.tell(Event::Do(open));
                return Ok(());
            }
            if self.press(|action| *action == Action::ShowMore).is_err() {
                bail!("no row says {words:?} on “{}”:\n{}", sight.heading(), sight.text());
            }
        }
        bail!("no end to the rows of this list")
    }

    /// Replaces a text field of the entry or task on the screen.
    pub fn edit_here(&mut self, field: &str, text: &str) -> Result<()> {
        self.press(|action| {
            matches!(
                action,
                Action::Open(Route::LogForm { id: Some(_), .. } | Route::TaskForm { id: Some(_), .. })
            )
        })?;
        self.type_in(field, text)?;
        self.keep()
    }

    pub fn add_task(&mut self, title: &str, note: &str, slots: i64) -> Result<()> {
        self.tab(&Route::Tasks)?;
        self.press(|action| matches!(action, Action::Open(Route::TaskForm { id: None, .. })))?;
        self.type_in("title", title)?;
        if !note.is_empty() {
            self.type_in("note", note)?;
        }
        if slots > 1 {
            self.fill("slots", FieldValue::Number(slots))?;
        }
        self.keep()
    }

    pub fn filter_tasks(&mut self, wanted: &str) -> Result<()> {
        self.tab(&Route::Tasks)?;
        self.press(|action| matches!(action, Action::FilterTasks { filter } if filter == wanted))
    }

    /// Opens a task, whether it is open, one's own or done.
    pub fn open_task(&mut self, words: &str) -> Result<()> {
        for filter in ["open", "mine", "done"] {
            self.filter_tasks(filter)?;
            if self.sees()?.row(words).is_some() {
                return self.open_row(words);
            }
        }
        bail!("no task says {words:?}")
    }

    pub fn claim_here(&mut self) -> Result<()> {
        self.press(|action| matches!(action, Action::Claim { .. }))
    }

    /// Asks for an invitation. The link appears when the circle's host has taken it.
    pub fn invite(&mut self, role: Role, family: bool) -> Result<()> {
        self.tab(&Route::Circle)?;
        self.open(&Route::Invite)?;
        self.choose("role", role.option())?;
        if family {
            self.choose("uses", "family")?;
        }
        self.keep()
    }

    /// Asks for a link for somebody who was here before, with a new phone.
    pub fn fresh_link(&mut self, name: &str) -> Result<()> {
        self.tab(&Route::Circle)?;
        self.open_row(name)?;
        self.press(|action| matches!(action, Action::FreshLink { .. }))
    }

    /// The link on the screen, once it is there.
    pub fn link(&mut self) -> Result<Option<String>> {
        Ok(self.sees()?.link())
    }

    /// Lets in the one who waits and sees the same words.
    pub fn admit(&mut self, words: &[String]) -> Result<()> {
        self.tab(&Route::Circle)?;
        let waiting = self.sees()?.waiting();
        let found = waiting.into_iter().find(|(shown, _)| shown == words && !words.is_empty());
        let (_, admit) = found.context("nobody waits with these words")?;
        self.tell(Event::Do(admit));
        Ok(())
    }
}
