//! The circle's own settings: its name and zone, who may invite, who stands in.

use super::{dispatch::Commands, state::Model};
use crate::event::FieldValue;
use kith_protocol::MemberNumber;
use kith_replica::Input;

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

    /// Who may invite and who stands in, if the form says otherwise than it is.
    fn keep_rules(&mut self) -> Commands {
        let access = self.membership().and_then(|membership| membership.replica.access());
        let Some((access, form)) = access.zip(self.form.as_ref()) else { return Commands::new() };
        let rules = access.settings();
        let caregivers_invite = match form.value("caregivers") {
            FieldValue::Flag(allowed) => *allowed,
            _ => rules.caregivers_invite,
        };
        let heir = match form.choice("heir") {
            Some(chosen) => chosen.parse().ok().map(MemberNumber),
            None => rules.heir,
        };
        if (caregivers_invite, heir) == (rules.caregivers_invite, rules.heir) {
            return Commands::new();
        }
        self.tell_current(Input::ChangeSettings { caregivers_invite, heir })
    }
}
