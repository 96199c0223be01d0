//! What this device remembers by itself: appearance, language, which circles are on it.

use crate::{event::Theme, text::Locale};
use minicbor::{Decode, Encode};

/// Stored under `device/settings`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Settings {
    /// 0 as the device, 1 light, 2 dark, 3 night.
    #[n(0)]
    theme: u8,
    /// 0 stands for 100.
    #[n(1)]
    text_percent: u32,
    /// BCP 47; none follows the device.
    #[n(2)]
    pub language: Option<String>,
    #[n(3)]
    pub replicas: Vec<KnownReplica>,
    #[n(4)]
    pub current: Option<String>,
    /// Replicas that are being cleared from this device.
    #[cbor(n(5), default)]
    pub erasing: Vec<String>,
}

/// A membership on this device, with what can be said of it before it is open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct KnownReplica {
    #[n(0)]
    pub id: String,
    /// The cared-for person's name as last seen; empty until known.
    #[n(1)]
    pub person: String,
    /// The invitation it came by, so that a link opened twice does not lead to two memberships.
    #[n(2)]
    pub invite: Option<String>,
    /// The name the person joined under, until it stands in the circle.
    #[n(3)]
    pub name: Option<String>,
    /// Before this time (Unix milliseconds) nothing is said of what happens if the phone is lost.
    #[n(4)]
    pub remind_from: Option<u64>,
}

impl Settings {
    pub const KEY: &'static [u8] = b"device/settings";

    pub const TEXT_SIZES: [u32; 4] = [100, 125, 150, 200];

    pub fn theme(&self) -> Theme {
        match self.theme {
            1 => Theme::Light,
            2 => Theme::Dark,
            3 => Theme::Night,
            _ => Theme::System,
        }
    }

    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = match theme {
            Theme::System => 0,
            Theme::Light => 1,
            Theme::Dark => 2,
            Theme::Night => 3,
        };
    }

    pub fn text_percent(&self) -> u32 {
        if Self::TEXT_SIZES.contains(&self.text_percent) { self.text_percent } else { 100 }
    }

    pub fn set_text_percent(&mut self, percent: u32) {
        self.text_percent = percent;
    }

    pub fn locale(&self, device: &[String]) -> Locale {
        self.language.as_deref().and_then(Locale::from_tag).unwrap_or_else(|| Locale::choose(device))
    }

    pub fn came_by(&mut self, id: &str, invite: String) {
        if let Some(known) = self.replicas.iter_mut().find(|known| known.id == id) {
            known.invite = Some(invite);
        }
    }

    fn keep(&mut self, known: KnownReplica) {
        self.erasing.retain(|erasing| *erasing != known.id);
        self.replicas.push(known);
    }

    pub fn remember(&mut self, id: &str, person: &str) {
        match self.replicas.iter_mut().find(|known| known.id == id) {
            Some(known) => person.clone_into(&mut known.person),
            None => self.keep(KnownReplica {
                id: id.to_owned(),
                person: person.to_owned(),
                invite: None,
                name: None,
                remind_from: None,
            }),
        }
    }
}
