//! Thousands of mutants of real changes: none does harm, and what passes is as good as an honest change.

use super::engine::assert_same_reading;
use super::guard::Next;
use super::peers::{INCARNATION, Peers, script};
use crate::chunk::frame;
use crate::{Arrival, ChangeChunk, ChunkAction, ChunkId, ChunkOp, Document, Scalar, Step};

/// A repeatable row of numbers (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// A document with conflicts, deletes, old heads and an inner map; and what device 2 might send next, several ways.
fn scene() -> (Document, Vec<Vec<u8>>) {
    let mut peers = Peers::new(3);
    peers.share(1, [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")]);
    peers.share(
        2,
        [Step::make(["items", "b"]), Step::put(["items", "b", "n"], 5_i64), Step::put(["meta", "v"], true)],
    );
    for device in 1..=3 {
        peers.edit(device, [Step::put(["items", "a", "text"], format!("by {device}"))]);
    }
    peers.settle();
    let old = peers.clone();
    peers.share(3, [Step::put(["items", "b", "n"], 6_i64), Step::make(["items", "a", "in"])]);
    peers.share(
        1,
        [Step::delete(["items", "b", "n"]), Step::put(["items", "a", "in", "k"], Scalar::Bytes(vec![1, 2]))],
    );
    let scripts: [Vec<Step>; 4] = [
        vec![
            Step::put(["items", "a", "text"], "chosen"),
            Step::put(["items", "b", "f"], Scalar::Float(36.6)),
        ],
        vec![
            Step::make(["items", "c"]),
            Step::put(["items", "c", "a"], 1_i64),
            Step::put(["items", "c", "b"], 1_u64),
        ],
        vec![Step::delete(["items", "a", "text"]), Step::delete(["meta", "v"])],
        (0..5).map(|at| Step::put(["items", "a", &format!("k{at}")], Scalar::Null)).collect(),
    ];
    let mut changes = Vec::new();
    for from in [&old, &peers] {
        for steps in &scripts {
            let edited = from.clone().of(2).edit(2, INCARNATION, &script(steps.clone()), 99).unwrap();
            changes.push(edited.unwrap().change);
        }
    }
    (peers.of(1).clone(), changes)
}

fn entry(changes: &[&[u8]]) -> Arrival {
    let changes = changes.iter().map(|change| change.to_vec()).collect();
    Arrival { device: 2, incarnation: INCARNATION, changes, k: 60, stamp: 60 }
}

/// Lets a mutant in and, when the guard does, lives with it: apply, read, edit, save, load, read again.
fn survive(document: &Document, change: &[u8]) -> bool {
    let mut document = document.clone();
    let before = document.heads();
    let Ok(arrived) = document.arrive(&entry(&[change])) else {
        assert_eq!(document.heads(), before);
        return false;
    };
    assert!(!arrived.ops.is_empty());
    assert_same_reading(&document);
    let steps = [
        Step::make(["items", "after"]),
        Step::put(["items", "after", "x"], "y"),
        Step::put(["meta", "after"], 9_i64),
    ];
    document.edit(3, INCARNATION, &script(steps), 1).unwrap().unwrap();
    assert!(!document.committed(1, 61, 61).is_empty());
    assert_same_reading(&document);
    let loaded = Document::load(&document.snapshot().unwrap()).unwrap();
    assert_eq!(loaded.heads(), document.heads());
    for id in document.items() {
        assert_eq!(loaded.item(id), document.item(id));
    }
    assert_same_reading(&loaded);
    true
}

#[test]
fn bytes_flipped_with_the_checksum_made_right_again() {
    let (document, changes) = scene();
    let mut dice = Dice(1);
    let mut passed = 0;
    for _ in 0..6_000 {
        let change = dice.pick(&changes);
        let head = if change.len() < 10 + 128 { 10 } else { 11 };
        let mut content = change[head..].to_vec();
        for _ in 0..=dice.below(3) {
            let at = dice.below(content.len());
            match dice.below(5) {
                0 => content[at] ^= 1 << dice.below(8),
                1 => content[at] = content[at].wrapping_add(1),
                2 => content[at] = dice.pick(&[0, 1, 0x7f, 0x80, 0xff]),
                3 => drop(content.remove(at)),
                _ => content.insert(at, dice.next().to_le_bytes()[0]),
            }
        }
        passed += usize::from(survive(&document, &frame(&content)));
    }
    // Flips inside a value pass, so the second half of `survive` was at work.
    assert!(passed > 20, "{passed}");
}

#[test]
fn bytes_flipped_anywhere() {
    let (document, changes) = scene();
    let mut dice = Dice(2);
    for _ in 0..3_000 {
        let mut change = dice.pick(&changes);
        let at = dice.below(change.len());
        change[at] ^= 1 << dice.below(8);
        assert!(!survive(&document, &change));
    }
}

#[test]
fn fields_changed_in_well_formed_chunks() {
    let (document, changes) = scene();
    let mut dice = Dice(3);
    let known = Known::of(&document, &changes);
    let mut passed = 0;
    for _ in 0..6_000 {
        let mut next = Next::of(ChangeChunk::read(&dice.pick(&changes)).unwrap());
        for _ in 0..=dice.below(3) {
            mutate(&mut next, &known, &mut dice);
        }
        passed += usize::from(survive(&document, &next.write()));
    }
    assert!(passed > 20, "{passed}");
}

#[test]
fn own_pending_edits_change_no_verdict() {
    let (document, changes) = scene();
    let mut with_pending = document.clone();
    for (n, device) in [(1_i64, 1), (2, 1), (3, 3)] {
        let steps = [
            Step::put(["items", "a", "text"], n),
            Step::put(["items", "b", "n"], n),
            Step::make(["items", "c"]),
        ];
        with_pending.edit(device, INCARNATION, &script(steps), n.unsigned_abs()).unwrap().unwrap();
    }
    let (mut dice, known) = (Dice(4), Known::of(&with_pending, &changes));
    let mut passed = 0;
    for _ in 0..3_000 {
        let mut next = Next::of(ChangeChunk::read(&dice.pick(&changes)).unwrap());
        for _ in 0..dice.below(3) {
            mutate(&mut next, &known, &mut dice);
        }
        let change = next.write();
        let verdict = |document: &Document| document.clone().arrive(&entry(&[&change]));
        let without = verdict(&document);
        passed += usize::from(without.is_ok());
        assert_eq!(verdict(&with_pending), without);
    }
    assert!(passed > 100 && passed < 2_900, "{passed}");
}

#[test]
fn what_came_before_a_failing_change_of_its_envelope_leaves_no_trace() {
    let (mut document, changes) = scene();
    let mut dice = Dice(5);
    let before: Vec<Vec<u8>> =
        (0..).zip(document.table.changes()).map(|(at, _)| document.table.chunk(at)).collect();
    for change in &changes {
        for _ in 0..20 {
            let broken = dice.pick(&changes);
            assert!(document.arrive(&entry(&[change, &broken])).is_err());
            assert_same_reading(&document);
        }
        assert!(survive(&document, change));
    }
    let after: Vec<Vec<u8>> =
        (0..).zip(document.table.changes()).map(|(at, _)| document.table.chunk(at)).collect();
    assert_eq!(after, before);
}

/// What a mutant may be put together from.
struct Known {
    hashes: Vec<[u8; 32]>,
    ids: Vec<ChunkId>,
    keys: Vec<&'static str>,
}

impl Known {
    fn of(document: &Document, changes: &[Vec<u8>]) -> Self {
        let accepted = document.table.changes();
        let mut chunks: Vec<ChangeChunk> = (0..)
            .zip(accepted)
            .map(|(at, _)| ChangeChunk::read(&document.table.chunk(at)).unwrap())
            .collect();
        chunks.extend(changes.iter().map(|change| ChangeChunk::read(change).unwrap()));
        let hashes = chunks.iter().map(|chunk| chunk.hash).chain([[9; 32]]).collect();
        let mut ids: Vec<ChunkId> = Vec::new();
        for chunk in &chunks {
            ids.extend(
                (chunk.start_op..=chunk.max_op).map(|counter| ChunkId { counter, actor: chunk.actor }),
            );
        }
        ids.push(ChunkId { counter: 3, actor: [8; 16] });
        Self { hashes, ids, keys: vec!["a", "b", "text", "n", "v", "in", "k", "items", "meta", "new", ""] }
    }
}

fn mutate(next: &mut Next, known: &Known, dice: &mut Dice) {
    match dice.below(10) {
        0 => next.seq = next.seq.wrapping_add(dice.pick(&[1, u64::MAX, 5])),
        1 => {
            next.start_op = dice.pick(&[
                next.start_op.wrapping_add(1),
                next.start_op.wrapping_sub(1),
                1,
                u64::from(u32::MAX),
                u64::MAX,
            ]);
        }
        2 => match dice.below(3) {
            0 => drop(next.deps.pop()),
            1 => next.deps.push(dice.pick(&known.hashes)),
            _ => {
                next.deps.push(dice.pick(&known.hashes));
                next.deps.sort_unstable();
            }
        },
        3 => {
            let at = dice.below(next.ops.len() + 1);
            let more = ChunkOp {
                obj: Some(dice.pick(&known.ids)),
                key: dice.pick(&known.keys).into(),
                action: dice.pick(&[
                    ChunkAction::Make,
                    ChunkAction::Delete,
                    ChunkAction::Put(Scalar::Int(4)),
                ]),
                pred: Vec::new(),
            };
            next.ops.insert(at, more);
        }
        4 if !next.ops.is_empty() => drop(next.ops.remove(dice.below(next.ops.len()))),
        5 if next.ops.len() > 1 => {
            let (one, other) = (dice.below(next.ops.len()), dice.below(next.ops.len()));
            next.ops.swap(one, other);
        }
        _ => {
            let at = dice.below(next.ops.len());
            if let Some(op) = next.ops.get_mut(at) {
                mutate_op(op, known, dice);
            }
        }
    }
}

fn mutate_op(op: &mut ChunkOp, known: &Known, dice: &mut Dice) {
    match dice.below(7) {
        0 => op.obj = if dice.below(3) == 0 { None } else { Some(dice.pick(&known.ids)) },
        1 => op.key = dice.pick(&known.keys).into(),
        2 => op.action = dice.pick(&[ChunkAction::Make, ChunkAction::Delete]),
        3 => {
            let floats = [f64::NAN, f64::INFINITY, -0.0].map(|float| ChunkAction::Put(Scalar::Float(float)));
            op.action = dice.pick(&floats);
        }
        4 => op.pred.push(dice.pick(&known.ids)),
        5 => drop(op.pred.pop()),
        _ => {
            op.pred.push(dice.pick(&known.ids));
            op.pred.sort_unstable();
        }
    }
}
