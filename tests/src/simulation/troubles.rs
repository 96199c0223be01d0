//! What is added to an ordinary day: people disagree, and in some circles worse happens.

use super::{
    forge::{Attack, Plant},
    plan::{MINUTE, Somebody, Step},
};
use crate::{network::Lie, phone::Role};
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;

/// What is added to an ordinary day.
pub(super) struct Drawing {
    pub rng: ChaCha20Rng,
    pub count: usize,
    pub lasts_ms: u64,
    pub steps: Vec<(u64, usize, Step)>,
}

impl Drawing {
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.rng.next_u64() % n.max(1)
    }

    pub(super) fn somebody(&mut self) -> usize {
        usize::try_from(self.below(self.count as u64)).unwrap_or(0)
    }

    pub(super) fn at(&mut self) -> u64 {
        MINUTE + self.below(self.lasts_ms)
    }

    /// Some minutes after `at`, below `most`.
    pub(super) fn later(&mut self, at: u64, most: u64) -> u64 {
        at + MINUTE + self.below(most * MINUTE)
    }

    pub(super) fn add(&mut self, at: u64, who: usize, step: Step) {
        self.steps.push((at, who, step));
    }

    /// Two people write the same text while both are cut off; then somebody chooses.
    pub fn disagreements(&mut self) {
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

    /// In seven circles of ten something worse happens, in some of them two or three such things.
    pub fn troubles(&mut self, people: &mut [Somebody]) {
        let troubles = [0, 0, 0, 1, 1, 1, 1, 2, 2, 3];
        for _ in 0..troubles[usize::try_from(self.below(10)).unwrap_or(0)] {
            match self.below(16) {
                0 => self.clocks(people),
                1 => self.old_disk(),
                2 => self.two_phones(),
                3 => self.old_server(),
                4 => self.two_histories(),
                5 | 6 => self.lies(),
                7 => self.plants(),
                8 => self.attacks(),
                9 | 10 => self.comings_and_goings(),
                11 | 12 => self.second_phone(),
                13 | 14 => self.lost_phone(),
                _ => self.silence(),
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
        let step = if then.is_multiple_of(2) { Step::RestoreServer } else { Step::TurnBackServer };
        self.add(then, 0, step);
    }

    fn two_histories(&mut self) {
        let (at, mask) = (self.at(), self.below(1 << self.count));
        self.add(at, 0, Step::Fork(mask));
        let then = self.later(at, 60);
        self.add(then, 0, Step::Join);
    }

    fn lies(&mut self) {
        for _ in 0..=self.below(5) {
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
        for _ in 0..3 + self.below(4) {
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

    /// What somebody writes within some minutes, on whichever phone they have in the hand.
    pub(super) fn writes(&mut self, at: u64, who: usize) {
        for _ in 0..3 {
            let (then, which) = (at + self.below(10 * MINUTE), self.below(4));
            let step = if which == 0 { Step::LogNote } else { Step::EditTaskNote(which) };
            self.add(then, who, step);
        }
    }

    /// Somebody takes another phone into use, writes on both, some cut off; and one of the two may be taken out again,
    /// by them or by a coordinator.
    fn second_phone(&mut self) {
        for _ in 0..=self.below(2) {
            let (who, at, drawn) = (self.somebody(), self.at(), self.below(20));
            self.add(at, who, Step::SecondPhone(drawn));
            self.writes(at + 2 * MINUTE, who);
            let look = self.later(at, 30);
            self.add(look, who, Step::Look);
            if self.below(3) > 0 {
                let then = self.later(at + 5 * MINUTE, 40);
                if self.below(2) == 0 {
                    self.add(then, who, Step::Offline { noticed: true });
                    let back = self.later(then + 12 * MINUTE, 15);
                    self.add(back, who, Step::Online);
                }
                self.writes(then, who);
                let by = if self.below(2) == 0 { 0 } else { who };
                let revoked = then + self.below(8 * MINUTE);
                self.add(revoked, by, Step::RevokePhone(who));
                self.writes(revoked, who);
            }
        }
    }

    /// Somebody loses a phone, most with a kit, comes back with it or by a link, takes the lost one out; and finds it again.
    fn lost_phone(&mut self) {
        let (who, at) = (self.somebody(), self.at());
        if self.below(3) > 0 {
            self.add(at, who, Step::MakeKit);
        }
        if self.below(4) == 0 {
            let (then, drawn) = (self.later(at, 30), self.below(20));
            self.add(then, who, Step::SecondPhone(drawn));
        }
        let look = self.later(at, 20);
        self.add(look, who, Step::Look);
        let lost = self.later(at, 60);
        self.writes(lost.saturating_sub(6 * MINUTE), who);
        self.add(lost, who, Step::LosePhone);
        self.writes(lost + 4 * MINUTE, who);
        if self.below(3) > 0 {
            let by = if self.below(3) == 0 { 0 } else { who };
            let then = self.later(lost + 4 * MINUTE, 30);
            self.add(then, by, Step::RevokePhone(who));
        }
        if self.below(3) > 0 {
            let then = self.later(lost, 60);
            self.add(then, who, Step::FindPhone);
            self.writes(then, who);
        }
    }

    /// The coordinators fall silent for a month, and the heir steps in.
    fn silence(&mut self) {
        let who = 1 + usize::try_from(self.below(self.count as u64 - 1)).unwrap_or(0);
        let at = self.at();
        self.add(at, 0, Step::NameHeir(who));
        let then = at + 2 * MINUTE;
        self.add(then, 0, Step::Offline { noticed: true });
        let days = 29 + self.below(6);
        self.add(then + MINUTE, who, Step::Sleep { days });
        self.add(then + 4 * MINUTE, who, Step::StepIn);
        let back = self.later(then + 5 * MINUTE, 20);
        self.add(back, 0, Step::Online);
    }

    /// A member turns on the others: never the one who started the circle.
    fn attacks(&mut self) {
        let who = 1 + usize::try_from(self.below(self.count as u64 - 1)).unwrap_or(0);
        let at = self.at();
        for _ in 0..3 + self.below(5) {
            let then = self.later(at, 20);
            let attack = Attack::ALL[usize::try_from(self.below(Attack::ALL.len() as u64)).unwrap_or(0)];
            self.add(then, who, Step::Attack(attack));
        }
    }
}
