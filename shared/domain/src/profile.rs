//! The person cared for, as the circle's coordinators wrote: name, zone, phase and language.

use kith_document::{EditScript, Item, Op, Origin, Step};
use kith_zones::Zone;

use crate::lawful::{Author, Law};
use crate::{Members, Role, parse_zone, profile_document};

/// What `commons/profile` says. A field is none until a coordinator wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    pub person: Option<String>,
    /// IANA name of the circle's time zone.
    pub zone: Option<String>,
    pub phase: Phase,
    /// BCP 47 tag.
    pub language: Option<String>,
}

/// Where the circle is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    #[default]
    Caring,
    LastDays,
    Bereavement,
}

impl Phase {
    /// Stored; also the end of its text key: `phase-caring`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Caring => "caring",
            Self::LastDays => "last-days",
            Self::Bereavement => "bereavement",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Caring, Self::LastDays, Self::Bereavement].into_iter().find(|phase| phase.code() == code)
    }
}

impl Profile {
    /// Reads the `meta` map of `commons/profile`; what others than coordinators wrote is ignored. `history` are the
    /// map's ops, or nothing: then what was written over without the right reads as if never written.
    pub fn read(meta: &Item, members: &dyn Members, history: &[Op]) -> Self {
        let law = Law::new(members, history);
        let may = |writer: &Author, _: &Origin| writer.role == Some(Role::Coordinator);
        let text = |field: &str| {
            let versions = law.standing(&["meta"], meta, field, &may);
            versions.first().and_then(|version| version.value.as_text().map(str::to_owned))
        };
        Self {
            person: text("person"),
            zone: text("zone").filter(|zone| parse_zone(zone).is_some()),
            phase: text("phase").and_then(|code| Phase::parse(&code)).unwrap_or_default(),
            language: text("lang"),
        }
    }

    /// The circle's zone; UTC until one was written.
    pub fn time_zone(&self) -> Zone {
        self.zone.as_deref().and_then(parse_zone).unwrap_or(Zone::UTC)
    }
}

/// Writes name, zone (IANA) and language (BCP 47) of the circle. Coordinators only.
pub fn set(person: &str, zone: &str, language: &str, now_ms: u64) -> EditScript {
    let steps = vec![
        Step::put(["meta", "at"], now_ms),
        Step::put(["meta", "person"], person),
        Step::put(["meta", "zone"], zone),
        Step::put(["meta", "lang"], language),
    ];
    EditScript { document: profile_document(), intent: "profile.set".to_owned(), steps }
}

/// Enters a phase. Coordinators only.
pub fn set_phase(phase: Phase, now_ms: u64) -> EditScript {
    let steps = vec![Step::put(["meta", "at"], now_ms), Step::put(["meta", "phase"], phase.code())];
    EditScript { document: profile_document(), intent: "profile.phase".to_owned(), steps }
}
