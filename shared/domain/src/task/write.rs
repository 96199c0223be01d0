//! Edits of tasks: each thing a person can do as an `EditScript`. Whether they may is asked of `Task` first; readers
//! ignore what its author had no right to do.

use kith_document::{EditScript, Scalar, Step};

use super::{MAX_SLOTS, Task, task_kind};
use crate::undo::flag;
use crate::value::{Fault, MAX_LINE, MAX_TEXT, length};
use crate::{Due, ItemId, Member, tasks_document};

/// What a person wrote in the form of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDraft {
    pub kind: String,
    pub title: String,
    pub due: Due,
    pub place: String,
    pub note: String,
    pub slots: u32,
}

/// A field (`title`, `kind`, `place`, `note`, `slots`) and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {fault}")]
pub struct DraftFault {
    pub field: &'static str,
    pub fault: Fault,
}

impl TaskDraft {
    /// What is wrong with it, if anything.
    pub fn check(&self) -> Result<(), Vec<DraftFault>> {
        let known = if task_kind(&self.kind).is_some() { Ok(()) } else { Err(Fault::NotAChoice) };
        let slots = if (1..=MAX_SLOTS).contains(&self.slots) { Ok(()) } else { Err(Fault::OutOfRange) };
        let checks = [
            ("kind", known),
            ("title", length(&self.title, MAX_LINE, true)),
            ("place", length(&self.place, MAX_LINE, false)),
            ("note", length(&self.note, MAX_TEXT, false)),
            ("slots", slots),
        ];
        let fault = |(field, check): (&'static str, Result<(), Fault>)| {
            check.err().map(|fault| DraftFault { field, fault })
        };
        let faults: Vec<DraftFault> = checks.into_iter().filter_map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn fields(&self) -> [(&'static str, Scalar); 6] {
        [
            ("kind", self.kind.as_str().into()),
            ("title", self.title.trim().into()),
            ("when", self.due.to_string().into()),
            ("place", self.place.trim().into()),
            ("note", self.note.trim().into()),
            ("slots", i64::from(self.slots).into()),
        ]
    }
}

impl From<&Task> for TaskDraft {
    fn from(task: &Task) -> Self {
        Self {
            kind: task.kind.clone(),
            title: task.title.clone(),
            due: task.due,
            place: task.place.clone(),
            note: task.note.clone(),
            slots: task.slots,
        }
    }
}

/// A new task under a fresh `id` ([`new_id`](crate::new_id)), in the document of this year.
pub fn add(id: &str, draft: &TaskDraft, now_ms: u64) -> Result<EditScript, Vec<DraftFault>> {
    draft.check()?;
    let mut steps = vec![Step::make(["items", id]), Step::put(["items", id, "at"], now_ms)];
    let said = draft.fields().into_iter().filter(|(_, value)| value.as_text() != Some(""));
    steps.extend(said.map(|(field, value)| Step::put(["items", id, field], value)));
    Ok(EditScript { document: tasks_document(now_ms), intent: "task.add".to_owned(), steps })
}

/// Brings a task to `draft`: only what differs is written. None when nothing does.
pub fn edit(task: &Task, draft: &TaskDraft, now_ms: u64) -> Result<Option<EditScript>, Vec<DraftFault>> {
    // A kind of a newer version stays what it is.
    let known = TaskDraft {
        kind: if draft.kind == task.kind { "other".into() } else { draft.kind.clone() },
        ..draft.clone()
    };
    known.check()?;
    let before = TaskDraft::from(task).fields();
    let changed = draft.fields().into_iter().zip(before).filter(|(now, before)| now.1 != before.1);
    let mut steps = Vec::new();
    for ((field, value), _) in changed {
        let path = ["items", task.id.item.as_str(), field];
        // Without the delete, writing the very value that is ignored would change nothing.
        steps.extend(task.ignored.iter().any(|ignored| ignored == field).then(|| Step::delete(path)));
        steps.push(Step::put(path, value));
    }
    Ok((!steps.is_empty()).then(|| script(&task.id, "task.edit", steps, now_ms)))
}

/// Settles a contested field on version `index` of its versions; none when there is no such version.
pub fn choose(task: &Task, field: &str, index: usize, now_ms: u64) -> Option<EditScript> {
    let contested = task.contested.iter().find(|contested| contested.field == field)?;
    let value = contested.versions.get(index)?.value.to_scalar();
    let steps = vec![Step::put(["items", &task.id.item, field], value)];
    Some(script(&task.id, "task.choose", steps, now_ms))
}

/// "I take this": a claim under a fresh id. Standing down and claiming again makes a new one.
pub fn claim(task: &ItemId, claim_id: &str, now_ms: u64) -> EditScript {
    EditScript {
        document: task.document.clone(),
        intent: "task.claim".to_owned(),
        steps: claim_steps(task, claim_id, now_ms),
    }
}

/// Takes over a place that was offered: a claim that names the offer.
pub fn accept(task: &ItemId, offer: &str, claim_id: &str, now_ms: u64) -> EditScript {
    let mut steps = claim_steps(task, claim_id, now_ms);
    steps.push(Step::put(["items", &task.item, claim_id, "from"], offer));
    EditScript { document: task.document.clone(), intent: "task.accept".to_owned(), steps }
}

/// Ends the member's own claim; none when they have none.
pub fn stand_down(task: &Task, me: Member, now_ms: u64) -> Option<EditScript> {
    let own = task.place_of(me)?;
    let mut steps = vec![Step::put(["items", &task.id.item, &own.claim, "at"], now_ms)];
    steps.extend(flag(["items", &task.id.item, &own.claim, "end"], true));
    Some(EditScript { document: task.id.document.clone(), intent: "task.stand-down".to_owned(), steps })
}

/// Offers the member's own place to somebody, who takes it over by accepting; until then they keep it. `offer_id` is
/// fresh. None when they have no place.
pub fn hand_over(task: &Task, me: Member, to: Member, offer_id: &str, now_ms: u64) -> Option<EditScript> {
    let own = task.place_of(me)?;
    let path = |field| ["items", task.id.item.as_str(), own.claim.as_str(), offer_id, field];
    let steps = vec![
        Step::make(["items", &task.id.item, &own.claim, offer_id]),
        Step::put(path("at"), now_ms),
        Step::put(path("to"), i64::from(to)),
    ];
    Some(EditScript { document: task.id.document.clone(), intent: "task.hand-over".to_owned(), steps })
}

/// Takes back what the member offered and nobody has accepted; none when there is no such offer.
pub fn withdraw_offer(task: &Task, me: Member, offer: &str, now_ms: u64) -> Option<EditScript> {
    let own = task.place_of(me)?;
    own.offered.iter().find(|(_, id)| id == offer)?;
    let path = |field| ["items", task.id.item.as_str(), own.claim.as_str(), offer, field];
    let mut steps = vec![Step::put(path("at"), now_ms)];
    steps.extend(flag(path("end"), true));
    Some(EditScript { document: task.id.document.clone(), intent: "task.withdraw".to_owned(), steps })
}

/// It is done.
pub fn done(task: &ItemId, now_ms: u64) -> EditScript {
    script(task, "task.done", flag(["items", &task.item, "done"], true), now_ms)
}

/// It is not done after all.
pub fn reopen(task: &ItemId, now_ms: u64) -> EditScript {
    script(task, "task.reopen", flag(["items", &task.item, "done"], false), now_ms)
}

/// Takes a task out of the lists. It stays, and can be brought back.
pub fn archive(task: &ItemId, now_ms: u64) -> EditScript {
    script(task, "task.archive", flag(["items", &task.item, "arch"], true), now_ms)
}

/// Brings an archived task back.
pub fn restore(task: &ItemId, now_ms: u64) -> EditScript {
    script(task, "task.restore", flag(["items", &task.item, "arch"], false), now_ms)
}

fn claim_steps(task: &ItemId, claim: &str, now_ms: u64) -> Vec<Step> {
    vec![
        Step::make(["items", &task.item, claim]),
        Step::put(["items", &task.item, claim, "at"], now_ms),
        Step::put(["items", &task.item, claim, "kind"], "claim"),
    ]
}

fn script(id: &ItemId, intent: &str, mut steps: Vec<Step>, now_ms: u64) -> EditScript {
    steps.insert(0, Step::put(["items", &id.item, "at"], now_ms));
    EditScript { document: id.document.clone(), intent: intent.to_owned(), steps }
}
