//! What counts: a value whose author had no right to write it is ignored, and stays in the history
//! (DESIGN, section 3).

use std::cell::RefCell;
use std::collections::BTreeSet;

use kith_document::{DeviceNumber, Item, Op, OpKind, OpSource, Origin, Scalar, Version};

use crate::{Member, Members, Role, Value};

/// One of several values that stand at a field because nobody has chosen yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub value: Value,
    pub by: Option<Member>,
    /// When the server took it (Unix milliseconds); none while it is only on this device.
    pub stamp: Option<u64>,
}

/// A field to which two people gave different values without seeing each other's. Until somebody chooses, the first
/// is the one shown in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested {
    pub field: String,
    pub versions: Vec<Said>,
}

/// Who wrote an op, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Author {
    pub device: DeviceNumber,
    pub member: Option<Member>,
    pub role: Option<Role>,
}

impl Author {
    pub fn is(&self, other: &Self) -> bool {
        self.device == other.device || (self.member.is_some() && self.member == other.member)
    }

    pub fn may_edit_others(&self) -> bool {
        self.role.is_some_and(Role::may_edit_others)
    }
}

/// Reads one item with the law in hand.
pub(crate) struct Law<'a> {
    members: &'a dyn Members,
    /// Every op on the item, or nothing when the caller did not read them.
    history: &'a [Op],
    overruled: RefCell<BTreeSet<String>>,
}

impl<'a> Law<'a> {
    pub fn new(members: &'a dyn Members, history: &'a [Op]) -> Self {
        Self { members, history, overruled: RefCell::default() }
    }

    pub fn author(&self, source: &OpSource) -> Author {
        let member = self.members.member_of(source.device);
        let role = member.and_then(|member| self.members.role_at(member, &source.origin));
        Author { device: source.device, member, role }
    }

    /// A value was ignored, and what it replaced can only be told with the item's history.
    pub fn needs_history(&self) -> bool {
        self.history.is_empty() && !self.overruled.borrow().is_empty()
    }

    /// The fields at which all that stands was ignored.
    pub fn ignored(&self) -> Vec<String> {
        self.overruled.borrow().iter().cloned().collect()
    }

    /// The values at `map`/`field` that count, the winner first. `map` is the path of the map, from the root.
    pub fn standing(
        &self,
        map: &[&str],
        item: &Item,
        field: &str,
        may: &dyn Fn(&Author, &Origin) -> bool,
    ) -> Vec<Version> {
        let lawful = |source: &OpSource| may(&self.author(source), &source.origin);
        let visible = item.fields.get(field).map(Vec::as_slice).unwrap_or_default();
        let counting: Vec<Version> =
            visible.iter().filter(|version| lawful(&version.source)).cloned().collect();
        if !counting.is_empty() {
            return counting;
        }
        if !visible.is_empty() {
            self.overruled.borrow_mut().insert(field.to_owned());
        }
        // Nothing that counts is visible: what was last said by somebody who may say it.
        let here = |op: &&Op| {
            op.path.len() == map.len() + 1 && op.path.iter().eq(map.iter().copied().chain([field]))
        };
        let mut said: Vec<&Op> = self.history.iter().filter(here).filter(|op| lawful(&op.source)).collect();
        said.sort_by_key(|op| (op.source.origin, op.source.counter));
        match said.last() {
            Some(Op { kind: OpKind::Put(value), source, .. }) => {
                vec![Version { value: value.clone(), source: *source }]
            }
            _ => Vec::new(),
        }
    }

    /// The versions as people said them.
    pub fn said(&self, versions: &[Version], read: impl Fn(&Scalar) -> Value) -> Vec<Said> {
        let said = |version: &Version| Said {
            value: read(&version.value),
            by: self.members.member_of(version.source.device),
            stamp: stamp(&version.source),
        };
        versions.iter().map(said).collect()
    }
}

/// More than one different value; versions that say the same agree.
pub(crate) fn disagree(versions: &[Version]) -> bool {
    versions.iter().any(|version| version.value != versions[0].value)
}

/// When the server took it.
pub(crate) fn stamp(source: &OpSource) -> Option<u64> {
    match source.origin {
        Origin::Committed { stamp, .. } => Some(stamp),
        Origin::Pending { .. } => None,
    }
}

/// A number that cannot be negative, however it was stored.
pub(crate) fn unsigned(scalar: &Scalar) -> Option<u64> {
    match scalar {
        Scalar::Uint(number) => Some(*number),
        Scalar::Int(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

/// Any op of the item, or of a map inside it, still waits to be shared.
pub(crate) fn is_pending(item: &Item) -> bool {
    let waits = |source: &OpSource| matches!(source.origin, Origin::Pending { .. });
    item.born.as_ref().is_some_and(waits)
        || item.fields.values().flatten().any(|version| waits(&version.source))
        || item.children.values().any(is_pending)
}
