//! What was done to an item, change by change: who, when, which fields from what to what, and whether it counts.

use std::collections::BTreeMap;

use kith_document::{DeviceNumber, Op, OpKind, Origin, Scalar};

use crate::lawful::{Author, Law, stamp, unsigned};
use crate::{Member, Members};

/// One edit of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryChange {
    pub device: DeviceNumber,
    pub by: Option<Member>,
    /// When the server took it (Unix milliseconds); none while it is only on this device.
    pub stamp: Option<u64>,
    /// What the author's clock said when it was written.
    pub clock: Option<u64>,
    pub fields: Vec<FieldChange>,
    /// False when its author had no right to it: kept here, and ignored everywhere else.
    pub counts: bool,
}

/// A field before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The keys inside the item or `meta`: `["note"]`, `["<claim>", "end"]`; empty where the item itself was made.
    pub path: Vec<String>,
    /// What its author saw there; more than one value where they settled a disagreement.
    pub from: Vec<Scalar>,
    /// None where it was emptied, or a map was made.
    pub to: Option<Scalar>,
}

/// The history of one item from all its ops, oldest first; `done` of a task counts from anybody who had claimed it.
pub fn history(ops: &[Op], members: &dyn Members) -> Vec<HistoryChange> {
    let law = Law::new(members, &[]);
    let mut ops: Vec<&Op> = ops.iter().collect();
    ops.sort_by_key(|op| (op.source.origin, op.source.counter));
    let mut owners: BTreeMap<&[String], Author> = BTreeMap::new();
    let mut claimed: Vec<Author> = Vec::new();
    let mut changes: Vec<(u64, HistoryChange)> = Vec::new();
    for op in ops {
        let author = law.author(&op.source);
        if op.kind == OpKind::Make {
            owners.entry(&op.path).or_insert(author);
            claimed.extend((op.path.len() > 2).then_some(author));
        }
        let clock = match (&op.kind, op.path.last()) {
            (OpKind::Put(value), Some(field)) if field == "at" => unsigned(value),
            _ => None,
        };
        let entry = place(&op.source.origin);
        // Every edit writes its clock once, after what it makes: a second clock, or a new map, begins another.
        let goes_on = changes.last().is_some_and(|(known, change)| {
            let begins = clock.is_some() || op.kind == OpKind::Make;
            *known == entry && change.device == op.source.device && !(begins && change.clock.is_some())
        });
        if !goes_on {
            let change = HistoryChange {
                device: op.source.device,
                by: author.member,
                stamp: stamp(&op.source),
                clock: None,
                fields: Vec::new(),
                counts: true,
            };
            changes.push((entry, change));
        }
        let Some((_, change)) = changes.last_mut() else { continue };
        change.counts &= may(op, &author, &owners, &claimed);
        if clock.is_some() {
            change.clock = clock;
            continue;
        }
        let outside = if op.item.is_some() { 2 } else { 1 };
        let path: Vec<String> = op.path.iter().skip(outside).cloned().collect();
        let to = if let OpKind::Put(value) = &op.kind { Some(value.clone()) } else { None };
        // A flag is deleted before it is set: one change to a reader.
        match change.fields.iter_mut().find(|field| field.path == path && op.kind != OpKind::Make) {
            Some(field) => field.to = to,
            None => change.fields.push(FieldChange { path, from: op.replaced.clone(), to }),
        }
    }
    changes.into_iter().map(|(_, change)| change).collect()
}

/// The entry of the stream; pending edits are each their own.
fn place(origin: &Origin) -> u64 {
    match origin {
        Origin::Committed { k, .. } => *k,
        Origin::Pending { n } => u64::MAX - n,
    }
}

fn may(op: &Op, author: &Author, owners: &BTreeMap<&[String], Author>, claimed: &[Author]) -> bool {
    let map = match op.path.split_last() {
        _ if op.kind == OpKind::Make => return true,
        Some((_, map)) => map,
        None => return true,
    };
    let own = owners.get(map).is_none_or(|owner| owner.is(author));
    let finished = op.path.len() == 3 && op.path[2] == "done" && claimed.iter().any(|claim| claim.is(author));
    own || finished || (map.len() == 2 && author.may_edit_others())
}
