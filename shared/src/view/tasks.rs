//! Tasks: open, mine, done.

use super::{
    BlockView, ButtonView, Emphasis, RowView, ScreenKind, ScreenView, TagView, Tone,
    log::listed,
    parts::{self, button, empty, open, row, screen, section},
    settings::{chip, chips},
};
use crate::{
    event::{Action, Route},
    model::{Membership, Model, TaskFilter},
    text::{Clock, Text, capitalised},
};
use chrono::NaiveDate;
use kith_domain::{Due, Mine, Task, TaskState};
use kith_protocol::Role;

pub fn tasks(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let all = membership.tasks();
    let of = |filter: TaskFilter| all.iter().copied().filter(move |task| belongs(task, filter));
    let filter = model.lists.task_filter;
    let segments = TaskFilter::ALL.map(|one| {
        let label = text.get(&format!("tasks-{}", one.code()));
        let count = of(one).count();
        let label = if one == TaskFilter::Done || count == 0 { label } else { format!("{label} {count}") };
        chip(label, one == filter, Action::FilterTasks { filter: one.code().into() })
    });
    let wanted = usize::try_from(model.lists.windows.max(1) * crate::model::WINDOW).unwrap_or(usize::MAX);
    let mut shown: Vec<&Task> = of(filter).take(wanted).collect();
    if filter != TaskFilter::Done {
        // Lists know nothing of rights (ADR 0054): what somebody called done who may not stands among the done there.
        shown.sort_by_cached_key(|task| task.due.sort_text());
    }
    let mut blocks = vec![chips(text.get("tasks-filter"), true, segments.to_vec())];
    if shown.is_empty() {
        blocks.extend(nothing(model, membership, filter));
    }
    let clock = model.clock();
    for day in shown.chunk_by(|one, next| heading(&clock, one) == heading(&clock, next)) {
        let rows = day.iter().map(|task| task_row(model, membership, task)).collect();
        let title = day.first().map(|task| heading(&clock, task));
        blocks.push(section(title, rows));
    }
    if of(filter).count() > wanted {
        let more = button(text.get("show-more"), "chevron-down", Emphasis::Normal, Action::ShowMore);
        blocks.push(BlockView::Buttons(vec![more]));
    }
    if !shown.is_empty() || filter != TaskFilter::Open {
        let add = Route::TaskForm { id: None, kind: None };
        blocks.push(BlockView::Buttons(vec![button(
            text.get("task-add"),
            "plus",
            Emphasis::Normal,
            open(add),
        )]));
    }
    screen(ScreenKind::Tab, text.get("tab-tasks"), blocks)
}

fn belongs(task: &Task, filter: TaskFilter) -> bool {
    match (filter, task.state) {
        (TaskFilter::Open, TaskState::Open) | (TaskFilter::Done, TaskState::Done { .. }) => true,
        (TaskFilter::Mine, TaskState::Open) => task.mine != Mine::No || task.offer.is_some(),
        _ => false,
    }
}

fn nothing(model: &Model, membership: &Membership, filter: TaskFilter) -> Vec<BlockView> {
    let text = &model.text;
    let (icon, title, explain) = match filter {
        TaskFilter::Open if membership.my_role() == Some(Role::Friend) => {
            ("list-checks", "tasks-empty-title", "tasks-empty-helper")
        }
        TaskFilter::Open => ("list-checks", "tasks-empty-title", "tasks-empty-detail"),
        TaskFilter::Mine => ("hand-helping", "tasks-mine-empty", "tasks-mine-empty-detail"),
        TaskFilter::Done => ("check", "tasks-done-empty", "tasks-done-empty-detail"),
    };
    let mut blocks = vec![empty(icon, text.get(title), text.get(explain), Vec::new())];
    if filter == TaskFilter::Open {
        let rows = ["meal", "transport", "company", "practical", "respite"].map(|code| {
            let icon = kith_domain::task_kind(code).map_or("circle-help", |kind| kind.icon);
            let mut idea = row(code, icon, Tone::Teal, text.get(&format!("suggest-{code}")), String::new());
            idea.open = Some(open(Route::TaskForm { id: None, kind: Some(code.into()) }));
            idea
        });
        blocks.push(section(None, rows.to_vec()));
        let add = Route::TaskForm { id: None, kind: None };
        blocks.push(BlockView::Buttons(vec![button(
            text.get("task-add"),
            "plus",
            Emphasis::Normal,
            open(add),
        )]));
    }
    blocks
}

/// The day, or "any time"; what is done stands under the day it was due.
fn heading(clock: &Clock<'_>, task: &Task) -> String {
    let day: Option<NaiveDate> = task.due.day();
    match day {
        None => clock.text.get("tasks-anytime"),
        Some(day) if task.state == TaskState::Open && day < clock.today() => clock.text.get("tasks-overdue"),
        Some(day) => clock.day_heading(day),
    }
}

pub fn task_row(model: &Model, membership: &Membership, task: &Task) -> RowView {
    let text = &model.text;
    let id = task.id.to_string();
    let icon = task.spec().map_or("circle-help", |kind| kind.icon);
    let free = task.state == TaskState::Open && task.needed > 0;
    let tone = if free { Tone::Amber } else { Tone::Teal };
    let mut parts = vec![due_words(&model.clock(), task), task.place.clone()];
    parts.retain(|part| !part.is_empty());
    let who = who_has(text, membership, task);
    let detail = match parts.join(", ") {
        nothing if nothing.is_empty() => who,
        when_and_where => format!("{}. {who}", capitalised(&when_and_where)),
    };
    let mut shown = row(id.clone(), icon, tone, task.title.clone(), detail);
    shown.tag = tag(text, task);
    if let Some(tag) = &shown.tag {
        shown.spoken = format!("{}. {}", shown.spoken, tag.label);
    }
    shown.open = Some(open(Route::TaskDetail { id: id.clone() }));
    if task.state == TaskState::Open && task.mine == Mine::No && (free || task.offer.is_some()) {
        shown.actions = vec![claim_button(text, &id)];
    }
    shown
}

pub fn claim_button(text: &Text, id: &str) -> ButtonView {
    button(text.get("task-claim"), "hand-helping", Emphasis::Primary, Action::Claim { task: id.into() })
}

fn tag(text: &Text, task: &Task) -> Option<TagView> {
    let label = |label: String, tone| Some(TagView { label, tone });
    match task.state {
        TaskState::Done { .. } => label(text.get("task-is-done"), Tone::Leaf),
        TaskState::Archived => label(text.get("log-archived"), Tone::Plain),
        TaskState::Open if !task.contested.is_empty() => label(text.get("log-contested"), Tone::Amber),
        TaskState::Open if task.needed > 0 && task.slots > 1 && !task.holders.is_empty() => {
            let taken = task.holders.len();
            label(
                text.with("task-taken-of", &[("taken", taken.into()), ("slots", task.slots.into())]),
                Tone::Plain,
            )
        }
        TaskState::Open if task.needed > 0 => {
            label(text.with("task-needed", &[("n", task.needed.into())]), Tone::Amber)
        }
        TaskState::Open => None,
    }
}

/// When, in words: `today`, `14:00 to 17:00`, `before Friday`.
pub fn due_words(clock: &Clock<'_>, task: &Task) -> String {
    let text = clock.text;
    match task.due {
        Due::None => String::new(),
        Due::Day(day) => clock.near_day(day),
        Due::Before(day) => text.with("due-before", &[("day", (&clock.near_day(day)).into())]),
        Due::At { from, until } => {
            let day = clock.near_day(from.date());
            let time = clock.time_of(from);
            match until {
                Some(until) => {
                    let until = clock.time_of(until);
                    text.with(
                        "due-between",
                        &[("day", (&day).into()), ("from", (&time).into()), ("until", (&until).into())],
                    )
                }
                None => text.with("moment-on", &[("day", (&day).into()), ("time", (&time).into())]),
            }
        }
    }
}

/// Who has it: "Joan has this", "Nobody has this yet", "You have this, not confirmed yet".
pub fn who_has(text: &Text, membership: &Membership, task: &Task) -> String {
    if let TaskState::Done { by, .. } = task.state {
        let who = parts::who(text, membership, by);
        return text.with("task-done-by", &[("who", (&who).into())]);
    }
    if let Some(offer) = &task.offer {
        let who = membership.name_of(offer.from);
        return text.with("hand-over-asked", &[("who", (&who).into())]);
    }
    match task.mine {
        Mine::Holding { confirmed: true } => return text.get("task-you"),
        Mine::Holding { confirmed: false } => {
            return format!("{}, {}", text.get("task-you"), text.get("task-unconfirmed"));
        }
        Mine::Reserve { .. } => return text.get("task-you-reserve"),
        Mine::No => {}
    }
    if task.holders.is_empty() {
        return text.get("task-nobody");
    }
    let names: Vec<String> = task.holders.iter().map(|holder| membership.name_of(holder.member)).collect();
    text.with("task-have", &[("who", (&listed(text, &names)).into()), ("n", names.len().into())])
}
