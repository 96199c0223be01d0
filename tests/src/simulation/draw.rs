//! Draws a plan from a seed: a family's hours with what befalls their phones, and what `troubles.rs` adds.

use super::{
    plan::{Forecast, MINUTE, Plan, Somebody, Step},
    troubles::Drawing,
};
use crate::phone::{PhoneKind, Role};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

impl Plan {
    pub fn draw(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let mut below = |n: u64| rng.next_u64() % n;
        let lasts_ms = (60 + below(240)) * MINUTE;
        let count = 3 + usize::try_from(below(4)).unwrap_or(0);
        let mut people: Vec<Somebody> = (0..count)
            .map(|index| {
                let role = match (index, below(2)) {
                    (0, _) => Role::Coordinator,
                    (1, _) => Role::Helper,
                    (2, _) | (_, 0) => Role::Caregiver,
                    _ => Role::Helper,
                };
                // Three of four circles are complete before the first thing goes wrong.
                let joins_ms = if index == 0 || below(4) > 0 { 0 } else { below(lasts_ms / 2) };
                Somebody {
                    name: NAMES[index % NAMES.len()].to_owned(),
                    role,
                    kind: if below(3) == 0 { PhoneKind::App } else { PhoneKind::Browser },
                    skew_ms: i64::try_from(below(180_000)).unwrap_or(0) - 90_000,
                    joins_ms,
                }
            })
            .collect();
        let mut steps = Vec::new();
        for _ in 0..count {
            // So that most circles have something to disagree about from the start.
            steps.push((below(MINUTE), 0, Step::LogNote));
            steps.push((below(MINUTE), 0, Step::AddTask { slots: 1 + below(2) }));
        }
        let deeds = (20 + below(60)) * u64::try_from(count).unwrap_or(3) / 3;
        for _ in 0..deeds {
            let who = usize::try_from(below(u64::try_from(count).unwrap_or(1))).unwrap_or(0);
            let at = MINUTE + below(lasts_ms);
            let step = match below(100) {
                0..7 => Step::QuickLog,
                7..17 => Step::LogNote,
                17..30 => Step::EditEntry(below(8)),
                30..33 => Step::ArchiveEntry(below(8)),
                33..38 => Step::AddTask { slots: 1 + below(3) },
                38..49 => Step::EditTaskNote(below(6)),
                49..60 => Step::Claim(below(6)),
                60..63 => Step::StandDown(below(6)),
                63..67 => Step::HandOver { task: below(6), to: below(6) },
                67..70 => Step::Done(below(6)),
                70..71 => Step::ArchiveTask(below(6)),
                71..74 => Step::ChooseVersion(below(8)),
                74..75 => Step::Look,
                75..78 => Step::Undo,
                78..81 => Step::CrashWhileKeeping,
                81..86 => Step::Reload,
                86..94 => {
                    let noticed = below(3) > 0;
                    steps.push((at + MINUTE + below(40 * MINUTE), who, Step::Online));
                    Step::Offline { noticed }
                }
                94..97 => {
                    steps.push((at + MINUTE + below(15 * MINUTE), who, Step::DiskFree));
                    Step::DiskFull
                }
                _ => Step::Weather(Forecast(below(1 << 20))),
            };
            steps.push((at, who, step));
        }
        let mut drawing = Drawing { rng, count, lasts_ms, steps };
        drawing.disagreements();
        drawing.troubles(&mut people);
        let Drawing { mut steps, .. } = drawing;
        // From seeds of their own, so that all else is as if there were neither.
        let rng = ChaCha20Rng::seed_from_u64(!seed);
        let mut closing = Drawing { rng, count, lasts_ms, steps: Vec::new() };
        closing.closing();
        steps.append(&mut closing.steps);
        let rng = ChaCha20Rng::seed_from_u64(seed.rotate_left(32) ^ 0x6d6f_7665);
        let mut moving = Drawing { rng, count, lasts_ms, steps: Vec::new() };
        moving.moving();
        steps.append(&mut moving.steps);
        steps.sort_by_key(|(at, who, _)| (*at, *who));
        Self { seed, people, steps, lasts_ms }
    }
}

const NAMES: [&str; 6] = ["Anna", "Joan", "Marie", "Tom", "Priya", "Sam"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_always_draws_the_same_plan_and_another_seed_another() {
        assert_eq!(Plan::draw(7), Plan::draw(7));
        assert_ne!(Plan::draw(7).steps, Plan::draw(8).steps);
    }
}
