//! What people do in a simulation, through the screens only. What the screen does not offer is not done.

use super::{
    cast::Member,
    ledger::{Ledger, OPEN},
    plan::Step,
};
use crate::{
    network::World,
    phone::{Role, Sight, Stage},
};
use anyhow::{Context, Result};
use shared::{Action, Event, FieldValue, Route};

/// So many entries or tasks are opened in search of two versions.
const MOST_LOOKED_AT: u64 = 12;

/// One person doing one thing.
pub struct Deed<'a> {
    pub world: &'a mut World,
    pub ledger: &'a mut Ledger,
    pub member: &'a Member,
    pub who: usize,
}

impl Deed<'_> {
    /// Does it if it can be done. An error means that the screen did not offer it.
    pub fn perform(&mut self, step: Step) -> Result<()> {
        match step {
            Step::QuickLog => self.quick_log(),
            Step::LogNote => self.log_note(),
            Step::EditEntry(index) => self.edit_entry(index),
            Step::ArchiveEntry(index) => {
                self.open_entry(index)?;
                self.put_away("archive an entry")
            }
            Step::AddTask { slots } => self.add_task(slots),
            Step::EditTaskNote(index) => self.edit_task_note(index),
            Step::Claim(index) => {
                self.on_task("open", index, "claim", |act| matches!(act, Action::Claim { .. }))
            }
            Step::StandDown(index) => {
                self.on_task("mine", index, "stand down", |act| matches!(act, Action::StandDown { .. }))
            }
            Step::Done(index) => {
                self.on_task("mine", index, "done", |act| matches!(act, Action::Done { .. }))
            }
            Step::HandOver { task, to } => self.hand_over(task, to),
            Step::ArchiveTask(index) => {
                self.open_task("open", index)?;
                self.put_away("archive a task")
            }
            Step::ChooseVersion(index) => self.choose_version(index),
            Step::Leave => self.leave(),
            Step::CancelInvite => self.cancel_invite(),
            Step::Look => self.look(),
            Step::StepIn => self.step_in(),
            Step::AnnounceClosing => self.announce_closing(),
            Step::KeepOpen => self.keep_open(),
            Step::CloseCircle => self.close_circle(),
            Step::Undo => {
                self.press(|act| *act == Action::Undo)?;
                self.ledger.count("undo");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes somebody out whose name the circle's screen shows.
    pub fn remove(&mut self, name: &str) -> Result<()> {
        self.open_member(name)?;
        self.press(|act| matches!(act, Action::Open(Route::RemoveMember { .. })))?;
        self.press(|act| matches!(act, Action::RemoveMember { .. }))?;
        self.ledger.count("remove a member");
        Ok(())
    }

    pub fn set_role(&mut self, name: &str, role: Role) -> Result<()> {
        self.open_member(name)?;
        self.press(|act| matches!(act, Action::Open(Route::ChangeRole { .. })))?;
        let mut person = self.world.person(self.member.phone);
        person.choose("role", role.option())?;
        person.keep()?;
        self.ledger.count("set a role");
        Ok(())
    }

    pub(super) fn open_member(&mut self, name: &str) -> Result<()> {
        self.world.person(self.member.phone).tab(&Route::Circle)?;
        let rows = self.sees()?.rows().into_iter().map(|(_, row)| row);
        let open =
            rows.filter(|row| row.title.contains(name)).find_map(|row| row.open).context("not shown")?;
        self.world.tell(self.member.phone, Event::Do(open));
        Ok(())
    }

    fn leave(&mut self) -> Result<()> {
        self.world.person(self.member.phone).tab(&Route::Today)?;
        let open = [Route::Settings, Route::CircleSettings, Route::Leave];
        for route in open {
            let _ = self.world.person(self.member.phone).open(&route);
        }
        self.press(|act| *act == Action::LeaveCircle)?;
        self.ledger.count("leave");
        Ok(())
    }

    fn cancel_invite(&mut self) -> Result<()> {
        self.world.person(self.member.phone).tab(&Route::Circle)?;
        self.press(|act| matches!(act, Action::Open(Route::Invitation { .. })))?;
        self.press(|act| matches!(act, Action::CancelInvite { .. }))?;
        self.ledger.count("cancel an invitation");
        Ok(())
    }

    /// Keeps a note, and is interrupted. All or nothing of it may be found later; if the phone already said that it
    /// was kept, all.
    pub fn crash_while_keeping(&mut self) -> Result<()> {
        let care = self.member.role.reads_care();
        let text = self.ledger.words(care);
        let phone = self.member.phone;
        let mut person = self.world.person(phone);
        if care {
            person.open_log_form("note")?;
            person.type_in("note", &text)?;
        } else {
            person.tab(&Route::Tasks)?;
            person.press(|act| matches!(act, Action::Open(Route::TaskForm { id: None, .. })))?;
            person.type_in("title", &text)?;
        }
        // Not through the stage, which would wait for the disk.
        let moments = self.world.tell_and_go_on(phone, Event::Do(Action::Keep));
        self.world.run(moments);
        if self.world.person(phone).was_kept()? {
            self.ledger.kept(&text, care, self.who, "keep before a crash");
        }
        self.world.reload(phone);
        Ok(())
    }

    fn sees(&mut self) -> Result<Sight> {
        self.world.person(self.member.phone).sees()
    }

    pub(super) fn press(&mut self, wanted: impl Fn(&Action) -> bool) -> Result<()> {
        self.world.person(self.member.phone).press(wanted)
    }

    /// Keeps the form; what was typed becomes a promise if the phone says that it was kept.
    fn keep(&mut self, text: &str, care: bool, deed: &'static str) -> Result<()> {
        let mut person = self.world.person(self.member.phone);
        person.keep()?;
        if person.was_kept()? {
            self.ledger.kept(text, care, self.who, deed);
            self.ledger.count(deed);
        }
        Ok(())
    }

    fn quick_log(&mut self) -> Result<()> {
        let mut person = self.world.person(self.member.phone);
        person.quick_log("drink")?;
        if person.was_kept()? {
            self.ledger.count("quick log");
        }
        Ok(())
    }

    fn log_note(&mut self) -> Result<()> {
        let text = self.ledger.words(true);
        let mut person = self.world.person(self.member.phone);
        person.open_log_form("note")?;
        person.type_in("note", &text)?;
        self.keep(&text, true, "log a note")
    }

    /// Opens one of the notes in the log, counted from the top.
    fn open_entry(&mut self, index: u64) -> Result<()> {
        self.world.person(self.member.phone).tab(&Route::Log)?;
        self.open_nth(index, "log")
    }

    fn open_nth(&mut self, index: u64, of: &str) -> Result<()> {
        let rows = self.sees()?.rows();
        let open: Vec<Action> = rows.into_iter().filter_map(|(_, row)| row.open).collect();
        let there: Vec<&Action> = open
            .iter()
            .filter(|act| matches!(act, Action::Open(Route::LogEntry { .. } | Route::TaskDetail { .. })))
            .collect();
        anyhow::ensure!(!there.is_empty(), "nothing in {of}");
        let nth = usize::try_from(index).unwrap_or(0) % there.len();
        let act = there[nth].clone();
        self.world.tell(self.member.phone, Event::Do(act));
        Ok(())
    }

    fn edit_entry(&mut self, index: u64) -> Result<()> {
        self.open_entry(index)?;
        let text = self.ledger.words(true);
        self.press(|act| matches!(act, Action::Open(Route::LogForm { id: Some(_), .. })))?;
        self.world.person(self.member.phone).type_in("note", &text)?;
        self.keep(&text, true, "edit an entry")
    }

    fn put_away(&mut self, deed: &'static str) -> Result<()> {
        self.press(|act| matches!(act, Action::Archive { .. }))?;
        self.ledger.count(deed);
        Ok(())
    }

    fn add_task(&mut self, slots: u64) -> Result<()> {
        let text = self.ledger.words(false);
        let mut person = self.world.person(self.member.phone);
        person.tab(&Route::Tasks)?;
        person.press(|act| matches!(act, Action::Open(Route::TaskForm { id: None, .. })))?;
        person.type_in("title", &text)?;
        if slots > 1 {
            person.fill("slots", FieldValue::Number(i64::try_from(slots)?))?;
        }
        self.keep(&text, false, "add a task")
    }

    /// Opens one of the tasks that somebody here typed, counted from the top of a filter.
    fn open_task(&mut self, filter: &str, index: u64) -> Result<()> {
        self.world.person(self.member.phone).filter_tasks(filter)?;
        anyhow::ensure!(self.sees()?.text().contains(OPEN), "no task");
        self.open_nth(index, "tasks")
    }

    fn edit_task_note(&mut self, index: u64) -> Result<()> {
        self.open_task("open", index)?;
        let text = self.ledger.words(false);
        self.press(|act| matches!(act, Action::Open(Route::TaskForm { id: Some(_), .. })))?;
        self.world.person(self.member.phone).type_in("note", &text)?;
        self.keep(&text, false, "edit a task's note")
    }

    fn on_task(
        &mut self,
        filter: &str,
        index: u64,
        deed: &'static str,
        wanted: impl Fn(&Action) -> bool,
    ) -> Result<()> {
        self.open_task(filter, index)?;
        self.press(wanted)?;
        self.ledger.count(deed);
        Ok(())
    }

    fn hand_over(&mut self, task: u64, to: u64) -> Result<()> {
        self.open_task("mine", task)?;
        self.press(|act| matches!(act, Action::Open(Route::HandOver { .. })))?;
        let people: Vec<Action> = self.sees()?.rows().into_iter().filter_map(|(_, row)| row.open).collect();
        anyhow::ensure!(!people.is_empty(), "nobody to hand over to");
        let nth = usize::try_from(to).unwrap_or(0) % people.len();
        let act = people.get(nth).cloned().context("nobody")?;
        self.world.tell(self.member.phone, Event::Do(act));
        self.ledger.count("hand over");
        Ok(())
    }

    /// Looks through the entries or the tasks for one of which there are two versions, and chooses one.
    fn choose_version(&mut self, index: u64) -> Result<()> {
        let log = self.member.role != Role::Helper && index.is_multiple_of(2);
        for nth in 0..MOST_LOOKED_AT {
            if log {
                self.open_entry(nth)?;
            } else {
                self.open_task("open", nth)?;
            }
            let wanted = |act: &Action| matches!(act, Action::ChooseVersion { .. });
            let offered = self.sees()?.actions().into_iter().map(|(_, act)| act).filter(wanted);
            let offered: Vec<Action> = offered.collect();
            if let Some(choice) = offered.get(usize::try_from(index / 2)? % offered.len().max(1)) {
                self.world.tell(self.member.phone, Event::Do(choice.clone()));
                self.ledger.count("choose a version");
                return Ok(());
            }
        }
        anyhow::bail!("nothing to choose from")
    }
}
