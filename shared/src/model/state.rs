//! All that the app remembers while it runs.

use super::{
    asking::Question,
    forms::FormState,
    inbox::Inbox,
    membership::{Membership, Opened},
    navigation::Place,
    settings::Settings,
};
use crate::{
    event::{Action, Event, Launch},
    text::{Clock, Text},
    view::Tone,
};
use kith_document::EditScript;
use kith_domain::LIST_PROFILE;
use kith_zones::Zone;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::collections::BTreeMap;

pub struct Model {
    pub(super) inbox: Inbox,
    /// Time and entropy of the event that is being handled.
    pub(crate) now_ms: u64,
    pub(super) rng: ChaCha20Rng,

    pub(crate) launch: Option<Launch>,
    /// The device's settings were read; before that there is nothing to show.
    pub(crate) ready: bool,
    pub(crate) blocked: Option<Blocked>,
    /// Events that came before the settings were read.
    pub(super) early: Vec<Event>,
    pub(crate) settings: Settings,
    pub(crate) text: Text,

    pub(crate) memberships: BTreeMap<String, Membership>,
    pub(crate) current: Option<String>,
    pub(super) next_ordinal: u32,
    pub(super) next_edit: u64,
    pub(super) questions: BTreeMap<u64, Question>,
    pub(super) next_question: u64,
    /// The current alarm of the screen's clock; older ones are not heard.
    pub(super) minute_alarm: u64,

    pub(crate) place: Place,
    pub(crate) form: Option<FormState>,
    pub(crate) notice: Option<Notice>,
    pub(crate) undo: Option<Undo>,
    pub(crate) lists: Lists,
}

/// Nothing else can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// Another tab runs the core.
    Elsewhere,
    /// This tab did until now.
    TakenOver,
    /// The platform stores nothing here.
    StorageRefused,
    /// What is stored was written by a newer app.
    TooNew,
}

/// What a person chose to see of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// A kind's code; empty for all.
    pub log_kind: String,
    pub log_member: Option<u32>,
    pub log_text: String,
    /// `open`, `mine` or `done`.
    pub task_filter: TaskFilter,
    /// How many windows of rows are shown.
    pub windows: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaskFilter {
    #[default]
    Open,
    Mine,
    Done,
}

impl TaskFilter {
    pub const ALL: [Self; 3] = [Self::Open, Self::Mine, Self::Done];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Done => "done",
        }
    }

    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.code() == code).unwrap_or_default()
    }
}

/// Something to say once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub icon: &'static str,
    pub text: String,
}

/// What was just kept, and how to take it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    pub replica: String,
    pub text: String,
    pub script: EditScript,
    pub details: Option<Action>,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            inbox: Inbox::default(),
            now_ms: 0,
            // Replaced by the entropy of every event before anything is drawn from it.
            rng: ChaCha20Rng::from_seed([0; 32]),
            launch: None,
            ready: false,
            blocked: None,
            early: Vec::new(),
            settings: Settings::default(),
            text: Text::default(),
            memberships: BTreeMap::new(),
            current: None,
            next_ordinal: 1,
            next_edit: 1,
            questions: BTreeMap::new(),
            next_question: 1,
            minute_alarm: 0,
            place: Place::default(),
            form: None,
            notice: None,
            undo: None,
            lists: Lists::default(),
        }
    }
}

impl Model {
    pub(crate) fn membership(&self) -> Option<&Membership> {
        self.memberships.get(self.current.as_ref()?)
    }

    pub(super) fn membership_mut(&mut self) -> Option<&mut Membership> {
        self.memberships.get_mut(self.current.as_ref()?)
    }

    /// The name of the person cared for in the circle on the screen, as far as it is known here.
    pub(crate) fn person(&self) -> String {
        let membership = self.membership();
        let shown = membership.and_then(|membership| membership.shown.as_ref());
        let known = self.settings.replicas.iter().find(|known| Some(&known.id) == self.current.as_ref());
        membership
            .and_then(|membership| membership.profile().person)
            .or_else(|| shown.map(|shown| shown.greeting.person.clone()))
            .or_else(|| known.map(|known| known.person.clone()))
            .filter(|person| !person.is_empty())
            .unwrap_or_else(|| self.text.get("circle-without-name"))
    }

    /// The circle's zone, else the device's.
    pub(crate) fn zone(&self) -> Zone {
        let profile = self.membership().and_then(|membership| membership.rows.profile(LIST_PROFILE));
        let of_circle = profile.and_then(|profile| profile.zone.as_deref());
        let of_device = self.launch.as_ref().map(|launch| launch.zone.as_str());
        of_circle.or(of_device).and_then(|name| name.parse().ok()).unwrap_or(Zone::UTC)
    }

    pub(crate) fn clock(&self) -> Clock<'_> {
        Clock { text: &self.text, zone: self.zone(), now_ms: self.now_ms }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.membership().is_some_and(|membership| membership.opened == Opened::Open)
    }

    pub(super) fn say(&mut self, tone: Tone, icon: &'static str, text: String) {
        self.notice = Some(Notice { tone, icon, text });
    }
}
