//! Draws a plan from a seed: a family's hours with what befalls their phones, and, in some circles, worse.

use super::{
    forge::{Attack, Plant},
    plan::{Forecast, MINUTE, Plan, Somebody, Step},
};
use crate::{
    network::Lie,
    phone::{PhoneKind, Role},
};
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
                71..75 => Step::ChooseVersion(below(8)),
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
        steps.sort_by_key(|(at, who, _)| (*at, *who));
        Self { seed, people, steps, lasts_ms }
    }
}

/// What is added to an ordinary day.
struct Drawing {
    rng: ChaCha20Rng,
    count: usize,
    lasts_ms: u64,
    steps: Vec<(u64, usize, Step)>,
}

impl Drawing {
    fn below(&mut self, n: u64) -> u64 {
        self.rng.next_u64() % n.max(1)
    }

    fn somebody(&mut self) -> usize {
        usize::try_from(self.below(self.count as u64)).unwrap_or(0)
    }

    fn at(&mut self) -> u64 {
        MINUTE + self.below(self.lasts_ms)
    }

    /// Some minutes after `at`, below `most`.
    fn later(&mut self, at: u64, most: u64) -> u64 {
        at + MINUTE + self.below(most * MINUTE)
    }

    fn add(&mut self, at: u64, who: usize, step: Step) {
        self.steps.push((at, who, step));
    }

    /// Two people write the same text while both are cut off; then somebody chooses.
    fn disagreements(&mut self) {
        for _ in 0..=self.below(3) {
            let (one, other) = (self.somebody(), self.somebody());
            if one == other {
                continue;
            }
            let (at, task) = (self.at(), self.below(3));
            for who in [one, other] {
                self.add(at, who, Step::Offline { noticed: true });
                let then = at + MINUTE + self.below(MINUTE);
                self.add(then, who, Step::EditTaskNote(task));
                let then = at + 3 * MINUTE + self.below(MINUTE);
                self.add(then, who, Step::Online);
            }
            for _ in 0..2 {
                let (who, which) = (self.somebody(), self.below(8));
                let then = self.later(at + 5 * MINUTE, 20);
                self.add(then, who, Step::ChooseVersion(which | 1));
            }
        }
    }

    /// In half of the circles something worse happens, in some of them two such things.
    fn troubles(&mut self, people: &mut [Somebody]) {
        let troubles = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2];
        for _ in 0..troubles[usize::try_from(self.below(10)).unwrap_or(0)] {
            match self.below(10) {
                0 => self.clocks(people),
                1 => self.old_disk(),
                2 => self.two_phones(),
                3 => self.old_server(),
                4 => self.two_histories(),
                5 => self.lies(),
                6 => self.plants(),
                7 => self.attacks(),
                _ => self.comings_and_goings(),
            }
        }
    }

    /// Somebody's clock is wrong by days.
    fn clocks(&mut self, people: &mut [Somebody]) {
        let who = self.somebody();
        let hours = i64::try_from(self.below(240)).unwrap_or(0) - 120;
        if let Some(one) = people.get_mut(who) {
            one.skew_ms = hours * 60 * 60_000;
        }
    }

    fn old_disk(&mut self) {
        let (who, at) = (self.somebody(), self.at());
        self.add(at, who, Step::BackUpPhone);
        let then = self.later(at, 90);
        self.add(then, who, Step::RestorePhone);
    }

    fn two_phones(&mut self) {
        let (who, at) = (self.somebody(), self.at());
        self.add(at, who, Step::ClonePhone);
        for _ in 0..6 {
            let (then, text) = (self.later(at, 60), self.below(4));
            let step = if text == 0 { Step::LogNote } else { Step::EditTaskNote(text) };
            self.add(then, who, step);
        }
    }

    fn old_server(&mut self) {
        let at = self.at();
        self.add(at, 0, Step::BackUpServer);
        let then = self.later(at, 90);
        self.add(then, 0, Step::RestoreServer);
    }

    fn two_histories(&mut self) {
        let (at, mask) = (self.at(), self.below(1 << self.count));
        self.add(at, 0, Step::Fork(mask));
        let then = self.later(at, 60);
        self.add(then, 0, Step::Join);
    }

    fn lies(&mut self) {
        for _ in 0..=self.below(3) {
            let (who, at) = (self.somebody(), self.at());
            let lie = Lie::ALL[usize::try_from(self.below(Lie::ALL.len() as u64)).unwrap_or(0)];
            self.add(at, who, Step::Lie(lie));
            if lie == Lie::WrongKeys {
                // Keys come to who gets new ones.
                self.add(at + MINUTE / 2, who, Step::Reload);
            }
            let then = self.later(at, 40);
            self.add(then, who, Step::Truth);
        }
    }

    fn plants(&mut self) {
        for _ in 0..=self.below(3) {
            let (who, by, at) = (self.somebody(), self.somebody(), self.at());
            let what = Plant::ALL[usize::try_from(self.below(Plant::ALL.len() as u64)).unwrap_or(0)];
            self.add(at, who, Step::Plant { by, what });
        }
    }

    /// Somebody is taken out, goes, gets another role or comes, while they and others write on, some cut off.
    fn comings_and_goings(&mut self) {
        for _ in 0..=self.below(3) {
            let who = 1 + usize::try_from(self.below(self.count as u64 - 1)).unwrap_or(0);
            let (at, by) = (self.at(), if self.below(4) == 0 { self.somebody() } else { 0 });
            let role = [Role::Coordinator, Role::Caregiver, Role::Professional, Role::Helper, Role::Friend];
            let role = role[usize::try_from(self.below(5)).unwrap_or(0)];
            if self.below(2) == 0 {
                self.add(at, who, Step::Offline { noticed: true });
                let then = self.later(at, 15);
                self.add(then, who, Step::Online);
            }
            for _ in 0..3 {
                let (then, which) = (at + self.below(10 * MINUTE), self.below(4));
                let step = if which == 0 { Step::LogNote } else { Step::EditTaskNote(which) };
                self.add(then, who, step);
            }
            let then = at + self.below(8 * MINUTE);
            let step = match self.below(7) {
                0 | 1 => Step::Remove(who),
                2 | 3 => Step::SetRole { of: who, role },
                4 => Step::Newcomer(role),
                5 => Step::UseLink,
                _ => Step::Leave,
            };
            let by = if matches!(step, Step::Leave | Step::UseLink) { who } else { by };
            self.add(then, by, step);
            if self.below(4) == 0 {
                self.add(then + MINUTE, by, Step::CancelInvite);
            }
        }
    }

    /// A member turns on the others: never the one who started the circle.
    fn attacks(&mut self) {
        let who = 1 + usize::try_from(self.below(self.count as u64 - 1)).unwrap_or(0);
        let at = self.at();
        for _ in 0..=self.below(4) {
            let then = self.later(at, 20);
            let attack = Attack::ALL[usize::try_from(self.below(Attack::ALL.len() as u64)).unwrap_or(0)];
            self.add(then, who, Step::Attack(attack));
        }
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
