//! Cuts a failing plan short: people and steps are left out as long as it still fails.

use super::{
    plan::{Plan, Step},
    play::perform,
};

/// The most plans that are played to shorten one.
const MOST_TRIES: u32 = 400;

/// The shortest plan that was found to fail, which is the plan itself if nothing can be left out.
pub fn shrink(plan: &Plan) -> Plan {
    Shrinking { tries: 0, best: plan.clone() }.run()
}

struct Shrinking {
    tries: u32,
    best: Plan,
}

impl Shrinking {
    fn run(mut self) -> Plan {
        // Nothing after the last step that matters has to happen, and half of the steps are usually beside the point.
        let mut size = self.best.steps.len().div_ceil(2);
        while size > 0 && self.tries < MOST_TRIES {
            let mut from = 0;
            while from < self.best.steps.len() && self.tries < MOST_TRIES {
                let mut fewer = self.best.clone();
                let to = (from + size).min(fewer.steps.len());
                fewer.steps.drain(from..to);
                if !self.keep_if_failing(fewer) {
                    from += size;
                }
            }
            self.leave_out_people();
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
        self.fair();
        self.best
    }

    /// Leaves out who is not needed, from the last; the founder stays.
    fn leave_out_people(&mut self) {
        for who in (1..self.best.people.len()).rev() {
            let mut fewer = self.best.clone();
            fewer.people.remove(who);
            let left = fewer.steps.into_iter().filter(|(_, by, _)| *by != who);
            fewer.steps = left
                .filter_map(|(at, by, step)| Some((at, by - usize::from(by > who), step.without(who)?)))
                .collect();
            self.keep_if_failing(fewer);
        }
    }

    /// Clocks that are right, and everybody there from the start.
    fn fair(&mut self) {
        for who in 0..self.best.people.len() {
            let mut fairer = self.best.clone();
            (fairer.people[who].skew_ms, fairer.people[who].joins_ms) = (0, 0);
            if fairer != self.best {
                self.keep_if_failing(fairer);
            }
        }
        let mut fairer = self.best.clone();
        fairer.steps.retain(|(_, _, step)| !matches!(step, Step::Weather(_)));
        if fairer != self.best {
            self.keep_if_failing(fairer);
        }
    }

    fn keep_if_failing(&mut self, plan: Plan) -> bool {
        if self.tries >= MOST_TRIES {
            return false;
        }
        self.tries += 1;
        let fails = !perform(&plan).holds();
        if fails {
            self.best = plan;
        }
        fails
    }
}
