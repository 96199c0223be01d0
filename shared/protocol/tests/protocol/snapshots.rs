//! The bytes of every wire type, so that a change of any is seen in review; and the pinned parts.

use crate::examples::{all, hex};
use kith_protocol::Hash;
use kith_protocol::envelope::DICTIONARY;
use std::fmt::Write;

#[test]
fn every_wire_type_in_bytes() {
    let mut text = String::new();
    for example in all() {
        writeln!(text, "{}\n  {}", example.name, hex(&example.bytes)).unwrap();
    }
    insta::assert_snapshot!("wire_types", text);
}

#[test]
fn refusals_have_stable_codes() {
    let codes: Vec<_> = all()
        .iter()
        .filter(|example| example.name.starts_with("Refusal"))
        .map(|example| kith_protocol::Refusal::decode(&example.bytes).unwrap())
        .map(|refusal| format!("{:18} {refusal}", refusal.code()))
        .collect();
    insta::assert_snapshot!("refusal_codes", codes.join("\n"));
}

#[test]
fn the_dictionary_is_the_pinned_one() {
    assert_eq!(DICTIONARY.len(), 3615);
    assert_eq!(
        hex(Hash::of(DICTIONARY).0),
        "e81ab0c8deded10f86efcc05a48b9b6866d02b39f733e1cab8bb916368352f46",
        "changing it is a new wire version"
    );
}
