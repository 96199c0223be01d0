//! One task, its form, and handing it over.

use super::{
    BlockView, Emphasis, FieldKind, RowView, ScreenView, TagView, Tone,
    entry::versions,
    fields::{field, form_view, line},
    history,
    parts::{banner, button, detail, empty, initial, open, row, section, words},
    tasks::{claim_button, due_words, who_has},
};
use crate::{
    event::{Action, Route},
    model::domain_role,
    model::{Membership, Model},
};
use kith_domain::{Mine, Task, TaskState, log, task::MAX_SLOTS, task_kinds};

pub fn task(model: &Model, membership: &Membership, id: &str) -> ScreenView {
    let text = &model.text;
    let Some(task) = membership.task(id) else { return super::build::not_found(model) };
    let mut blocks = Vec::new();
    for contested in &task.contested {
        let label = text.get(&format!("task-{}", contested.field));
        blocks.push(versions(model, membership, id, &label, contested));
    }
    if let Some(offer) = &task.offer {
        let who = membership.name_of(offer.from);
        let title = text.with("hand-over-asked", &[("who", (&who).into())]);
        blocks.push(banner(Tone::Amber, "hand-helping", title, String::new(), Vec::new()));
    }
    blocks.push(section(None, facts(model, membership, &task)));
    let holders = holders(model, membership, &task);
    if !holders.is_empty() {
        blocks.push(section(Some(text.get("task-holders")), holders));
    }
    blocks.push(BlockView::Buttons(buttons(model, membership, &task, id)));
    let label = |name: &str| text.get(&format!("task-{name}"));
    blocks.extend(history::section_of(model, membership, id, &label));
    let mut shown = detail(text, task.title.clone(), blocks);
    if task.pending {
        shown.tag = Some(TagView { label: text.get("waiting-to-be-shared"), tone: Tone::Plain });
    }
    let free = task.state == TaskState::Open && task.mine == Mine::No;
    if free && (task.needed > 0 || task.offer.is_some()) {
        shown.primary = Some(claim_button(text, id));
    }
    shown
}

fn facts(model: &Model, membership: &Membership, task: &Task) -> Vec<RowView> {
    let text = &model.text;
    let mut rows = vec![row("who", "users", Tone::Plain, who_has(text, membership, task), String::new())];
    let mut add = |icon: &str, key: &str, value: String| {
        if !value.is_empty() {
            rows.push(row(key, icon, Tone::Plain, text.get(key), value));
        }
    };
    add("clock", "task-when", due_words(&model.clock(), task));
    add("map-pin", "task-place", task.place.clone());
    let kind = task.spec().map(|kind| text.get(&kind.label_key())).unwrap_or_default();
    add(task.spec().map_or("circle-help", |kind| kind.icon), "task-kind", kind);
    if task.slots > 1 {
        add("users", "task-slots", text.with("task-people", &[("n", task.slots.into())]));
    }
    add("file-text", "task-note", task.note.clone());
    rows
}

fn holders(model: &Model, membership: &Membership, task: &Task) -> Vec<RowView> {
    let text = &model.text;
    let place = |holder: &kith_domain::task::Holder, reserve: bool| {
        let name = membership.name_of(holder.member);
        let mut notes = Vec::new();
        if reserve {
            notes.push(text.get("task-reserve"));
        }
        if !holder.confirmed {
            notes.push(text.get("task-unconfirmed"));
        }
        for (to, _) in &holder.offered {
            let who = membership.name_of(*to);
            notes.push(text.with("hand-over-waiting", &[("who", (&who).into())]));
        }
        let mut shown =
            row(format!("claim-{}", holder.claim), "users", Tone::Teal, name.clone(), notes.join(", "));
        shown.face = initial(&name);
        shown
    };
    let holding = task.holders.iter().map(|holder| place(holder, false));
    holding.chain(task.reserves.iter().map(|holder| place(holder, true))).collect()
}

fn buttons(model: &Model, membership: &Membership, task: &Task, id: &str) -> Vec<super::ButtonView> {
    let text = &model.text;
    let mut buttons = Vec::new();
    let Some((me, role)) = membership.me().zip(membership.my_role()) else { return buttons };
    let role = domain_role(role);
    let mut add =
        |key: &str, icon: &str, emphasis, act| buttons.push(button(text.get(key), icon, emphasis, act));
    let task_id = || id.to_owned();
    let held = task.mine != Mine::No;
    if task.state == TaskState::Open {
        if task.may_finish(me.0, role) {
            add(
                "task-done",
                "check",
                if held { Emphasis::Primary } else { Emphasis::Normal },
                Action::Done { task: task_id() },
            );
        }
        if held {
            add("task-hand-over", "repeat", Emphasis::Normal, open(Route::HandOver { id: task_id() }));
            add("task-stand-down", "undo-2", Emphasis::Normal, Action::StandDown { task: task_id() });
        } else if task.needed == 0 && task.offer.is_none() {
            add("task-be-reserve", "hand-helping", Emphasis::Normal, Action::Claim { task: task_id() });
        }
    } else if matches!(task.state, TaskState::Done { .. }) && task.may_finish(me.0, role) {
        add("task-reopen", "rotate-ccw", Emphasis::Normal, Action::Reopen { task: task_id() });
    }
    if task.may_edit(me.0, role) {
        if task.state == TaskState::Archived {
            add("restore", "rotate-ccw", Emphasis::Normal, Action::Restore { item: task_id() });
        } else {
            add(
                "edit",
                "pencil",
                Emphasis::Normal,
                open(Route::TaskForm { id: Some(task_id()), kind: None }),
            );
            add("archive", "archive", Emphasis::Normal, Action::Archive { item: task_id() });
        }
    }
    buttons
}

pub fn form(model: &Model, id: Option<&str>) -> ScreenView {
    let text = &model.text;
    let max_length = u32::try_from(log::MAX_LINE).unwrap_or(u32::MAX);
    let kinds = task_kinds()
        .iter()
        .map(|kind| super::OptionView { id: kind.code.into(), label: text.get(&kind.label_key()) })
        .collect();
    let earliest = model.clock().today().to_string();
    let fields = vec![
        line(model, "title", "task-title", max_length, ""),
        field(model, "when", "task-when", false, FieldKind::When { earliest }),
        field(model, "place", "task-place", false, FieldKind::Line { max_length, purpose: String::new() }),
        field(model, "kind", "task-kind", false, FieldKind::Choice { options: kinds }),
        field(
            model,
            "slots",
            "task-slots",
            false,
            FieldKind::Number {
                unit: String::new(),
                min: 1,
                max: i64::from(MAX_SLOTS),
                step: 1,
                decimals: 0,
            },
        ),
        field(
            model,
            "note",
            "task-note",
            false,
            FieldKind::LongText { max_length: u32::try_from(log::MAX_TEXT).unwrap_or(u32::MAX) },
        ),
    ];
    let heading = if id.is_some() { "task-edit-heading" } else { "task-new-heading" };
    let mut shown = detail(text, text.get(heading), vec![form_view(model, fields)]);
    shown.primary = Some(button(text.get("keep"), "check", Emphasis::Primary, Action::Keep));
    shown
}

pub fn hand_over(model: &Model, membership: &Membership, id: &str) -> ScreenView {
    let text = &model.text;
    let me = membership.me().map(|me| me.0);
    let rows: Vec<RowView> = membership
        .people()
        .into_iter()
        .filter(|(member, _)| Some(*member) != me)
        .map(|(member, name)| {
            let mut person =
                row(format!("member-{member}"), "users", Tone::Teal, name.clone(), String::new());
            person.face = initial(&name);
            person.open = Some(Action::HandOver { task: id.to_owned(), member });
            person
        })
        .collect();
    let blocks = if rows.is_empty() {
        vec![empty("users", text.get("hand-over-nobody"), String::new(), Vec::new())]
    } else {
        vec![words(text.get("hand-over-lead")), section(None, rows)]
    };
    detail(text, text.get("hand-over-heading"), blocks)
}
