//! The circle's own settings: its name and zone, who may invite, who stands in, and its keys.

use super::{dispatch::Commands, membership::Membership, state::Model};
use crate::{event::FieldValue, view::Tone};
use kith_protocol::{MemberNumber, Stream};
use kith_replica::{Heir, Input, SettingsChange};

/// The option of a person field that names none.
pub const NOBODY: &str = "nobody";

impl Model {
    pub(super) fn keep_circle_settings(&mut self) -> Commands {
        let person = self.form_text("person");
        if !self.check_name("person", &person) {
            return Commands::new();
        }
        let zone = self.form_text("zone");
        if zone.parse::<kith_zones::Zone>().is_err() {
            let fault = self.text.get("fault-zone");
            self.set_fault("zone", fault);
            return Commands::new();
        }
        let language = self.membership().and_then(|membership| membership.profile().language);
        let language = language.unwrap_or_else(|| self.text.locale.tag().to_owned());
        let script = kith_domain::profile::set(&person, &zone, &language, self.now_ms);
        let said = self.text.get("kept-circle");
        let mut commands = self.keep_rules();
        commands.extend(self.write_and_leave(script, said));
        commands
    }

    /// Everybody gets new keys of all that the circle shares.
    pub(super) fn renew_keys(&mut self) -> Commands {
        if !self.membership().is_some_and(Membership::is_coordinator) {
            return Commands::new();
        }
        let mut commands = self.tell_current(Input::RotateKeys { streams: Stream::SHARED.to_vec() });
        commands.extend(self.go_back());
        let said = self.text.get("notice-locks");
        self.say(Tone::Leaf, "check", said);
        commands
    }

    /// Who may invite and who stands in, as far as the form was changed: what it showed of the rest may be old by now.
    fn keep_rules(&mut self) -> Commands {
        let Some(form) = self.form.as_ref() else { return Commands::new() };
        let caregivers_invite = match form.value("caregivers") {
            FieldValue::Flag(allowed) if form.changed("caregivers") => Some(*allowed),
            _ => None,
        };
        let heir = form.choice("heir").filter(|_| form.changed("heir"));
        let heir = heir.map(|chosen| Heir::from(chosen.parse().ok().map(MemberNumber)));
        if caregivers_invite.is_none() && heir.is_none() {
            return Commands::new();
        }
        self.tell_current(Input::ChangeSettings(SettingsChange { caregivers_invite, heir }))
    }
}
