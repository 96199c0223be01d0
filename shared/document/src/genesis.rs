//! The one genesis change under every document of every kind: constant bytes, never made at run time.

use crate::chunk::ChangeChunk;
use crate::table::{Draft, Resolved, Standing, Table};

/// The change's chunk: by the actor of 16 zero bytes, it makes the root's maps `items` and `meta`.
pub const GENESIS: &[u8] = &[
    0x85, 0x6f, 0x4a, 0x83, 0xd9, 0x37, 0x2c, 0x13, 0x01, 0x35, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x05,
    0x15, 0x0c, 0x34, 0x01, 0x42, 0x02, 0x56, 0x02, 0x70, 0x02, 0x7e, 0x05, 0x69, 0x74, 0x65, 0x6d, 0x73,
    0x04, 0x6d, 0x65, 0x74, 0x61, 0x02, 0x02, 0x00, 0x02, 0x00, 0x02, 0x00,
];

/// Its hash, pinned by a test here and by every change that was ever made.
pub const GENESIS_HASH: [u8; 32] = [
    0xd9, 0x37, 0x2c, 0x13, 0xc0, 0xf5, 0xc5, 0xa0, 0xf1, 0xcf, 0x2c, 0xb2, 0x33, 0x92, 0x34, 0xe7, 0xef,
    0x06, 0xf8, 0x29, 0x1a, 0x2a, 0xd0, 0xcb, 0x27, 0x93, 0xf7, 0x50, 0x37, 0xf9, 0xe2, 0x49,
];

/// A table that holds genesis.
pub(crate) fn table() -> Table {
    let mut table = Table::empty();
    if let Some(resolved) = resolved(&table) {
        table.record(resolved, 0, 0, Standing::Genesis);
    }
    table
}

/// None only if the constant above were damaged, which a test rules out.
fn resolved(table: &Table) -> Option<Resolved> {
    let chunk = ChangeChunk::read(GENESIS).ok()?;
    let mut draft = Draft::new(table, chunk.actor, chunk.start_op, Vec::new());
    for op in &chunk.ops {
        draft.push(crate::table::ROOT, &op.key, &op.action, Vec::new());
    }
    Some(draft.finish(chunk.hash))
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable;
    use automerge::{ActorId, Automerge, ObjType, ROOT};

    use super::*;
    use crate::chunk::{ChunkAction, ChunkOp, NewChange, write};

    fn written_here() -> Vec<u8> {
        let make =
            |key: &str| ChunkOp { obj: None, key: key.into(), action: ChunkAction::Make, pred: Vec::new() };
        let ops = [make("items"), make("meta")];
        write(NewChange { deps: &[], actor: [0; 16], seq: 1, start_op: 1, ops: &ops })
    }

    fn written_by_automerge() -> Vec<u8> {
        let mut engine = Automerge::new();
        engine.set_actor(ActorId::from([0_u8; 16]));
        let mut transaction = engine.transaction();
        for key in ["items", "meta"] {
            transaction.put_object(ROOT, key, ObjType::Map).unwrap();
        }
        transaction.commit();
        engine.get_changes(&[])[0].raw_bytes().to_vec()
    }

    #[test]
    fn genesis_is_what_it_says_and_its_hash_is_pinned() {
        assert_eq!(GENESIS, written_here(), "{:02x?}", written_here());
        assert_eq!(GENESIS, written_by_automerge());
        let chunk = ChangeChunk::read(GENESIS).unwrap();
        assert_eq!(chunk.hash, GENESIS_HASH, "{:02x?}", chunk.hash);
        assert_eq!(table().heads().collect::<Vec<_>>(), [GENESIS_HASH]);
    }
}
