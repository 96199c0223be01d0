//! Reading a document through Automerge alone, to compare with what the table says.

use std::collections::BTreeMap;

use automerge::{Automerge, ObjId, ObjType, ReadDoc, ScalarValue, Value};

use crate::{Document, Item, Scalar};

/// An item without who wrote it: each value with its op's counter, the winner first.
#[derive(Debug, PartialEq)]
pub(super) struct Plain {
    fields: BTreeMap<String, Vec<(u64, Scalar)>>,
    children: BTreeMap<String, Plain>,
}

pub(super) fn plain(item: Item) -> Plain {
    let versions =
        |versions: Vec<crate::Version>| versions.into_iter().map(|v| (v.source.counter, v.value)).collect();
    Plain {
        fields: item.fields.into_iter().map(|(key, all)| (key, versions(all))).collect(),
        children: item.children.into_iter().map(|(key, child)| (key, plain(child))).collect(),
    }
}

/// The map that genesis made at `key`, whatever may stand there now.
fn root(engine: &Automerge, key: &str) -> ObjId {
    let counter = if key == "items" { 1 } else { 2 };
    let id = ObjId::Id(counter, automerge::ActorId::from([0; 16]), 0);
    assert_eq!(engine.object_type(&id).unwrap(), ObjType::Map);
    id
}

fn read(engine: &Automerge, object: &ObjId) -> Plain {
    let mut plain = Plain { fields: BTreeMap::new(), children: BTreeMap::new() };
    for key in engine.keys(object) {
        let mut all = engine.get_all(object, key.as_str()).unwrap();
        let rank = |id: &ObjId| match id {
            ObjId::Root => unreachable!("a value has an op"),
            ObjId::Id(counter, actor, _) => (*counter, actor.clone()),
        };
        all.sort_by_key(|(_, id)| std::cmp::Reverse(rank(id)));
        for (value, id) in all {
            match value {
                Value::Object(_) => {
                    plain.children.entry(key.clone()).or_insert_with(|| read(engine, &id));
                }
                Value::Scalar(value) => {
                    plain.fields.entry(key.clone()).or_default().push((rank(&id).0, scalar(&value)));
                }
            }
        }
    }
    plain
}

fn scalar(value: &ScalarValue) -> Scalar {
    match value {
        ScalarValue::Null => Scalar::Null,
        ScalarValue::Boolean(truth) => Scalar::Bool(*truth),
        ScalarValue::Int(number) => Scalar::Int(*number),
        ScalarValue::Uint(number) => Scalar::Uint(*number),
        ScalarValue::F64(number) => Scalar::Float(*number),
        ScalarValue::Str(text) => Scalar::Text(text.to_string()),
        ScalarValue::Bytes(bytes) => Scalar::Bytes(bytes.clone()),
        other => panic!("a document holds no {other:?}"),
    }
}

/// The Automerge document, with everything in it.
pub(super) fn engine(document: &Document) -> Automerge {
    let mut document = document.clone();
    document.catch_up().unwrap();
    document.engine
}

/// Table and Automerge say the same of the whole document.
pub(super) fn assert_same_reading(document: &Document) {
    let engine = engine(document);
    let items = read(&engine, &root(&engine, "items"));
    let ours: BTreeMap<String, Plain> = document
        .items()
        .map(|id| (id.to_owned(), plain(document.item(id).expect("a listed item is there"))))
        .collect();
    assert_eq!(ours, items.children);
    assert_eq!(plain(document.meta()), read(&engine, &root(&engine, "meta")));
    let heads: Vec<[u8; 32]> = engine.get_heads().iter().map(|head| head.0).collect();
    assert_eq!(document.heads(), heads);
}
