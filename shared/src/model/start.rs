//! Starting, opening circles, moving between them and between screens.

use super::{
    asking::Question,
    devices::Came,
    dispatch::Commands,
    membership::{Membership, Opened},
    navigation::route_of_path,
    settings::Settings,
    state::{Blocked, Model},
};
use crate::{
    effects::StorageOperation,
    event::{Event, Launch, Ownership, Platform, Route},
    text::{Locale, Text},
    view::Tone,
};
use crux_core::Command;
use crux_time::{
    TimeRequest,
    protocol::{Duration, TimerId},
};
use kith_replica::{CannotOpen, Input, Phase, Replica, ReplicaId, Transport};
use rand_core::Rng;
use std::sync::Arc;

/// The timer that moves "20 min ago" on.
const MINUTE: TimerId = TimerId(0);

impl Model {
    pub(super) fn start(&mut self, launch: Launch) -> Commands {
        self.text = Text::new(Locale::choose(&launch.languages));
        if launch.ownership == Ownership::Elsewhere {
            self.blocked = Some(Blocked::Elsewhere);
            self.launch = Some(launch);
            return Commands::new();
        }
        if let Some(route) = route_of_path(&launch.path) {
            self.place.open(route);
        }
        self.launch = Some(launch);
        let mut commands =
            self.ask(Question::Settings, StorageOperation::Read { keys: vec![Settings::KEY.to_vec()] });
        commands.extend(self.minute_passed(self.minute_alarm));
        commands
    }

    pub(super) fn minute_passed(&mut self, serial: u64) -> Commands {
        if serial != self.minute_alarm {
            return Commands::new();
        }
        self.minute_alarm += 1;
        let serial = self.minute_alarm;
        let request = TimeRequest::NotifyAfter { id: MINUTE, duration: Duration::from_secs(60) };
        let again =
            Command::request_from_shell(request).then_send(move |_| Event::Woke { replica: None, serial });
        let ids: Vec<String> = self.memberships.keys().cloned().collect();
        let mut commands: Commands = ids.iter().flat_map(|id| self.name_myself(id)).collect();
        commands.push(again);
        commands
    }

    pub(super) fn settings_read(&mut self, stored: Option<&[u8]>) -> Commands {
        if let Some(bytes) = stored {
            let Ok(settings) = minicbor::decode(bytes) else {
                self.blocked = Some(Blocked::TooNew);
                return Commands::new();
            };
            self.settings = settings;
        }
        self.ready = true;
        self.speak();
        self.current = self.current.take().or_else(|| self.settings.current.clone());
        let known: Vec<String> = self.settings.replicas.iter().map(|known| known.id.clone()).collect();
        let mut commands = Commands::new();
        for id in &known {
            if self.add_membership(id) {
                commands.extend(self.tell(id, Input::Open));
            }
        }
        if self.current.is_none() {
            self.current = known.first().cloned();
        }
        if self.current.is_none() && !onboards(self.place.top()) {
            self.place.open(Route::Welcome);
        }
        if self.current.is_none() {
            commands.extend(self.arrive());
        }
        commands.extend(self.finish_erasing());
        for event in std::mem::take(&mut self.early) {
            commands.extend(self.handle(event));
        }
        commands
    }

    /// The language of the texts, by the person's choice or the device's.
    pub(super) fn speak(&mut self) {
        let device = self.launch.as_ref().map(|launch| launch.languages.clone()).unwrap_or_default();
        let locale = self.settings.locale(&device);
        if locale != self.text.locale {
            self.text = Text::new(locale);
        }
    }

    pub(super) fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) -> Commands {
        change(&mut self.settings);
        self.speak();
        let encoded = minicbor::to_vec(&self.settings).unwrap_or_default();
        self.store(vec![(Settings::KEY.to_vec(), encoded)], Vec::new())
    }

    /// A replica under this name in memory; false when the name cannot be one.
    pub(super) fn add_membership(&mut self, id: &str) -> bool {
        let Some(replica_id) = ReplicaId::new(id) else { return false };
        // Phones without a socket of their own fall back to single requests by themselves.
        let transport = match self.launch.as_ref().map(|launch| launch.platform) {
            Some(Platform::Ios | Platform::Android) => Transport::Post,
            _ => Transport::Socket,
        };
        let replica = Replica::new(replica_id, Arc::new(kith_domain::Lists), transport);
        let mut membership = Membership::new(replica, self.next_ordinal);
        let known = self.settings.replicas.iter().find(|known| known.id == id);
        membership.came = Came::by(known.and_then(|known| known.invite.as_deref()).unwrap_or_default());
        self.memberships.insert(id.to_owned(), membership);
        self.next_ordinal += 1;
        true
    }

    pub(super) fn new_replica_id(&mut self) -> String {
        format!("{:016x}", self.rng.next_u64())
    }

    pub(super) fn opened(&mut self, id: &str) -> Commands {
        let Some(membership) = self.memberships.get_mut(id) else { return Commands::new() };
        let phase = membership.replica.phase();
        if membership.opened != Opened::Opening {
            // Opened again after joining: a direct link leads straight in.
            return if phase == Phase::Member { self.admitted(id) } else { Commands::new() };
        }
        let mut commands = self.reload_rows(id);
        commands.extend(self.ask_drawer(id));
        commands.extend(self.tell(id, Input::Connect));
        if self.current.as_deref() == Some(id) {
            match phase {
                Phase::Invited | Phase::Joining | Phase::Pairing => self.place.open(Route::Join),
                _ if matches!(self.place.top(), Route::Welcome | Route::Join) => {
                    self.place.open(Route::Today);
                }
                _ => {}
            }
        }
        commands
    }

    /// Every list of a circle is in memory: the screen one is on gets what it needs.
    pub(super) fn rows_ready(&mut self, id: &str) -> Commands {
        let Some(membership) = self.memberships.get_mut(id) else { return Commands::new() };
        membership.looked_from = membership.last_looked();
        membership.learn_names();
        let person = membership.profile().person.unwrap_or_default();
        if !person.is_empty() {
            self.settings.remember(id, &person);
        }
        let mut commands = self.name_myself(id);
        if self.current.as_deref() == Some(id) {
            commands.extend(self.await_idle(id));
        }
        // What was typed since stays.
        if self.current.as_deref() == Some(id) && self.form.is_none() {
            commands.extend(self.arrive());
        }
        commands
    }

    pub(super) fn rows_changed(&mut self, id: &str) -> Commands {
        let Some(membership) = self.memberships.get(id) else { return Commands::new() };
        let person = membership.profile().person.unwrap_or_default();
        let known = self.settings.replicas.iter().find(|known| known.id == id);
        if person.is_empty() || known.is_some_and(|known| known.person == person) {
            return self.refresh_history(id);
        }
        let id = id.to_owned();
        let mut commands = self.change_settings(|settings| settings.remember(&id, &person));
        commands.extend(self.refresh_history(&id));
        commands
    }

    pub(super) fn replica_missing(&mut self, id: &str) -> Commands {
        self.memberships.remove(id);
        if self.current.as_deref() == Some(id) {
            self.current = self.memberships.keys().next().cloned();
        }
        if self.current.is_none() {
            self.place.open(Route::Welcome);
        }
        let (gone, current) = (id.to_owned(), self.current.clone());
        self.change_settings(|settings| {
            settings.replicas.retain(|known| known.id != gone);
            settings.current = current;
        })
    }

    pub(super) fn cannot_open(&mut self, id: &str, why: CannotOpen) -> Commands {
        if let Some(membership) = self.memberships.get_mut(id) {
            membership.opened = Opened::Cannot(why);
        }
        Commands::new()
    }

    pub(super) fn set_aside(&mut self) -> Commands {
        self.say(Tone::Amber, "triangle-alert", self.text.get("notice-set-aside"));
        Commands::new()
    }

    pub(super) fn switch_circle(&mut self, id: &str) -> Commands {
        if !self.memberships.contains_key(id) {
            return Commands::new();
        }
        self.current = Some(id.to_owned());
        self.leave_screen();
        let phase = self.membership().map(|membership| membership.replica.phase());
        self.place.open(if matches!(phase, Some(Phase::Invited | Phase::Joining | Phase::Pairing)) {
            Route::Join
        } else {
            Route::Today
        });
        let id = id.to_owned();
        self.change_settings(|settings| settings.current = Some(id))
    }

    pub(super) fn path_opened(&mut self, path: &str) -> Commands {
        let Some(route) = route_of_path(path) else { return Commands::new() };
        if self.place.below() == Some(&route) {
            return self.go_back();
        }
        if *self.place.top() == route { Commands::new() } else { self.go(route) }
    }

    pub(super) fn go(&mut self, route: Route) -> Commands {
        let inside = self.current.is_some();
        if !inside && !onboards(&route) && !matches!(route, Route::Welcome | Route::About) {
            return Commands::new();
        }
        self.leave_screen();
        self.place.open(route);
        self.arrive()
    }

    pub(super) fn go_back(&mut self) -> Commands {
        self.leave_screen();
        if !self.place.back() {
            self.place.open(if self.current.is_some() { Route::Today } else { Route::Welcome });
        }
        self.arrive()
    }

    /// What appears for a moment stays until here.
    pub(super) fn leave_screen(&mut self) {
        self.undo = None;
        self.notice = None;
        self.form = None;
        self.lists.windows = 1;
        if let Some(membership) = self.membership_mut() {
            membership.history = None;
        }
    }

    /// What a screen needs when it is come to.
    pub(super) fn arrive(&mut self) -> Commands {
        match self.place.top().clone() {
            Route::LogEntry { id } | Route::TaskDetail { id } => self.open_history(&id),
            Route::NotShared => self.current.clone().map_or_else(Commands::new, |id| self.ask_drawer(&id)),
            Route::Log => self.fill_log_window(),
            _ => self.open_form(),
        }
    }
}

/// The screens on the way into a circle.
fn onboards(route: &Route) -> bool {
    matches!(route, Route::Start | Route::Paste | Route::Join | Route::SecondDevice | Route::Restore)
}
