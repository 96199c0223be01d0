//! A log entry as it reads: an item with the rights of its authors applied.

use std::collections::{BTreeMap, BTreeSet};

use kith_document::{DocumentName, Item, Op, OpSource, Origin, Scalar, Version};

use crate::lawful::{Author, Law, disagree, is_pending, stamp, unsigned};
use crate::{Contested, Happened, ItemId, Kind, Member, Members, Value, kind, log::FRAME};

/// Something that happened, as the circle knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    pub id: ItemId,
    /// The kind's code; perhaps of a newer version.
    pub kind: String,
    pub happened: Happened,
    /// What each field holds; of contested ones the winner. Fields that the kind does not know are there too.
    pub values: BTreeMap<String, Value>,
    /// `t` stands for when it happened.
    pub contested: Vec<Contested>,
    /// Who wrote it first.
    pub author: Option<Member>,
    /// Who else wrote what now stands, in order of number.
    pub edited_by: Vec<Member>,
    /// When it was first written: by the server's clock once shared, until then by the author's (Unix milliseconds).
    pub written_ms: u64,
    /// When what stands was last written, by the same clocks, and by whom.
    pub changed_ms: u64,
    pub changed_by: Option<Member>,
    /// Some of it is only on this device yet.
    pub pending: bool,
    pub archived: bool,
    /// Somebody without the right wrote over something. It is ignored, but what stood there before is only known
    /// from the history: read it again with that.
    pub needs_history: bool,
    /// Fields at which somebody without the right wrote, which is ignored.
    pub ignored: Vec<String>,
}

impl LogEntry {
    /// Reads an item of a `care/log-…` document; none when it is no entry that can be placed in time.
    ///
    /// `history` are the item's ops, or nothing; only needed when the answer says so.
    pub fn read(document: &DocumentName, item: &Item, members: &dyn Members, history: &[Op]) -> Option<Self> {
        let law = Law::new(members, history);
        let author = law.author(&item.born?);
        let path = ["items", item.id.as_str()];
        let may = |writer: &Author, _: &Origin| writer.is(&author) || writer.may_edit_others();
        let standing = |field: &str| law.standing(&path, item, field, &may);

        let mut reading =
            Reading { law: &law, author, contested: Vec::new(), editors: BTreeSet::new(), last: item.born? };
        // Until the history is read, an entry without what stood there keeps its place by what stands there now.
        let framed = |field: &str| {
            let versions = standing(field);
            let forged = item.fields.get(field).filter(|_| versions.is_empty() && law.needs_history());
            forged.cloned().unwrap_or(versions)
        };
        let code = reading.first(&framed("kind"))?.as_text()?.to_owned();
        let spec = kind(&code);
        let times = framed("t");
        let happened = Happened::parse(reading.first(&times)?.as_text()?)?;
        reading.contest("t", &times, |scalar| {
            scalar
                .as_text()
                .and_then(Happened::parse)
                .map_or_else(|| Value::Other(scalar.clone()), Value::Time)
        });
        let archived = reading.first(&standing("arch")) == Some(Scalar::Bool(true));

        let mut values = BTreeMap::new();
        let told = history.iter().filter(|op| op.path.len() == 3).filter_map(|op| op.path.get(2));
        let fields: BTreeSet<&String> = item.fields.keys().chain(told).collect();
        for field in fields.into_iter().filter(|field| !FRAME.contains(&field.as_str())) {
            let read = |scalar: &Scalar| match spec {
                Some(spec) => spec.read(field, scalar),
                None => Value::Other(scalar.clone()),
            };
            let versions = standing(field);
            if let Some(winner) = reading.first(&versions) {
                values.insert(field.clone(), read(&winner));
                reading.contest(field, &versions, read);
            }
        }
        let clock = item.value("at").and_then(unsigned).unwrap_or_default();
        let written_ms = item.born.as_ref().and_then(stamp).unwrap_or(clock);
        Some(Self {
            id: ItemId::new(document, &item.id),
            kind: code,
            happened,
            values,
            contested: reading.contested,
            author: author.member,
            edited_by: reading.editors.into_iter().collect(),
            written_ms,
            changed_ms: stamp(&reading.last).unwrap_or(clock),
            changed_by: law.author(&reading.last).member,
            pending: is_pending(item),
            archived,
            needs_history: law.needs_history(),
            ignored: law.ignored(),
        })
    }

    /// The kind, when this build knows it.
    pub fn spec(&self) -> Option<&'static Kind> {
        kind(&self.kind)
    }

    /// What a field holds, when it is a text.
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.values.get(field) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// What a field holds, when it is a 0 to 10.
    pub fn score(&self, field: &str) -> Option<u8> {
        match self.values.get(field) {
            Some(Value::Scale(score)) => Some(*score),
            _ => None,
        }
    }
}

/// What is gathered on the way through the fields.
struct Reading<'a> {
    law: &'a Law<'a>,
    author: Author,
    contested: Vec<Contested>,
    editors: BTreeSet<Member>,
    last: OpSource,
}

impl Reading<'_> {
    /// The winner; its writer counts as an editor unless it is the author.
    fn first(&mut self, versions: &[Version]) -> Option<Scalar> {
        for version in versions {
            let writer = self.law.author(&version.source);
            if !writer.is(&self.author) {
                self.editors.extend(writer.member);
            }
            if (version.source.origin, version.source.counter) > (self.last.origin, self.last.counter) {
                self.last = version.source;
            }
        }
        versions.first().map(|version| version.value.clone())
    }

    fn contest(&mut self, field: &str, versions: &[Version], read: impl Fn(&Scalar) -> Value) {
        if disagree(versions) {
            let versions = self.law.said(versions, read);
            self.contested.push(Contested { field: field.to_owned(), versions });
        }
    }
}
