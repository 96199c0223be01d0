//! The ordinary days: what is logged on each, by whom and when. Drawn from a seed, the same every time.

use super::{
    words::{BREAKFASTS, DINNERS, DRINKS, NIGHTS, NOTES, VISITS},
    year::{ANNA, MARIE, PRIYA},
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use shared::FieldValue;

/// Something that somebody logs.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// Minutes after midnight, UTC.
    pub minute: u64,
    pub who: usize,
    pub kind: &'static str,
    pub fields: Vec<(&'static str, FieldValue)>,
}

/// What is logged on the day that lies so many days back.
pub fn of_day(back: u64) -> Vec<Logged> {
    let mut draw = Draw(ChaCha20Rng::seed_from_u64(0xd0e5 + back));
    // Marie has the nights and days from Friday on; who is awake writes.
    let who = if back % 7 < 3 { MARIE } else { ANNA };
    let mut logged = Vec::new();
    let mut log = |minute, kind, fields| logged.push(Logged { minute, who, kind, fields });
    if draw.once_in(2) {
        let minutes = 300 + draw.below(12) * 15;
        let quality = ["sound", "broken", "restless"][draw.index(3)];
        log(
            7 * 60 + draw.below(40),
            "sleep",
            vec![number("mins", minutes), chosen("quality", quality), text("note", draw.one(&NIGHTS))],
        );
    }
    log(
        8 * 60 + draw.below(50),
        "meal",
        vec![number("eaten", 1 + draw.below(4)), text("what", draw.one(&BREAKFASTS))],
    );
    log(
        9 * 60 + draw.below(90),
        "drink",
        vec![number("ml", 100 + 50 * draw.below(4)), text("what", draw.one(&DRINKS))],
    );
    if back % 7 != 2 {
        log(
            9 * 60 + draw.below(20),
            "dose",
            vec![text("medicine", "Furosemide"), text("dose", "40 mg, by mouth")],
        );
    }
    if draw.once_in(3) {
        let before = 4 + draw.below(4);
        let after = before - 2 - draw.below(2);
        log(
            15 * 60 + draw.below(200),
            "dose",
            vec![
                text("medicine", "Paracetamol"),
                text("dose", "500 mg, by mouth"),
                chosen("for", "pain"),
                number("before", before),
                number("after", after),
            ],
        );
    }
    log(
        13 * 60 + draw.below(60),
        "meal",
        vec![number("eaten", 1 + draw.below(4)), text("what", draw.one(&DINNERS))],
    );
    log(
        15 * 60 + draw.below(120),
        "drink",
        vec![number("ml", 100 + 50 * draw.below(4)), text("what", draw.one(&DRINKS))],
    );
    if draw.once_in(4) {
        let what = ["breath", "pain", "tired", "anxious"][draw.index(4)];
        log(
            17 * 60 + draw.below(60),
            "symptom",
            vec![chosen("what", what), number("score", 2 + draw.below(5))],
        );
    }
    if draw.once_in(3) {
        let mood = ["calm", "cheerful", "low", "confused", "calm"][draw.index(5)];
        log(18 * 60 + draw.below(60), "mood", vec![chosen("mood", mood)]);
    }
    if draw.once_in(2) {
        log(19 * 60 + draw.below(120), "note", vec![text("note", draw.one(&NOTES))]);
    }
    if draw.once_in(9) {
        let (who, said) = VISITS[draw.index(VISITS.len())];
        log(16 * 60 + draw.below(60), "visit", vec![text("who", who), text("said", said)]);
    }
    if back % 7 == 1 && draw.once_in(2) {
        let score = number("score", 1 + draw.below(3));
        let fields = vec![chosen("what", "breath"), score, chosen("rated", "pro")];
        logged.push(Logged { minute: 11 * 60 + draw.below(30), who: PRIYA, kind: "symptom", fields });
    }
    logged.sort_by_key(|one| one.minute);
    logged
}

struct Draw(ChaCha20Rng);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0.next_u64() % n
    }

    fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(u64::try_from(n).unwrap_or(1))).unwrap_or(0)
    }

    fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn one(&mut self, of: &[&'static str]) -> &'static str {
        of[self.index(of.len())]
    }
}

fn text(field: &'static str, words: &str) -> (&'static str, FieldValue) {
    (field, FieldValue::Text(words.to_owned()))
}

fn number(field: &'static str, n: u64) -> (&'static str, FieldValue) {
    (field, FieldValue::Number(i64::try_from(n).unwrap_or(0)))
}

fn chosen(field: &'static str, option: &str) -> (&'static str, FieldValue) {
    (field, FieldValue::Chosen(vec![option.to_owned()]))
}
