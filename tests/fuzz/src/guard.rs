//! Changes of a member who means harm, against a document with conflicts, deletes and old heads. What the guard lets
//! through is applied, read, edited, saved and loaded; none of it may panic, differ or take long.

use std::sync::LazyLock;

use kith_document::{Arrival, ChangeChunk, Document, DocumentName, EditScript, Scalar, Step};
use sha2::{Digest, Sha256};

const CIRCLE: [u8; 32] = [7; 32];
const INCARNATION: u64 = 1;
/// The device that means harm.
const FOREIGN: u32 = 2;

/// The first byte says how many changes come (1 to 3) and whether they come framed as they are or get a right frame
/// around them; before each stands its length (u16, little endian).
pub fn run(data: &[u8]) {
    let Some((how, mut rest)) = data.split_first() else { return };
    let mut changes = Vec::new();
    for _ in 0..=(how >> 1) % 3 {
        let Some((length, behind)) = rest.split_first_chunk::<2>() else { break };
        let (content, next) = behind.split_at(usize::from(u16::from_le_bytes(*length)).min(behind.len()));
        changes.push(if how & 1 == 0 { frame(content) } else { content.to_vec() });
        rest = next;
    }
    live_with(changes);
}

fn live_with(changes: Vec<Vec<u8>>) {
    for change in &changes {
        drop(ChangeChunk::read(change));
    }
    let mut document = SCENE.document.clone();
    let before = document.heads();
    let arrival = Arrival { device: FOREIGN, incarnation: INCARNATION, changes, k: 60, stamp: 60 };
    // A reader with edits of its own that wait comes to the same verdict.
    let mut waiting = document.clone();
    edit(
        &mut waiting,
        1,
        vec![Step::put(["items", "a", "text"], "waits"), Step::put(["meta", "w"], 1_i64)],
        7,
    );
    let verdict = document.arrive(&arrival);
    let other = waiting.arrive(&arrival);
    assert_eq!(verdict.as_ref().err(), other.as_ref().err(), "what waits here changed the verdict");
    if verdict.is_err() {
        assert_eq!(document.heads(), before, "a void entry left a trace");
        return;
    }
    for document in [&mut document, &mut waiting] {
        read(document);
        let steps = vec![
            Step::make(["items", "after"]),
            Step::put(["items", "after", "x"], "y"),
            Step::put(["meta", "after"], 9_i64),
        ];
        edit(document, 3, steps, 1);
        assert!(!document.committed(1, 61, 61).is_empty());
    }
    let loaded = Document::load(&document.snapshot().unwrap()).unwrap();
    assert_eq!(loaded.heads(), document.heads(), "it loads as something else");
    for id in document.items() {
        assert_eq!(loaded.item(id), document.item(id));
    }
}

fn read(document: &Document) {
    for id in document.items() {
        assert!(document.item(id).is_some());
    }
    drop(document.meta());
}

fn edit(document: &mut Document, device: u32, steps: Vec<Step>, n: u64) -> Vec<u8> {
    let script = EditScript { document: name(), intent: "fuzz".into(), steps };
    document.edit(device, INCARNATION, &script, n).unwrap().unwrap().change
}

fn name() -> DocumentName {
    DocumentName::parse("care/log-2026-11").unwrap()
}

/// The head of a change chunk around its content, with the checksum right.
fn frame(content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![1];
    let mut length = content.len();
    while length >= 0x80 {
        hashed.push(0x80 | u8::try_from(length & 0x7f).unwrap());
        length >>= 7;
    }
    hashed.push(u8::try_from(length).unwrap());
    hashed.extend_from_slice(content);
    let checksum = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat()
}

struct Scene {
    document: Document,
    /// What the foreign device might honestly send next.
    next: Vec<Vec<u8>>,
}

static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let mut document = Document::new(name(), CIRCLE);
    let mut k = 0;
    let mut take = |document: &mut Document, device: u32, change: Vec<u8>| {
        k += 1;
        let arrival =
            Arrival { device, incarnation: INCARNATION, changes: vec![change], k, stamp: 1_000 + k };
        document.arrive(&arrival).unwrap();
    };
    let make =
        |document: &Document, device: u32, steps: Vec<Step>| edit(&mut document.clone(), device, steps, 1);
    let share = make(&document, 1, vec![Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")]);
    take(&mut document, 1, share);
    let share = make(
        &document,
        2,
        vec![
            Step::make(["items", "b"]),
            Step::put(["items", "b", "n"], 5_i64),
            Step::put(["meta", "v"], true),
        ],
    );
    take(&mut document, 2, share);
    let at_once: Vec<Vec<u8>> = (1..=3)
        .map(|device| {
            make(&document, device, vec![Step::put(["items", "a", "text"], format!("by {device}"))])
        })
        .collect();
    for (device, change) in (1..).zip(at_once) {
        take(&mut document, device, change);
    }
    let old = document.clone();
    let share =
        make(&document, 3, vec![Step::put(["items", "b", "n"], 6_i64), Step::make(["items", "a", "in"])]);
    take(&mut document, 3, share);
    let share = make(
        &document,
        1,
        vec![
            Step::delete(["items", "b", "n"]),
            Step::put(["items", "a", "in", "k"], Scalar::Bytes(vec![1, 2])),
        ],
    );
    take(&mut document, 1, share);
    let scripts = [
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
    let next = [&old, &document]
        .into_iter()
        .flat_map(|from| scripts.iter().map(|steps| make(from, FOREIGN, steps.clone())))
        .collect();
    Scene { document, next }
});

pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for change in &SCENE.next {
        // The head is magic, checksum, kind and a length of one byte or two.
        let content = &change[if change.len() < 10 + 128 { 10 } else { 11 }..];
        for (how, bytes) in [(0, content), (1, &change[..])] {
            let length = u16::try_from(bytes.len()).unwrap().to_le_bytes();
            seeds.push([&[how], &length[..], bytes].concat());
        }
    }
    seeds
}
