//! What becomes of a whole circle in some plans: it is closed, or it moves to another server.

use super::{
    plan::{MINUTE, Step},
    troubles::Drawing,
};
use crate::phone::Role;

impl Drawing {
    /// In one circle of twelve: it is going to be closed; a coordinator takes that back, or it is closed once a week has passed, while some
    /// are cut off and write on.
    pub fn closing(&mut self) {
        if self.below(12) > 0 {
            return;
        }
        let at = self.at();
        self.add(at, 0, Step::AnnounceClosing);
        if self.below(2) == 0 {
            let then = self.later(at, 20);
            self.add(then, 0, Step::KeepOpen);
            if self.below(2) == 0 {
                return;
            }
            self.add(then + 2 * MINUTE, 0, Step::AnnounceClosing);
        }
        let days = 6 + self.below(4);
        let week = at + 25 * MINUTE;
        self.add(week, 0, Step::Sleep { days });
        let who = self.somebody();
        let noticed = self.below(2) == 0;
        if who > 0 && self.below(2) == 0 {
            self.add(week + MINUTE, who, Step::Offline { noticed });
            let back = self.later(week + 8 * MINUTE, 15);
            self.add(back, who, Step::Online);
        }
        self.writes(week + MINUTE, who);
        self.add(week + 4 * MINUTE, 0, Step::CloseCircle);
        self.writes(week + 5 * MINUTE, who);
    }

    /// In one circle of eight: it moves to another server, while some are cut off and write, an app goes down, somebody is
    /// invited just before.
    pub fn moving(&mut self) {
        if self.below(8) > 0 {
            return;
        }
        let at = self.at();
        for _ in 0..self.below(3) {
            // Whoever moves it needs reception for that.
            let who = 1 + usize::try_from(self.below(self.count as u64 - 1)).unwrap_or(0);
            let (before, noticed) = (at.saturating_sub(self.below(10 * MINUTE)), self.below(2) == 0);
            self.add(before, who, Step::Offline { noticed });
            self.writes(before, who);
            let back = self.later(at, 40);
            self.add(back, who, Step::Online);
        }
        if self.below(3) == 0 {
            self.add(at.saturating_sub(MINUTE / 2), 0, Step::Newcomer(Role::Caregiver));
        }
        self.add(at, 0, Step::MoveCircle);
        if self.below(3) == 0 {
            let (then, who) = (at + self.below(MINUTE / 2), self.somebody());
            self.add(then, who, Step::Reload);
        }
        let who = self.somebody();
        self.writes(at, who);
    }
}
