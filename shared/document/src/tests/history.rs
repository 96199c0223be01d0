//! The history names who wrote what, where, over what.

use super::peers::{Peers, new, script};
use crate::{OpKind, OpSource, Origin, Scalar, Step};

#[test]
fn ops_name_their_writer_their_place_and_what_they_replaced() {
    let mut peers = Peers::new(2);
    peers.share(1, [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "walked")]);
    peers.edit(2, [Step::put(["meta", "v"], 2_i64)]);
    peers.edit(2, [Step::put(["items", "a", "text"], "walked twice"), Step::delete(["items", "a", "text"])]);
    peers.send(2);
    let (entry, _) = peers.stream[1].clone();
    let arrived = peers.of(1).arrive(&entry).unwrap();

    let told: Vec<_> =
        arrived.ops.iter().map(|op| (op.path.join("/"), op.item.as_deref(), &op.kind)).collect();
    let put = OpKind::Put(Scalar::from("walked twice"));
    assert_eq!(
        told,
        [
            ("meta/v".into(), None, &OpKind::Put(Scalar::Int(2))),
            ("items/a/text".into(), Some("a"), &put),
            ("items/a/text".into(), Some("a"), &OpKind::Delete),
        ]
    );
    let replaced: Vec<_> = arrived.ops.iter().map(|op| op.replaced.clone()).collect();
    assert_eq!(replaced, [vec![], vec![Scalar::from("walked")], vec![Scalar::from("walked twice")]]);
    for (place, op) in (0..).zip(&arrived.ops) {
        let origin = Origin::Committed { k: 2, place, stamp: 1_002 };
        assert_eq!(op.source, OpSource { device: 2, origin, counter: 5 + u64::from(place) });
    }
    assert_eq!(arrived.touched.into_iter().collect::<Vec<_>>(), ["a"]);
}

#[test]
fn what_is_inside_an_item_belongs_to_the_item() {
    let steps = [
        Step::make(["items", "a"]),
        Step::make(["items", "a", "claims"]),
        Step::make(["items", "a", "claims", "c"]),
        Step::put(["items", "a", "claims", "c", "occ"], "2026-11-22"),
    ];
    let edited = new().edit(4, 1, &script(steps), 3).unwrap().unwrap();
    assert!(edited.ops.iter().all(|op| op.item.as_deref() == Some("a")));
    assert_eq!(edited.ops[3].path, ["items", "a", "claims", "c", "occ"]);
    assert_eq!(edited.ops[3].source, OpSource { device: 4, origin: Origin::Pending { n: 3 }, counter: 6 });
}

#[test]
fn somebody_who_writes_over_the_root_hides_nothing() {
    // Such a change passes the guard; only a client that was tampered with makes one.
    let mut peers = Peers::new(2);
    peers.share(1, [Step::make(["items", "a"]), Step::put(["items", "a", "text"], "stays")]);
    let change = super::guard::raw(peers.of(1), 2, |next| {
        let pred = vec![crate::ChunkId { counter: 1, actor: [0; 16] }];
        let action = crate::ChunkAction::Put(Scalar::Null);
        next.ops = vec![crate::ChunkOp { obj: None, key: "items".into(), action, pred }];
    });
    let arrival = crate::Arrival { device: 2, incarnation: 1, changes: vec![change], k: 2, stamp: 0 };
    let arrived = peers.of(1).arrive(&arrival).unwrap();
    assert_eq!((arrived.ops[0].path.join("/"), &arrived.ops[0].item), ("items".into(), &None));
    assert_eq!(peers.of(1).item("a").unwrap().value("text"), Some(&Scalar::from("stays")));
    super::engine::assert_same_reading(peers.of(1));
}
