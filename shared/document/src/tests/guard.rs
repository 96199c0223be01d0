//! The guard's rules, one by one, each broken by a change that is right in everything else.

use super::engine::assert_same_reading;
use super::peers::{CIRCLE, INCARNATION, Peers, name};
use crate::chunk::{ChunkError, NewChange, frame, write};
use crate::{Arrival, ChangeChunk, ChunkAction, ChunkId, ChunkOp, Document, Scalar, Step, Void, actor};

/// Bytes before the content of a short chunk: magic, checksum, type, a length below 128.
const HEAD: usize = 10;

/// A change that may still be bent out of shape.
#[derive(Debug, Clone)]
pub(super) struct Next {
    pub(super) deps: Vec<[u8; 32]>,
    pub(super) actor: [u8; 16],
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) ops: Vec<ChunkOp>,
}

impl Next {
    pub(super) fn of(chunk: ChangeChunk) -> Self {
        let ChangeChunk { deps, actor, seq, start_op, ops, .. } = chunk;
        Self { deps, actor, seq, start_op, ops }
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let Self { deps, actor, seq, start_op, ops } = self;
        write(NewChange { deps, actor: *actor, seq: *seq, start_op: *start_op, ops })
    }
}

/// The chunk of a device's next change: by itself it sets `items/a/new`.
pub(super) fn raw(document: &Document, device: u32, bend: impl FnOnce(&mut Next)) -> Vec<u8> {
    let actor = actor(&CIRCLE, device, &name(), INCARNATION);
    let seq = document.table.actor(&actor).map_or(0, |actor| actor.changes.len() as u64) + 1;
    let obj = Some(item_id(document));
    let op = ChunkOp { obj, key: "new".into(), action: ChunkAction::Put(Scalar::Int(1)), pred: Vec::new() };
    let mut next =
        Next { deps: document.heads(), actor, seq, start_op: document.table.max_op() + 1, ops: vec![op] };
    bend(&mut next);
    next.write()
}

/// The op that made `items/a`, which device 1 always does first.
fn item_id(document: &Document) -> ChunkId {
    let counter = document.item("a").unwrap().born.unwrap().counter;
    ChunkId { counter, actor: actor(&CIRCLE, 1, &name(), INCARNATION) }
}

fn peers() -> Peers {
    let mut peers = Peers::new(2);
    peers.share(1, [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")]);
    peers.share(2, [Step::put(["items", "a", "text"], "y")]);
    peers
}

fn arrive(document: &mut Document, device: u32, changes: &[Vec<u8>]) -> Result<(), Void> {
    let arrival = Arrival { device, incarnation: INCARNATION, changes: changes.to_vec(), k: 50, stamp: 50 };
    let before = (document.heads(), document.item("a"));
    let arrived = document.arrive(&arrival).map(drop);
    assert_eq!(arrived.is_err(), before == (document.heads(), document.item("a")));
    assert_same_reading(document);
    arrived
}

fn verdict(bend: impl FnOnce(&mut Next)) -> Result<(), Void> {
    let mut peers = peers();
    let change = raw(peers.of(1), 2, bend);
    arrive(peers.of(1), 2, &[change])
}

fn op(next: &mut Next) -> &mut ChunkOp {
    &mut next.ops[0]
}

#[test]
fn a_change_that_keeps_the_rules_is_taken() {
    assert_eq!(verdict(|_| ()), Ok(()));
}

#[test]
fn rule_1_the_chunk() {
    let mut peers = peers();
    let change = raw(peers.of(1), 2, |_| ());
    let document = peers.of(1);
    let mut check =
        |bytes: Vec<u8>, error| assert_eq!(arrive(document, 2, &[bytes]), Err(Void::Chunk(error)));
    check([&change[..], &[0]].concat(), ChunkError::LeftOver);
    check(change[..change.len() - 1].to_vec(), ChunkError::Truncated);
    check(Vec::new(), ChunkError::Truncated);
    let with = |at: usize, byte: u8| {
        let mut bytes = change.clone();
        bytes[at] = byte;
        bytes
    };
    check(with(0, 0), ChunkError::Magic);
    check(with(4, change[4] ^ 1), ChunkError::Checksum);
    check(with(8, 2), ChunkError::Type(2));
    check(with(20, change[20] ^ 1), ChunkError::Checksum);
    check(vec![0; (1 << 20) + 1], ChunkError::TooLong);
    assert_eq!(arrive(document, 2, &vec![change.clone(); 1_001]), Err(Void::TooManyChanges));
    assert_eq!(arrive(document, 2, &[change]), Ok(()));
}

#[test]
fn rule_1_runs_that_stand_for_too_much() {
    let put = |next: &mut Next, count: usize| {
        let op = op(next).clone();
        next.ops = (0..count).map(|at| ChunkOp { key: format!("k{at}").into(), ..op.clone() }).collect();
    };
    // Without preds an op has a value in seven columns.
    assert_eq!(verdict(|next| put(next, 4_096 / 7)), Ok(()));
    assert_eq!(verdict(|next| put(next, 4_096 / 7 + 1)), Err(Void::Chunk(ChunkError::Runs)));
}

#[test]
fn rule_2_actor_time_message_and_extra_bytes() {
    assert_eq!(verdict(|next| next.actor = [9; 16]), Err(Void::Actor));
    let mut peers = peers();
    let change = raw(peers.of(1), 2, |_| ());
    let document = peers.of(1);
    // After one dep, the actor, seq and start_op come the time and the message's length.
    let (content, time, message) = (&change[HEAD..], 1 + 32 + 17 + 2, 1 + 32 + 17 + 3);
    assert_eq!(content[time..=message], [0, 0]);
    let mut timed = content.to_vec();
    timed[time] = 1;
    assert_eq!(arrive(document, 2, &[frame(&timed)]), Err(Void::Extras));
    let mut told = content.to_vec();
    told[message] = 1;
    told.insert(message + 1, b'!');
    assert_eq!(arrive(document, 2, &[frame(&told)]), Err(Void::Extras));
    let extra = [content, &[1, 2, 3]].concat();
    assert_eq!(arrive(document, 2, &[frame(&extra)]), Err(Void::Extras));
    assert_eq!(arrive(document, 2, &[frame(content)]), Ok(()));
}

#[test]
fn rule_3_deps() {
    assert_eq!(verdict(|next| next.deps.clear()), Err(Void::DepsOrder));
    assert_eq!(verdict(|next| next.deps = vec![next.deps[0]; 2]), Err(Void::DepsOrder));
    assert_eq!(verdict(|next| next.deps = vec![[9; 32]]), Err(Void::UnknownDep));
    let backwards = |next: &mut Next| {
        next.deps.push(crate::GENESIS_HASH);
        next.deps.sort_unstable_by(|one, next| next.cmp(one));
    };
    assert_eq!(verdict(backwards), Err(Void::DepsOrder));
    let older = |next: &mut Next| next.deps = vec![crate::GENESIS_HASH];
    assert_eq!(verdict(older), Err(Void::OwnHistory));
}

#[test]
fn rule_4_seq_and_start_op() {
    assert_eq!(verdict(|next| next.seq += 1), Err(Void::Seq));
    assert_eq!(verdict(|next| next.seq -= 1), Err(Void::Seq));
    assert_eq!(verdict(|next| next.start_op += 1), Err(Void::StartOp));
    assert_eq!(verdict(|next| next.start_op -= 1), Err(Void::StartOp));
    assert_eq!(verdict(|next| next.start_op = u64::from(u32::MAX)), Err(Void::StartOp));
    assert_eq!(verdict(|next| next.start_op = u64::MAX), Err(Void::Chunk(ChunkError::Number)));
    assert_eq!(verdict(|next| next.start_op = 0), Err(Void::StartOp));
    assert_eq!(verdict(|next| next.ops.clear()), Err(Void::Empty));
}

#[test]
fn rule_5_objects_keys_and_values() {
    let unknown = ChunkId { counter: 900, actor: [9; 16] };
    assert_eq!(verdict(|next| op(next).obj = Some(unknown)), Err(Void::Object));
    // What a put made is no map, and neither is what comes only later in the change.
    let on_a_value = |next: &mut Next| op(next).obj.as_mut().unwrap().counter += 1;
    assert_eq!(verdict(on_a_value), Err(Void::Object));
    let on_itself =
        |next: &mut Next| op(next).obj = Some(ChunkId { counter: next.start_op, actor: next.actor });
    assert_eq!(verdict(on_itself), Err(Void::Object));
    assert_eq!(verdict(|next| op(next).key = "".into()), Err(Void::Key));
    assert_eq!(verdict(|next| op(next).key = "k".repeat(256).into()), Ok(()));
    assert_eq!(verdict(|next| op(next).key = "k".repeat(257).into()), Err(Void::Key));
    let text = |length| ChunkAction::Put(Scalar::Text("x".repeat(length)));
    assert_eq!(verdict(|next| op(next).action = text(1 << 16)), Ok(()));
    assert_eq!(verdict(|next| op(next).action = text((1 << 16) + 1)), Err(Void::ValueLength));
}

#[test]
fn rule_5_maps_nest_only_so_deep() {
    let nest = |next: &mut Next, count: u64| {
        let (start_op, actor, first) = (next.start_op, next.actor, op(next).clone());
        next.ops = (0..count)
            .map(|at| {
                let above = at.checked_sub(1).map(|above| ChunkId { counter: start_op + above, actor });
                ChunkOp { obj: above.or(first.obj), action: ChunkAction::Make, ..first.clone() }
            })
            .collect();
    };
    // The item has depth 2.
    assert_eq!(verdict(|next| nest(next, 14)), Ok(()));
    assert_eq!(verdict(|next| nest(next, 15)), Err(Void::Depth));
}

#[test]
fn rule_6_pred_is_what_the_writer_saw() {
    let text = |next: &mut Next| op(next).key = "text".into();
    assert_eq!(verdict(text), Err(Void::Pred));
    let second = |next: &Next| ChunkId { counter: 5, actor: next.actor };
    let right = |next: &mut Next| {
        text(next);
        op(next).pred = vec![second(next)];
    };
    assert_eq!(verdict(right), Ok(()));
    let of_another_key = |next: &mut Next| op(next).pred = vec![second(next)];
    assert_eq!(verdict(of_another_key), Err(Void::Pred));
    let replaced_before = |next: &mut Next| {
        right(next);
        let first = ChunkId { counter: 4, actor: op(next).obj.unwrap().actor };
        op(next).pred = vec![first];
    };
    assert_eq!(verdict(replaced_before), Err(Void::Pred));
    let twice = |next: &mut Next| {
        right(next);
        op(next).pred = vec![second(next); 2];
    };
    assert_eq!(verdict(twice), Err(Void::Pred));
    assert_eq!(verdict(|next| op(next).action = ChunkAction::Delete), Err(Void::NothingToDelete));
    let own = |next: &mut Next, pred: u64| {
        let again = ChunkOp { pred: vec![ChunkId { counter: pred, actor: next.actor }], ..op(next).clone() };
        next.ops.push(again);
    };
    assert_eq!(verdict(|next| own(next, next.start_op)), Ok(()));
    assert_eq!(verdict(|next| own(next, next.start_op + 1)), Err(Void::Pred));
}

#[test]
fn rule_6_at_older_deps() {
    // Device 2 wrote while it had seen only device 1's first change; device 1 has gone on since.
    let mut peers = Peers::new(2);
    peers.share(1, [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")]);
    let old = peers.of(2).clone();
    peers.share(1, [Step::put(["items", "a", "text"], "y")]);
    let seen = ChunkId { counter: 4, actor: item_id(&old).actor };
    let written = |pred: Vec<ChunkId>| {
        raw(&old, 2, |next| {
            op(next).key = "text".into();
            op(next).pred = pred;
        })
    };
    let now = ChunkId { counter: 5, ..seen };
    for wrong in [vec![], vec![now], vec![seen, now]] {
        assert_eq!(arrive(peers.of(1), 2, &[written(wrong)]), Err(Void::Pred));
    }
    assert_eq!(arrive(peers.of(1), 2, &[written(vec![seen])]), Ok(()));
    assert_eq!(peers.of(1).item("a").unwrap().fields["text"].len(), 2);
}

#[test]
fn rule_7_another_form_of_the_same_content() {
    let mut peers = peers();
    let change = raw(peers.of(1), 2, |_| ());
    let document = peers.of(1);
    // The action column says `-1 1`, one literal; `1 1`, a run of one, stands for the same.
    let at = change.windows(4).rposition(|bytes| bytes == [1, 0x7f, 1, 0x7f]).unwrap() + 1;
    let mut content = change[HEAD..].to_vec();
    content[at - HEAD] = 1;
    assert_eq!(ChangeChunk::read(&frame(&content)).unwrap().ops, ChangeChunk::read(&change).unwrap().ops);
    assert_eq!(arrive(document, 2, &[frame(&content)]), Err(Void::Form));
}

#[test]
fn one_failing_change_voids_its_envelope_and_no_other() {
    let mut peers = peers();
    let good = raw(peers.of(1), 2, |_| ());
    let hash = ChangeChunk::read(&good).unwrap().hash;
    let bad = raw(peers.of(1), 2, |next| {
        (next.seq, next.start_op, next.deps) = (next.seq + 1, next.start_op + 1, vec![hash]);
        op(next).pred = vec![];
    });
    let document = peers.of(1);
    let before = document.heads();
    let entry = |k, changes: &[&Vec<u8>]| Arrival {
        device: 2,
        incarnation: INCARNATION,
        changes: changes.iter().copied().cloned().collect(),
        k,
        stamp: k,
    };
    let entries = [entry(3, &[&good, &bad]), entry(4, &[&good]), entry(5, &[&good])];
    let results = document.arrive_many(&entries);
    assert_eq!(results[0], Err(Void::Pred));
    assert_eq!(results[1].as_ref().unwrap().ops.len(), 1);
    assert_eq!(results[2], Err(Void::OwnHistory));
    assert_ne!(document.heads(), before);
    assert_same_reading(document);
}

#[test]
fn should_automerge_ever_refuse_what_the_guard_let_pass_the_document_stays_as_it_was() {
    let mut peers = peers();
    peers.edit(1, [Step::put(["items", "a", "text"], "pending")]);
    let document = peers.of(1);
    let before = (document.heads(), document.item("a"), document.pending());
    let count = document.table.changes().len();
    assert_eq!(document.apply_recorded(count, vec![b"no change".to_vec()]), Err(Void::Engine));
    assert_eq!((document.heads(), document.item("a"), document.pending()), before);
    assert_same_reading(document);
    let change = raw(peers.of(2), 2, |_| ());
    assert_eq!(arrive(peers.of(1), 2, &[change]), Ok(()));
}
/// Why rule 6 has it (docs/adr/0022). When this fails, Automerge has changed.
#[test]
fn a_delete_of_nothing_would_give_a_save_that_does_not_load() {
    let mut peers = peers();
    let change = raw(peers.of(1), 2, |next| op(next).action = ChunkAction::Delete);
    let mut engine = super::engine::engine(peers.of(1));
    engine.apply_changes([automerge::Change::try_from(&change[..]).unwrap()]).unwrap();
    assert!(automerge::Automerge::load(&engine.save()).is_err());
}
