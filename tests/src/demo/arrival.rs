//! How the five people come into their circle.

use crate::phone::{Role, Stage};
use anyhow::{Context, Result};
use shared::Event;

/// Five phones in one circle. The first is the coordinator's.
pub struct Circle {
    pub phones: Vec<usize>,
}

pub const PEOPLE: [(&str, Role); 5] = [
    ("Anna", Role::Coordinator),
    ("Marie", Role::Caregiver),
    ("Priya", Role::Professional),
    ("Tom", Role::Helper),
    ("Joan", Role::Helper),
];

/// How long a step takes, in milliseconds of their time.
const STEP_MS: u64 = 1_000;

impl Circle {
    /// The first of `phones` starts the circle and brings the others in.
    pub fn gather(stage: &mut impl Stage, phones: &[usize]) -> Result<Self> {
        let host = phones[0];
        stage.person(host).start_circle("Rose", PEOPLE[0].0)?;
        pass(stage, phones);
        for (phone, (name, role)) in phones.iter().zip(PEOPLE).skip(1) {
            let link = link(stage, host, role, false)?;
            stage.person(*phone).open_link(&link);
            pass(stage, phones);
            stage.person(*phone).join(name)?;
            pass(stage, phones);
            let words = stage.person(*phone).sees()?.words();
            if !words.is_empty() {
                stage.person(host).admit(&words)?;
                pass(stage, phones);
                pass(stage, phones);
            }
            let tabs = stage.person(*phone).sees()?.0.tabs.len();
            anyhow::ensure!(tabs > 0, "{name} did not get in: {}", stage.person(*phone).sees()?.text());
        }
        Ok(Self { phones: phones.to_vec() })
    }
}

/// Makes an invitation and reads its link.
pub fn link(stage: &mut impl Stage, host: usize, role: Role, family: bool) -> Result<String> {
    stage.person(host).invite(role, family)?;
    pass(stage, &[host]);
    stage.person(host).link()?.context("the link did not come")
}

/// Time passes and everybody looks at their phone, which then sends and fetches what there is.
pub fn pass(stage: &mut impl Stage, phones: &[usize]) {
    stage.wait(STEP_MS);
    for phone in phones {
        stage.tell(*phone, Event::Foregrounded);
    }
}
