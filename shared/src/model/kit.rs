//! The recovery kit: made, checked against the paper, and used to come back in.

use super::{devices::Came, dispatch::Commands, onboarding::host_of, state::Model};
use crate::{event::Route, view::Tone};
use kith_protocol::{
    DeviceNumber,
    kit::{Kit, KitError},
};
use kith_replica::Input;
use rand_core::Rng;

/// A recovery kit on its way to paper. Its words are in memory only, until they were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitMaking {
    pub device: DeviceNumber,
    pub words: Vec<&'static str>,
    pub link: String,
    /// The three places that are asked back, ascending, from 0.
    pub asked: [usize; 3],
}

impl Model {
    /// Keeps the form with the words of a kit.
    pub(super) fn restore(&mut self) -> Commands {
        let host = self.launch.as_ref().map(|launch| host_of(&launch.origin)).unwrap_or_default();
        match Kit::parse(&self.form_text("words"), &host) {
            Ok(kit) => self.restored_by(kit),
            Err(error) => {
                let fault = self.kit_fault(&error);
                self.set_fault("words", fault);
                Commands::new()
            }
        }
    }

    pub(super) fn restored_by(&mut self, kit: Kit) -> Commands {
        let start = kit.circle.bytes().iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        self.begin(Came::Restored, format!("kit-{start:016x}"), Input::RestoreFromKit { kit })
    }

    fn kit_fault(&self, error: &KitError) -> String {
        match error {
            KitError::Malformed => self.text.get("kit-fault-malformed"),
            KitError::NoSeed => self.text.get("link-cut-off"),
            KitError::Count(n) => self.text.with("kit-fault-count", &[("n", (*n).into())]),
            KitError::Unknown { place, word } => {
                self.text.with("kit-fault-word", &[("n", (*place).into()), ("word", word.into())])
            }
            KitError::Checksum => self.text.get("kit-fault-checksum"),
        }
    }

    pub(super) fn make_kit(&mut self) -> Commands {
        let request = self.next_edit;
        self.next_edit += 1;
        self.tell_current(Input::MakeKit { request })
    }

    pub(super) fn kit_ready(
        &mut self,
        id: &str,
        device: DeviceNumber,
        words: Vec<&'static str>,
        link: String,
    ) -> Commands {
        let asked = self.three_of(words.len());
        // Of several that wait, the newest is the one that is on the screen.
        let known = |kit: &KitMaking| kit.device >= device;
        let membership = self.memberships.get_mut(id);
        if let Some(membership) = membership.filter(|one| !one.kit.as_ref().is_some_and(known)) {
            membership.kit = Some(KitMaking { device, words, link, asked });
        }
        Commands::new()
    }

    /// Three different places below `n`, ascending.
    fn three_of(&mut self, n: usize) -> [usize; 3] {
        let mut left: Vec<usize> = (0..n).collect();
        let mut chosen = [0; 3];
        for place in &mut chosen {
            let random = usize::try_from(self.rng.next_u32()).unwrap_or(0);
            if !left.is_empty() {
                *place = left.swap_remove(random % left.len());
            }
        }
        chosen.sort_unstable();
        chosen
    }

    pub(super) fn check_kit(&mut self) -> Commands {
        self.go(Route::KitCheck)
    }

    /// Keeps the form with the three words: when they are right, the kit's words are forgotten here, and older kits
    /// count no more.
    pub(super) fn kit_checked(&mut self) -> Commands {
        let Some(KitMaking { device: checked, words, asked, .. }) =
            self.membership().and_then(|membership| membership.kit.clone())
        else {
            return self.go(Route::Kit);
        };
        let mut right = true;
        for place in asked {
            let field = format!("word-{place}");
            let typed = self.form_text(&field);
            if words.get(place).is_none_or(|word| plain(word) != plain(&typed)) {
                let fault = self.text.with("kit-check-fault", &[("n", place.saturating_add(1).into())]);
                self.set_fault(&field, fault);
                right = false;
            }
        }
        if !right {
            return Commands::new();
        }
        let mut older = self.membership().map(super::Membership::kits).unwrap_or_default();
        older.retain(|device| *device < checked);
        if let Some(membership) = self.membership_mut() {
            membership.kit = None;
        }
        let mut commands = self.tell_current(Input::KitKept { device: checked });
        for device in older {
            commands.extend(self.tell_current(Input::RevokeDevice { device }));
        }
        self.leave_screen();
        self.place.open(Route::Devices);
        self.say(Tone::Leaf, "check", self.text.get("notice-kit-kept"));
        commands.extend(self.arrive());
        commands
    }
}

/// A word without accents and capitals, as somebody may type it from paper.
fn plain(word: &str) -> String {
    let bare = |letter: char| match letter {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    let letters = word.trim().chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter));
    letters.flat_map(char::to_lowercase).map(bare).collect()
}
