//! What happens in one simulation, as data: decided before anything happens, so that it can be printed, cut shorter and
//! played again. `draw.rs` makes one from a seed.

use super::forge::{Attack, Plant};
use crate::{
    network::{Lie, Weather},
    phone::{PhoneKind, Role},
};
use anyhow::Result;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write};

pub(super) const MINUTE: u64 = 60_000;

/// Somebody who takes part; the first founds the circle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Somebody {
    pub name: String,
    pub role: Role,
    pub kind: PhoneKind,
    /// How far their phone's clock is ahead, in milliseconds.
    pub skew_ms: i64,
    /// When they are invited, in milliseconds after the start.
    pub joins_ms: u64,
}

/// What somebody does, or what befalls their phone. Numbers choose among what there is at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    QuickLog,
    LogNote,
    EditEntry(u64),
    ArchiveEntry(u64),
    AddTask {
        slots: u64,
    },
    EditTaskNote(u64),
    Claim(u64),
    StandDown(u64),
    HandOver {
        task: u64,
        to: u64,
    },
    Done(u64),
    ArchiveTask(u64),
    ChooseVersion(u64),
    Undo,
    /// The app goes down while something is being kept.
    CrashWhileKeeping,
    Reload,
    /// Reception goes; `noticed` if the platform tells the app.
    Offline {
        noticed: bool,
    },
    Online,
    DiskFull,
    DiskFree,
    /// The weather of the whole network changes.
    Weather(Forecast),
    /// What is on the phone's disk is copied away.
    BackUpPhone,
    /// The phone's disk is again what was copied away.
    RestorePhone,
    /// A second phone is set up from this one's disk, and both go on.
    ClonePhone,
    /// The operator copies the server's store away.
    BackUpServer,
    /// The operator lets the server go on from the copy, and marks it as restored.
    RestoreServer,
    /// The server goes on from the copy, and nobody tells it.
    TurnBackServer,
    /// The server shows another history to those whose bit is set.
    Fork(u64),
    /// The server shows one history again.
    Join,
    /// The server begins to lie to this phone.
    Lie(Lie),
    /// The server tells this phone the truth again.
    Truth,
    /// The server, in league with member `by`, places an entry for this phone that breaks one check.
    Plant {
        by: usize,
        what: Plant,
    },
    /// This member's phone is taken apart, and its keys send this.
    Attack(Attack),
    /// A coordinator takes a member out.
    Remove(usize),
    /// A coordinator gives a member another role.
    SetRole {
        of: usize,
        role: Role,
    },
    /// Goes.
    Leave,
    /// Somebody new, or somebody again with another phone, is to be invited.
    Newcomer(Role),
    /// The link of this member, who used it, is opened on another phone.
    UseLink,
    /// An invitation that stands is taken back.
    CancelInvite,
    /// Looks at what came since the last time, which is kept for all phones of this person.
    Look,
    /// Another phone of this person comes in by a link and four words. The number says what comes between.
    SecondPhone(u64),
    /// A recovery kit is made, checked and kept; an older one counts no more.
    MakeKit,
    /// A phone is lost. Who has a kit sets up another phone with it.
    LosePhone,
    /// A phone that was lost is found and switched on.
    FindPhone,
    /// One of this member's phones is taken out, by themselves or by a coordinator.
    RevokePhone(usize),
    /// A coordinator names who stands in when the coordinators fall silent.
    NameHeir(usize),
    /// The heir becomes coordinator, if the app offers it.
    StepIn,
    /// A coordinator tells everybody that the circle will be closed.
    AnnounceClosing,
    /// A coordinator takes that back.
    KeepOpen,
    /// A coordinator closes the circle, for good.
    CloseCircle,
    /// A coordinator moves the circle to another server.
    MoveCircle,
    /// Nobody does anything for so many days, and their phones sleep.
    Sleep {
        days: u64,
    },
}

impl Step {
    /// Whether it is something that a person does with a phone in the hand.
    pub fn is_deed(self) -> bool {
        let with_phones = matches!(
            self,
            Self::Look | Self::SecondPhone(_) | Self::MakeKit | Self::RevokePhone(_) | Self::LosePhone
        );
        self < Self::CrashWhileKeeping || with_phones
    }

    /// The same step when a person is left out of the plan: none if it is about that person.
    pub(super) fn without(self, who: usize) -> Option<Self> {
        let other = |of: usize| (of != who).then(|| of - usize::from(of > who));
        Some(match self {
            Self::Plant { by, what } => Self::Plant { by: other(by)?, what },
            Self::Remove(of) => Self::Remove(other(of)?),
            Self::SetRole { of, role } => Self::SetRole { of: other(of)?, role },
            Self::RevokePhone(of) => Self::RevokePhone(other(of)?),
            Self::NameHeir(of) => Self::NameHeir(other(of)?),
            step => step,
        })
    }
}

/// Weather as a plan holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Forecast(pub u64);

impl Forecast {
    pub fn weather(self) -> Weather {
        match self.0 {
            0 => Weather::FAIR,
            seed => Weather::draw(&mut ChaCha20Rng::seed_from_u64(seed)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub seed: u64,
    pub people: Vec<Somebody>,
    /// (milliseconds after the start, who, what), in order.
    pub steps: Vec<(u64, usize, Step)>,
    /// How long it goes on before everything comes to rest, in milliseconds.
    pub lasts_ms: u64,
}

impl Plan {
    /// As a file: JSON, with one person and one step a line, so that it can be edited by hand.
    pub fn to_text(&self) -> Result<String> {
        let mut text = format!("{{\"seed\": {}, \"lasts_ms\": {},\n\"people\": [", self.seed, self.lasts_ms);
        for (index, one) in self.people.iter().enumerate() {
            write!(text, "{}\n{}", if index > 0 { "," } else { "" }, serde_json::to_string(one)?)?;
        }
        text.push_str("],\n\"steps\": [");
        for (index, step) in self.steps.iter().enumerate() {
            write!(text, "{}\n{}", if index > 0 { "," } else { "" }, serde_json::to_string(step)?)?;
        }
        text.push_str("]}\n");
        Ok(text)
    }

    /// What [`Self::to_text`] wrote, or somebody by hand. Steps of nobody are left out.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut plan: Self = serde_json::from_str(text)?;
        anyhow::ensure!(!plan.people.is_empty(), "a plan needs people");
        let count = plan.people.len();
        plan.steps.retain(|(_, who, _)| *who < count);
        plan.steps.sort_by_key(|(at, who, _)| (*at, *who));
        Ok(plan)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, {} minutes", self.seed, self.lasts_ms / MINUTE)?;
        for (index, one) in self.people.iter().enumerate() {
            writeln!(
                f,
                "  {index} {} ({:?}, {:?}), clock {:+} s, joins at {} s",
                one.name,
                one.role,
                one.kind,
                one.skew_ms / 1000,
                one.joins_ms / 1000
            )?;
        }
        for (at, who, step) in &self.steps {
            writeln!(f, "  {:>7.1} s  {:<6} {step:?}", *at as f64 / 1000.0, self.people[*who].name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_being_written_and_read() {
        let plan = Plan::draw(7);
        assert_eq!(Plan::from_text(&plan.to_text().unwrap()).unwrap(), plan);
    }
}
