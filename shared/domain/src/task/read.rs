//! A task as it reads: an item with the rights of its authors applied, and its claims in line.

use std::collections::BTreeSet;

use kith_document::{DocumentName, Item, Op, Origin, Scalar, Version};

use super::claim::{Claim, InLine, line, read_claims};
use super::{MAX_SLOTS, TaskKind, task_kind};
use crate::lawful::{Author, Law, disagree, is_pending, stamp, unsigned};
use crate::{Contested, Due, ItemId, Member, Members, Role, Value};

/// Something to be done, as the circle knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: ItemId,
    /// The kind's code; perhaps of a newer version.
    pub kind: String,
    pub title: String,
    pub due: Due,
    pub place: String,
    pub note: String,
    /// How many people it asks for, 1 to 20.
    pub slots: u32,
    pub state: TaskState,
    /// Who has it, in order.
    pub holders: Vec<Holder>,
    /// Who steps in when somebody stands down, in order.
    pub reserves: Vec<Holder>,
    /// How many people are still wanted.
    pub needed: u32,
    /// What it is to the member who reads.
    pub mine: Mine,
    /// Somebody offers their place to the member who reads.
    pub offer: Option<Offer>,
    /// Fields with several values: `title`, `when`, `place`, `note`, `slots` or `kind`.
    pub contested: Vec<Contested>,
    pub author: Option<Member>,
    pub edited_by: Vec<Member>,
    /// When it was first written: by the server's clock once shared, until then by the author's (Unix milliseconds).
    pub written_ms: u64,
    /// Some of it is only on this device yet.
    pub pending: bool,
    /// Something was ignored, and what stood there before is only known from the history: read it again with that.
    pub needs_history: bool,
    /// Fields at which somebody without the right wrote, which is ignored.
    pub ignored: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    Open,
    /// `at`: by the server's clock, none while it is only on this device.
    Done {
        by: Option<Member>,
        at: Option<u64>,
    },
    Archived,
}

/// A place in line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub member: Member,
    pub claim: String,
    /// False while the claim is only on this device: somebody may have been faster.
    pub confirmed: bool,
    /// Whom it is offered to, until they accept or it is withdrawn, with the offer's id.
    pub offered: Vec<(Member, String)>,
}

/// What a task is to one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mine {
    No,
    Holding {
        confirmed: bool,
    },
    /// `place` counts from 1.
    Reserve {
        place: u32,
        confirmed: bool,
    },
}

/// A place that somebody offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub id: String,
    pub from: Member,
}

impl Task {
    /// Reads an item of a `commons/tasks-…` document as member `me` sees it; none when it is no task.
    ///
    /// `history` are the item's ops, or nothing; only needed when the answer says so.
    pub fn read(
        document: &DocumentName,
        item: &Item,
        members: &dyn Members,
        history: &[Op],
        me: Member,
    ) -> Option<Self> {
        let law = Law::new(members, history);
        let author = law.author(&item.born?);
        let mut fields = Fields { law: &law, item, author, contested: Vec::new(), editors: BTreeSet::new() };
        let title = match fields.text("title") {
            Some(title) => title,
            // It has one, and only the history knows it.
            None if law.needs_history() => String::new(),
            None => return None,
        };
        let kind = fields.text("kind").unwrap_or_else(|| "other".to_owned());
        let due = fields.text("when").and_then(|text| Due::parse(&text)).unwrap_or_default();
        let slots = fields.number("slots").and_then(|slots| u32::try_from(slots).ok());
        let slots = slots.unwrap_or(1).clamp(1, MAX_SLOTS);
        let (place, note) =
            (fields.text("place").unwrap_or_default(), fields.text("note").unwrap_or_default());
        let archived = fields.first(&fields.standing("arch")) == Some(Scalar::Bool(true));

        let claims = read_claims(&law, item);
        let is_active = |member: Member| members.is_active(member);
        let done = standing_done(&law, item, &claims, slots);
        let places = line(&claims, None, &is_active);
        let in_line: Vec<Holder> = places.iter().map(|place| holder(&claims, place)).collect();
        let holding = in_line.len().min(slots as usize);
        let clock = item.value("at").and_then(unsigned).unwrap_or_default();
        Some(Self {
            id: ItemId::new(document, &item.id),
            kind,
            title,
            due,
            place,
            note,
            slots,
            state: match done {
                _ if archived => TaskState::Archived,
                Some(done) if done.value == Scalar::Bool(true) => {
                    TaskState::Done { by: members.member_of(done.source.device), at: stamp(&done.source) }
                }
                _ => TaskState::Open,
            },
            mine: mine(&in_line, slots, me),
            offer: places.iter().find_map(|place| offered_to(&claims[place.claim], me)),
            needed: slots.saturating_sub(u32::try_from(holding).unwrap_or(u32::MAX)),
            holders: in_line[..holding].to_vec(),
            reserves: in_line[holding..].to_vec(),
            contested: fields.contested,
            author: author.member,
            edited_by: fields.editors.into_iter().collect(),
            written_ms: item.born.as_ref().and_then(stamp).unwrap_or(clock),
            pending: is_pending(item),
            needs_history: law.needs_history(),
            ignored: law.ignored(),
        })
    }

    /// The kind, when this build knows it.
    pub fn spec(&self) -> Option<&'static TaskKind> {
        task_kind(&self.kind)
    }

    /// Whether a member may change or archive it.
    pub fn may_edit(&self, member: Member, role: Role) -> bool {
        self.author == Some(member) || role.may_edit_others()
    }

    /// Whether a member may say that it is done, or not done after all.
    pub fn may_finish(&self, member: Member, role: Role) -> bool {
        role.may_edit_others() || self.holders.iter().any(|holder| holder.member == member)
    }

    /// The member's own place in line.
    pub fn place_of(&self, member: Member) -> Option<&Holder> {
        self.holders.iter().chain(&self.reserves).find(|holder| holder.member == member)
    }
}

/// Done and not done count from who held it then, coordinators and caregivers; the latest word of theirs.
fn standing_done(law: &Law<'_>, item: &Item, claims: &[Claim], slots: u32) -> Option<Version> {
    // Who has left the circle since may have done it before.
    let held = |writer: &Author, at: &Origin| {
        let line = line(claims, Some(*at), &|_| true);
        line.iter().take(slots as usize).any(|place| Some(claims[place.claim].member) == writer.member)
    };
    let may = |writer: &Author, at: &Origin| writer.may_edit_others() || held(writer, at);
    let versions = law.standing(&["items", &item.id], item, "done", &may);
    versions.into_iter().max_by_key(|version| (version.source.origin, version.source.counter))
}

fn holder(claims: &[Claim], place: &InLine) -> Holder {
    let claim = &claims[place.claim];
    let open = claim.offers.iter().filter(|offer| offer.withdrawn.is_none());
    Holder {
        member: claim.member,
        claim: claim.id.clone(),
        confirmed: place.confirmed,
        offered: open.map(|offer| (offer.to, offer.id.clone())).collect(),
    }
}

fn mine(in_line: &[Holder], slots: u32, me: Member) -> Mine {
    match in_line.iter().position(|holder| holder.member == me).and_then(|at| u32::try_from(at).ok()) {
        None => Mine::No,
        Some(at) => {
            let confirmed = in_line[at as usize].confirmed;
            if at < slots {
                Mine::Holding { confirmed }
            } else {
                Mine::Reserve { place: at - slots + 1, confirmed }
            }
        }
    }
}

fn offered_to(claim: &Claim, me: Member) -> Option<Offer> {
    let open = claim.offers.iter().find(|offer| offer.to == me && offer.withdrawn.is_none());
    open.map(|offer| Offer { id: offer.id.clone(), from: claim.member })
}

/// The task's own fields, gathered on the way.
struct Fields<'a> {
    law: &'a Law<'a>,
    item: &'a Item,
    author: Author,
    contested: Vec<Contested>,
    editors: BTreeSet<Member>,
}

impl Fields<'_> {
    fn standing(&self, field: &str) -> Vec<Version> {
        let may = |writer: &Author, _: &Origin| writer.is(&self.author) || writer.may_edit_others();
        self.law.standing(&["items", &self.item.id], self.item, field, &may)
    }

    fn first(&mut self, versions: &[Version]) -> Option<Scalar> {
        let writers = versions.iter().map(|version| self.law.author(&version.source));
        let others = writers.filter(|writer| !writer.is(&self.author)).filter_map(|writer| writer.member);
        self.editors.extend(others);
        versions.first().map(|version| version.value.clone())
    }

    fn read(&mut self, field: &str) -> Option<Scalar> {
        let versions = self.standing(field);
        if disagree(&versions) {
            let read = |scalar: &Scalar| match scalar {
                Scalar::Text(text) => Value::Text(text.clone()),
                other => Value::Other(other.clone()),
            };
            let versions = self.law.said(&versions, read);
            self.contested.push(Contested { field: field.to_owned(), versions });
        }
        self.first(&versions)
    }

    fn text(&mut self, field: &str) -> Option<String> {
        self.read(field).and_then(|scalar| scalar.as_text().map(str::to_owned))
    }

    fn number(&mut self, field: &str) -> Option<u64> {
        self.read(field).as_ref().and_then(unsigned)
    }
}
