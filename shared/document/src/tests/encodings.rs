//! The bytes of everything that is stored: a change here needs a migration.

use std::fmt::Write;

use super::peers::{Peers, name};
use crate::{EditScript, Item, Op, Scalar, Step};

fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        let end = if at % 32 == 31 { "\n" } else { "" };
        write!(out, "{byte:02x}{end}").unwrap();
    }
    out
}

fn comes_back<T>(value: &T) -> String
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + PartialEq + std::fmt::Debug,
{
    let bytes = minicbor::to_vec(value).unwrap();
    assert_eq!(minicbor::decode::<T>(&bytes).unwrap(), *value);
    hex(&bytes)
}

#[test]
fn an_edit_script() {
    let values = [
        Scalar::Null,
        Scalar::Bool(true),
        Scalar::Int(-5),
        Scalar::Uint(5),
        Scalar::Float(36.6),
        Scalar::Text("Fieber".into()),
        Scalar::Bytes(vec![1, 2, 3]),
    ];
    let mut steps = vec![Step::make(["items", "a"]), Step::delete(["items", "a", "old"])];
    steps.extend((0..).zip(values).map(|(at, value)| Step::put(["items", "a", &format!("v{at}")], value)));
    let script = EditScript { document: name(), intent: "log.add".into(), steps };
    insta::assert_snapshot!(comes_back(&script));
}

fn peers() -> Peers {
    let mut peers = Peers::new(2);
    peers.share(
        1,
        [
            Step::make(["items", "a"]),
            Step::put(["items", "a", "text"], "x"),
            Step::make(["items", "a", "in"]),
        ],
    );
    peers.edit(1, [Step::put(["items", "a", "text"], "y")]);
    peers.edit(2, [Step::put(["items", "a", "text"], "w")]);
    peers.settle();
    peers
}

#[test]
fn an_item_with_two_versions_of_a_field_and_a_pending_one() {
    let mut peers = peers();
    peers.edit(1, [Step::put(["items", "a", "in", "k"], 1_i64)]);
    let item: Item = peers.of(1).item("a").unwrap();
    insta::assert_snapshot!(comes_back(&item));
}

#[test]
fn an_op_of_the_history() {
    let op: Op = peers().edit(1, [Step::delete(["items", "a", "text"])]).unwrap().ops[0].clone();
    insta::assert_snapshot!(comes_back(&op));
}

#[test]
fn a_stored_document() {
    insta::assert_snapshot!(hex(&peers().of(1).snapshot().unwrap()));
}
