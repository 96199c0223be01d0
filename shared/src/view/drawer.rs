//! "Not shared": what a person wrote that the others cannot have, readable, copyable, offered again.

use super::{
    Emphasis, RowView, ScreenView, Tone,
    log::{entry_of_script, entry_title},
    parts::{button, detail, empty, row, section, words},
};
use crate::{
    event::Action,
    model::{Membership, Model},
    text::capitalised,
};
use kith_document::{Scalar, Step};
use kith_replica::{DrawerEntry, DrawerReason, keys::stream_of};

/// Fields that hold a code, a time or a unit: not what a person wrote.
const CODES: [&str; 12] =
    ["kind", "t", "at", "when", "for", "rated", "quality", "mood", "zone", "lang", "phase", "after-at"];

pub fn drawer(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let heading = text.get("not-shared-heading");
    if membership.drawer.is_empty() {
        let block =
            empty("inbox", text.get("not-shared-empty"), text.get("not-shared-empty-detail"), Vec::new());
        return detail(text, heading, vec![block]);
    }
    let rows = drawer_rows(model, membership);
    detail(text, heading, vec![words(text.get("not-shared-explain")), section(None, rows)])
}

/// What lies there, newest first: what it says, since when, why, and what can be done with it.
pub fn drawer_rows(model: &Model, membership: &Membership) -> Vec<RowView> {
    let text = &model.text;
    let clock = model.clock();
    let over = membership.ended().is_some();
    membership
        .drawer
        .iter()
        .rev()
        .map(|(n, entry)| {
            let may = !over && may_write(membership, entry);
            let why = match entry.why {
                _ if over => "drawer-ended",
                DrawerReason::Closed => "drawer-closed",
                DrawerReason::NoRight if may => "drawer-right-again",
                DrawerReason::NoRight => "drawer-no-right",
                DrawerReason::DoesNotFit => "drawer-does-not-fit",
            };
            let when = clock.ago(entry.written_at);
            let mut one = row(
                format!("drawer-{n}"),
                "file-text",
                Tone::Amber,
                title(model, entry),
                format!("{}. {}", capitalised(&when), text.get(why)),
            );
            let act = Action::CopyDraft { drawer: *n };
            one.actions = vec![button(text.get("copy"), "copy", Emphasis::Normal, act)];
            if may {
                let act = Action::OfferAgain { drawer: *n };
                one.actions.push(button(text.get("offer-again"), "rotate-ccw", Emphasis::Normal, act));
            }
            let act = Action::DiscardDraft { drawer: *n };
            one.actions.push(button(text.get("let-go"), "trash-2", Emphasis::Danger, act));
            one
        })
        .collect()
}

/// Whether it could be shared now.
fn may_write(membership: &Membership, entry: &DrawerEntry) -> bool {
    let asked = membership.my_device().zip(stream_of(&entry.script.document));
    asked
        .zip(membership.replica.access())
        .is_some_and(|((device, stream), access)| access.may_write(device, stream, access.head()))
}

/// In a few words: an entry of the log as the log would say it, else what was typed, else what was done.
fn title(model: &Model, entry: &DrawerEntry) -> String {
    let said = drawer_text(entry);
    if let Some(as_entry) = entry_of_drawer(model, entry) {
        let title = entry_title(model, &as_entry);
        // An entry of the person's own words says more than its kind does.
        return if said.len() > title.len() { said } else { title };
    }
    if !said.is_empty() {
        return said;
    }
    let key = match entry.script.intent.as_str() {
        "task.claim" | "task.accept" => "drawer-claim",
        "task.stand-down" => "drawer-stand-down",
        "task.hand-over" | "task.withdraw" => "drawer-hand-over",
        _ => "drawer-something",
    };
    model.text.get(key)
}

/// A new entry of the log that could not be shared, read as the log reads it.
fn entry_of_drawer(model: &Model, entry: &DrawerEntry) -> Option<kith_domain::LogEntry> {
    let script = &entry.script;
    let code = script.steps.iter().find_map(|step| match step {
        Step::Put { path, value: Scalar::Text(code) } if path.len() == 3 && path[2] == "kind" => {
            Some((path[1].clone(), code.clone()))
        }
        _ => None,
    });
    let (item, code) =
        code.filter(|(_, code)| kith_domain::kind(code).is_some() && script.intent == "log.add")?;
    let id = kith_domain::ItemId { document: script.document.clone(), item };
    let happened = kith_domain::When::Now.resolve(entry.written_at, model.zone()).ok()?.happened;
    Some(entry_of_script(script, id, &code, happened))
}

/// What is put on the clipboard: all that the person wrote, else what it was.
pub fn drawer_copy(model: &Model, entry: &DrawerEntry) -> String {
    let said = drawer_text(entry);
    if said.is_empty() { title(model, entry) } else { said }
}

/// Every text that the person wrote in it, line by line.
fn drawer_text(entry: &DrawerEntry) -> String {
    let lines: Vec<&str> = entry
        .script
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Put { path, value: Scalar::Text(written) } => {
                // Codes are not what a person wrote.
                let field = path.last().map(String::as_str).unwrap_or_default();
                (!CODES.contains(&field)).then_some(written.as_str())
            }
            _ => None,
        })
        .filter(|written| !written.is_empty())
        .collect();
    lines.join("\n")
}
