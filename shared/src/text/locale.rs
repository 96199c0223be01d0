//! The four variants Kith speaks, and how one is chosen from what the device asks for.

/// A language and the country whose words and clock it uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    #[default]
    EnGb,
    EnCa,
    FrFr,
    FrCa,
}

impl Locale {
    pub const ALL: [Self; 4] = [Self::EnGb, Self::EnCa, Self::FrFr, Self::FrCa];

    /// BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::EnGb => "en-GB",
            Self::EnCa => "en-CA",
            Self::FrFr => "fr-FR",
            Self::FrCa => "fr-CA",
        }
    }

    /// Exactly this variant.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(tag))
    }

    /// The first of the person's languages that Kith speaks. North America gets the Canadian variants.
    pub fn choose(languages: &[String]) -> Self {
        for language in languages {
            let lower = language.to_ascii_lowercase();
            let american = lower.ends_with("-ca") || lower.ends_with("-us");
            match (lower.split('-').next(), american) {
                (Some("en"), false) => return Self::EnGb,
                (Some("en"), true) => return Self::EnCa,
                (Some("fr"), false) => return Self::FrFr,
                (Some("fr"), true) => return Self::FrCa,
                _ => {}
            }
        }
        Self::EnGb
    }

    pub const fn is_french(self) -> bool {
        matches!(self, Self::FrFr | Self::FrCa)
    }

    /// Fluent sources, the later ones over the earlier.
    pub(super) const fn sources(self) -> &'static [&'static str] {
        const EN: &str = include_str!("en.ftl");
        const EN_CA: &str = include_str!("en-CA.ftl");
        const FR: &str = include_str!("fr.ftl");
        const FR_CA: &str = include_str!("fr-CA.ftl");
        match self {
            Self::EnGb => &[EN],
            Self::EnCa => &[EN, EN_CA],
            Self::FrFr => &[FR],
            Self::FrCa => &[FR, FR_CA],
        }
    }
}
