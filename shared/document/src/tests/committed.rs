//! Own edits from pending to committed, over a restart, and on a device that was restored or cloned.

use super::engine::assert_same_reading;
use super::peers::{INCARNATION, Peers, new, script};
use crate::{Arrival, Document, Origin, Scalar, Step, Void};

fn arrival(k: u64, incarnation: u64, changes: Vec<Vec<u8>>) -> Arrival {
    Arrival { device: 1, incarnation, changes, k, stamp: k }
}

#[test]
fn an_own_edit_is_pending_until_its_place_is_known() {
    let mut document = new();
    let edit = |document: &mut Document, n, steps: Vec<Step>| {
        document.edit(1, INCARNATION, &script(steps), n).unwrap().unwrap()
    };
    edit(&mut document, 1, vec![Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")]);
    edit(&mut document, 2, vec![Step::put(["items", "a", "text"], "y")]);
    assert_eq!((document.pending(), document.snapshot()), (vec![1, 2], None));
    assert_eq!(document.item("a").unwrap().fields["text"][0].source.origin, Origin::Pending { n: 2 });

    // Both came back in one entry: places go on from the first edit to the second.
    let origins = |ops: Vec<crate::Op>| ops.into_iter().map(|op| op.source.origin).collect::<Vec<_>>();
    let place = |place| Origin::Committed { k: 5, place, stamp: 77 };
    assert_eq!(origins(document.committed(1, 5, 77)), [place(0), place(1)]);
    assert_eq!(origins(document.committed(2, 5, 77)), [place(2)]);
    assert_eq!(document.committed(2, 6, 78), []);
    assert!(!document.has_pending() && document.snapshot().is_some());
    assert_eq!(document.item("a").unwrap().fields["text"][0].source.origin, place(2));
}

#[test]
fn pending_changes_are_put_back_on_top_after_a_load() {
    let mut peers = Peers::new(2);
    peers.share(1, [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")]);
    let stored = peers.of(1).snapshot().unwrap();
    let first = peers.edit(1, [Step::put(["items", "a", "text"], "y")]).unwrap();
    let second = peers.edit(1, [Step::make(["items", "b"])]).unwrap();

    let mut loaded = Document::load(&stored).unwrap();
    assert_eq!(loaded.replay(1, INCARNATION, &second.change, 3), Err(Void::UnknownDep));
    assert_eq!(loaded.replay(1, INCARNATION, &first.change, 2).unwrap(), first);
    assert_eq!(loaded.replay(1, INCARNATION, &second.change, 3).unwrap(), second);
    assert_eq!(loaded.heads(), peers.of(1).heads());
    assert_eq!(loaded.pending(), peers.of(1).pending());
    assert_same_reading(&loaded);
}

#[test]
fn withdrawing_leaves_the_committed_document() {
    let mut peers = Peers::new(2);
    peers.share(1, [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")]);
    let committed = peers.of(2).clone();
    peers.edit(1, [Step::put(["items", "a", "text"], "pending")]);
    // Somebody else's entry comes between, and stays.
    peers.edit(2, [Step::put(["items", "a", "note"], "other")]);
    peers.send(2);
    peers.receive(1, 9);
    peers.receive(2, 9);
    let document = peers.of(1);
    assert_eq!(document.withdraw_pending(), [2]);
    assert_eq!(document.withdraw_pending(), [0_u64; 0]);
    assert_same_reading(document);
    assert_ne!(document.heads(), committed.heads());
    let (one, two) = (peers.of(1).clone(), peers.of(2).clone());
    assert_eq!((one.heads(), one.item("a")), (two.heads(), two.item("a")));
    // The rebase: the same script under a new incarnation.
    let steps = [Step::put(["items", "a", "text"], "pending")];
    let edited = peers.of(1).edit(1, 99, &script(steps), 2).unwrap().unwrap();
    assert_eq!(edited.ops[0].replaced, [Scalar::from("x")]);
    assert!(peers.of(2).arrive(&arrival(3, 99, vec![edited.change])).is_ok());
}

#[test]
fn a_restored_device_takes_in_what_it_wrote_before() {
    // The backup holds the edit as pending; the server has it already.
    let mut document = new();
    let steps = [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")];
    let first = document.edit(1, INCARNATION, &script(steps), 1).unwrap().unwrap();
    let second =
        document.edit(1, INCARNATION, &script([Step::put(["items", "a", "text"], "y")]), 2).unwrap().unwrap();
    let arrived = document.arrive(&arrival(1, INCARNATION, vec![first.change.clone()])).unwrap();
    assert_eq!((arrived.withdrawn, arrived.ops.len(), document.has_pending()), (vec![1, 2], 2, false));
    assert_eq!(document.replay(1, INCARNATION, &first.change, 1), Err(Void::OwnHistory));
    assert_eq!(document.replay(1, INCARNATION, &second.change, 2).unwrap().ops.len(), 1);
    assert_same_reading(&document);
}

#[test]
fn a_clone_that_wrote_something_else_meanwhile_loses_nothing_that_others_have() {
    let mut original = new();
    let mut twin = original.clone();
    let mine = [Step::make(["items", "a"])];
    let other = [Step::make(["items", "b"])];
    original.edit(1, INCARNATION, &script(mine), 1).unwrap().unwrap();
    let theirs = twin.edit(1, INCARNATION, &script(other), 1).unwrap().unwrap();
    let entries = [arrival(1, INCARNATION, vec![theirs.change]), arrival(2, INCARNATION, vec![])];
    let results = original.arrive_many(&entries);
    assert_eq!(results[0].as_ref().unwrap().withdrawn, [1]);
    assert_eq!(original.items().collect::<Vec<_>>(), ["b"]);
    assert_same_reading(&original);
}

#[test]
fn nobody_builds_on_what_is_pending_elsewhere() {
    // Only somebody who got hold of an unsent change could; for everybody else its dep is unknown, so it is here too.
    let mut document = new();
    let pending = document.edit(1, INCARNATION, &script([Step::make(["items", "a"])]), 1).unwrap().unwrap();
    let mut other = new();
    other.arrive(&arrival(1, INCARNATION, vec![pending.change])).unwrap();
    let on_top = other.edit(2, INCARNATION, &script([Step::make(["items", "b"])]), 1).unwrap().unwrap();
    let entry = Arrival { device: 2, incarnation: INCARNATION, changes: vec![on_top.change], k: 1, stamp: 1 };
    assert_eq!(document.arrive(&entry), Err(Void::UnknownDep));
    assert_eq!(new().arrive(&entry), Err(Void::UnknownDep));
    assert_eq!(document.pending(), [1]);
}
