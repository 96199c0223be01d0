//! What a script does to a document, and what it refuses to do.

use super::engine::assert_same_reading;
use super::peers::{INCARNATION, Peers, new, script};
use crate::{Document, DocumentName, EditError, EditScript, Scalar, Step};

fn refusal(document: &mut Document, steps: impl Into<Vec<Step>>) -> EditError {
    let before = (document.heads(), document.pending());
    let error = document.edit(1, INCARNATION, &script(steps), 9).unwrap_err();
    assert_eq!((document.heads(), document.pending()), before);
    assert_same_reading(document);
    error
}

fn with_item() -> Document {
    let mut document = new();
    let steps = [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "slept well")];
    document.edit(1, INCARNATION, &script(steps), 1).unwrap().unwrap();
    document
}

#[test]
fn one_script_is_one_change_without_time_or_message() {
    let mut document = new();
    let steps = [
        Step::make(["items", "a"]),
        Step::put(["items", "a", "text"], "one"),
        Step::put(["meta", "v"], 1_i64),
    ];
    let edited = document.edit(1, INCARNATION, &script(steps), 1).unwrap().unwrap();
    let chunk = crate::ChangeChunk::read(&edited.change).unwrap();
    assert_eq!((chunk.time, chunk.message_len, chunk.ops.len(), edited.ops.len()), (0, 0, 3, 3));
    assert_eq!(edited.touched.into_iter().collect::<Vec<_>>(), ["a"]);
    assert_eq!(document.item("a").unwrap().value("text"), Some(&Scalar::from("one")));
    assert_eq!(document.meta().value("v"), Some(&Scalar::Int(1)));
}

#[test]
fn a_script_that_changes_nothing_gives_no_change() {
    let mut document = with_item();
    let steps = [
        Step::make(["items", "a"]),
        Step::put(["items", "a", "text"], "slept well"),
        Step::delete(["items", "a", "other"]),
    ];
    assert_eq!(document.edit(1, INCARNATION, &script([]), 2).unwrap(), None);
    assert_eq!(document.edit(1, INCARNATION, &script(steps), 2).unwrap(), None);
    assert_eq!(document.pending(), [1]);
}

#[test]
fn a_script_that_fails_at_its_last_step_leaves_no_trace() {
    let mut document = with_item();
    let steps = [Step::put(["items", "a", "text"], "changed"), Step::put(["items", "gone", "text"], "x")];
    let missing = EditError::NoSuchMap(vec!["items".into(), "gone".into()]);
    assert_eq!(refusal(&mut document, steps), missing);
    assert_eq!(document.item("a").unwrap().value("text"), Some(&Scalar::from("slept well")));
}

#[test]
fn a_map_stays_a_map_and_a_value_a_value() {
    let mut document = with_item();
    for step in [
        Step::put(["items", "a"], "no item"),
        Step::put(["items", "b"], "no item either"),
        Step::delete(["items", "a"]),
        Step::make(["items", "a", "text"]),
    ] {
        let path = step.path().to_vec();
        assert_eq!(refusal(&mut document, [step]), EditError::OtherKind(path));
    }
    assert!(matches!(
        refusal(&mut document, [Step::put(["items", "a", "text", "x"], 1_i64)]),
        EditError::NoSuchMap(_)
    ));
}

#[test]
fn paths_and_sizes_have_limits() {
    let mut document = with_item();
    let long_key = "k".repeat(257);
    for step in [
        Step::make([]),
        Step::make(["items"]),
        Step::make(["other", "a"]),
        Step::put(["items", "a", ""], 1_i64),
        Step::put(["items", "a", &long_key], 1_i64),
    ] {
        assert_eq!(refusal(&mut document, [step]), EditError::Path);
    }
    let long = |length| Step::put(["items", "a", "text"], "x".repeat(length));
    assert_eq!(refusal(&mut document, [long(56 << 10)]), EditError::TooLong);
    assert!(document.clone().edit(1, INCARNATION, &script([long(55 << 10)]), 9).unwrap().is_some());
    let many: Vec<Step> = (0..600_i64).map(|at| Step::put(["items", "a", &at.to_string()], at)).collect();
    assert_eq!(refusal(&mut document, many), EditError::TooManySteps);
    let mut path = vec!["items".to_owned()];
    let deep: Vec<Step> = (0..20)
        .map(|at| {
            path.push(at.to_string());
            Step::Make { path: path.clone() }
        })
        .collect();
    assert_eq!(refusal(&mut document, deep), EditError::Path);
}

#[test]
fn a_script_for_another_document_is_refused() {
    let other = DocumentName::parse("care/plan").unwrap();
    let script = EditScript {
        document: other.clone(),
        intent: "x".into(),
        steps: vec![Step::put(["meta", "a"], 1_i64)],
    };
    assert_eq!(new().edit(1, INCARNATION, &script, 1), Err(EditError::OtherDocument(other)));
}

#[test]
fn values_written_at_the_same_time_are_all_kept_until_somebody_chooses() {
    let mut peers = Peers::new(3);
    peers.share(1, [Step::make(["items", "a"])]);
    for (device, dose) in [(1, 5_i64), (2, 10), (3, 20)] {
        peers.edit(device, [Step::put(["items", "a", "dose"], dose)]);
    }
    peers.settle();
    let versions = peers.of(1).item("a").unwrap().fields["dose"].clone();
    let mut written: Vec<_> =
        versions.iter().map(|version| (version.source.device, version.value.clone())).collect();
    written.sort_by_key(|(device, _)| *device);
    assert_eq!(written, [(1, Scalar::Int(5)), (2, Scalar::Int(10)), (3, Scalar::Int(20))]);

    // Choosing the winner is a choice too: the others go, and the choice is its chooser's.
    let winner = versions[0].value.clone();
    peers.share(2, [Step::put(["items", "a", "dose"], winner.clone())]);
    for device in 1..=3 {
        let chosen = peers.of(device).item("a").unwrap().fields["dose"].clone();
        assert_eq!(chosen.len(), 1);
        assert_eq!((chosen[0].source.device, &chosen[0].value), (2, &winner));
        assert_same_reading(peers.of(device));
    }
}
