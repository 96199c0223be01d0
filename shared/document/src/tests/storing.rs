//! Storing a document and having it again.

use super::engine::assert_same_reading;
use super::peers::{INCARNATION, Peers, new, script};
use crate::{Document, SnapshotError, Step};

fn peers() -> Peers {
    let mut peers = Peers::new(2);
    peers.share(1, [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "x")]);
    peers.edit(1, [Step::put(["items", "a", "text"], "y")]);
    peers.edit(1, [Step::put(["items", "a", "note"], "z")]);
    peers.edit(2, [Step::put(["items", "a", "text"], "w")]);
    peers.settle();
    peers
}

#[test]
fn a_loaded_document_is_the_stored_one() {
    let mut peers = peers();
    for device in 1..=2 {
        let stored = peers.of(device).snapshot().unwrap();
        let mut loaded = Document::load(&stored).unwrap();
        let document = peers.of(device);
        assert_eq!(loaded.name(), document.name());
        assert_eq!(
            (loaded.heads(), loaded.item("a"), loaded.meta()),
            (document.heads(), document.item("a"), document.meta())
        );
        assert_same_reading(&loaded);
        // It goes on as if it had never been stored.
        let edit = |document: &mut Document| {
            let steps = [Step::put(["items", "a", "text"], "later"), Step::make(["items", "b"])];
            let edited = document.edit(device, INCARNATION, &script(steps), 9).unwrap().unwrap();
            (edited, document.committed(9, 4, 9))
        };
        assert_eq!(edit(&mut loaded), edit(document));
    }
}

#[test]
fn a_new_document_is_stored_too() {
    let loaded = Document::load(&new().snapshot().unwrap()).unwrap();
    assert_eq!((loaded.heads(), loaded.items().count()), (vec![crate::GENESIS_HASH], 0));
}

#[test]
fn damaged_or_newer_bytes_are_told_and_never_handed_to_automerge() {
    let stored = peers().of(1).snapshot().unwrap();
    for at in 0..stored.len() {
        let mut damaged = stored.clone();
        damaged[at] ^= 0x40;
        assert!(Document::load(&damaged).is_err(), "byte {at}");
        assert_eq!(Document::load(&stored[..at]).unwrap_err(), SnapshotError::Damaged);
    }
    let mut newer = stored;
    newer[1] = 2;
    assert_eq!(Document::load(&newer).unwrap_err(), SnapshotError::Newer(2));
}
