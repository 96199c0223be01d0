//! The log, days newest first, and how an entry is said in a line.

use super::{
    BlockView, Emphasis, FieldKind, RowView, ScreenKind, ScreenView, SectionView, TagView, Tone,
    fields::form_view,
    parts::{self, button, empty, open, row, screen},
    settings::{chip, chips},
};
use crate::{
    event::{Action, FieldValue, Route},
    model::{Membership, Model},
    text::{Text, capitalised},
};
use kith_document::EditScript;
use kith_domain::{Argument, Happened, ItemId, LIST_LOG, LogEntry, Value, kinds, summary};
use std::collections::BTreeSet;

pub fn log(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let wanted = usize::try_from(model.lists.windows.max(1) * crate::model::WINDOW).unwrap_or(usize::MAX);
    let mut found: Vec<&LogEntry> = matching_entries(model, membership).take(wanted + 1).collect();
    let more = found.len() > wanted;
    found.truncate(wanted);
    let filtered = !model.lists.log_kind.is_empty() || !model.lists.log_text.is_empty();
    let mut blocks = Vec::new();
    if filtered || !found.is_empty() {
        blocks.push(find(model));
        blocks.extend(kind_chips(model, membership));
    }
    if found.is_empty() {
        let (title, explain) = if filtered {
            ("log-none-title", "log-none-detail")
        } else {
            ("log-empty-title", "log-empty-detail")
        };
        let log = button(text.get("log"), "notebook-pen", Emphasis::Primary, open(Route::QuickLog));
        let actions = if filtered { Vec::new() } else { vec![log] };
        blocks.push(empty("notebook-text", text.get(title), text.get(explain), actions));
    }
    blocks.extend(days(model, membership, &found));
    if more {
        blocks.push(BlockView::Buttons(vec![button(
            text.get("show-more"),
            "chevron-down",
            Emphasis::Normal,
            Action::ShowMore,
        )]));
    }
    screen(ScreenKind::Tab, text.get("log-heading"), blocks)
}

fn days(model: &Model, membership: &Membership, entries: &[&LogEntry]) -> Vec<BlockView> {
    let clock = model.clock();
    entries
        .chunk_by(|one, next| one.happened.local_day() == next.happened.local_day())
        .filter_map(|day| {
            let title = clock.day_heading(day.first()?.happened.local_day());
            let rows = day.iter().map(|entry| entry_row(model, membership, entry)).collect();
            Some(BlockView::Section(SectionView { title: Some(title), rows, more: None }))
        })
        .collect()
}

pub fn entry_row(model: &Model, membership: &Membership, entry: &LogEntry) -> RowView {
    let text = &model.text;
    let clock = model.clock();
    let id = entry.id.to_string();
    let (icon, tone) = entry.spec().map_or(("circle-help", Tone::Plain), |kind| (kind.icon, tone(kind.tone)));
    let who = parts::who(text, membership, entry.author);
    let editors: Vec<String> = entry.edited_by.iter().map(|editor| membership.name_of(*editor)).collect();
    let detail = match (entry.pending, editors.is_empty()) {
        (true, _) => text.with("log-pending", &[("who", (&who).into())]),
        (false, false) => {
            text.with("log-edited", &[("who", (&who).into()), ("editor", (&listed(text, &editors)).into())])
        }
        (false, true) => who,
    };
    let time = clock.time_of(entry.happened.local());
    let mut shown = row(id.clone(), icon, tone, entry_title(model, entry), detail);
    shown.spoken = format!("{time}, {}. {}", shown.title, shown.detail);
    shown.time = Some(time);
    shown.tag = (!entry.contested.is_empty())
        .then(|| TagView { label: text.get("log-contested"), tone: Tone::Amber });
    shown.open = Some(open(Route::LogEntry { id }));
    shown
}

/// An entry in a few words: "Drink, 200 ml".
pub fn entry_title(model: &Model, entry: &LogEntry) -> String {
    let said = summary(entry);
    let membership = model.membership();
    let arguments: Vec<(String, String)> = said
        .arguments
        .iter()
        .map(|(name, argument)| (name.clone(), argument_words(model, membership, argument)))
        .collect();
    let borrowed: Vec<(&str, crate::text::Argument<'_>)> =
        arguments.iter().map(|(name, words)| (name.as_str(), words.into())).collect();
    capitalised(&shortened(&model.text.with(&said.key, &borrowed)))
}

/// One line of a row; the whole stands on the entry's own screen.
fn shortened(words: &str) -> String {
    const MOST: usize = 160;
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    format!("{}…", line.chars().take(MOST).collect::<String>().trim_end())
}

/// A value in words.
pub fn value_words(model: &Model, membership: &Membership, value: &Value) -> String {
    kith_domain::argument(value)
        .map(|argument| argument_words(model, Some(membership), &argument))
        .unwrap_or_default()
}

fn argument_words(model: &Model, membership: Option<&Membership>, argument: &Argument) -> String {
    let text = &model.text;
    match argument {
        Argument::Text(words) => words.clone(),
        Argument::Number(number) => number.to_string(),
        Argument::Amount(amount) => {
            let unit = text.get(&format!("unit-{}", amount.unit));
            let mut number = kith_domain::Amount { unit: String::new(), ..amount.clone() }.to_string();
            if text.locale.is_french() {
                number = number.replace('.', ",");
            }
            text.with("amount", &[("number", (&number).into()), ("unit", (&unit).into())])
        }
        Argument::Minutes(minutes) => duration(text, *minutes),
        Argument::Time(time) => {
            let clock = model.clock();
            clock.moment(u64::try_from(time.instant_ms()).unwrap_or(0))
        }
        Argument::Member(member) => {
            membership.map(|membership| membership.name_of(*member)).unwrap_or_default()
        }
        Argument::Key(key) => text.get(key),
        Argument::Keys(keys) => listed(text, &keys.iter().map(|key| text.get(key)).collect::<Vec<_>>()),
    }
}

fn duration(text: &Text, minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, n) => text.with("duration-minutes", &[("n", n.into())]),
        (hours, 0) => text.with("duration-hours", &[("hours", hours.into())]),
        (hours, n) => text.with("duration-both", &[("hours", hours.into()), ("n", n.into())]),
    }
}

/// "Anna, Marie and Tom".
pub fn listed(text: &Text, names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => {
            text.with("and", &[("first", (&first.join(", ")).into()), ("last", last.into())])
        }
    }
}

pub fn tone(tone: kith_domain::Tone) -> Tone {
    match tone {
        kith_domain::Tone::Plain => Tone::Plain,
        kith_domain::Tone::Teal => Tone::Teal,
        kith_domain::Tone::Amber => Tone::Amber,
        kith_domain::Tone::Leaf => Tone::Leaf,
        kith_domain::Tone::Brick => Tone::Brick,
    }
}

/// Every entry of a list in memory, newest first.
pub fn entries<'a>(membership: &'a Membership, list: &str) -> impl Iterator<Item = &'a LogEntry> {
    membership.rows.entries(list)
}

/// The entries that the log shows: not put away, of the kind and with the words that were asked for.
pub fn matching_entries<'a>(
    model: &'a Model,
    membership: &'a Membership,
) -> impl Iterator<Item = &'a LogEntry> {
    let wanted = model.lists.log_text.trim().to_lowercase();
    entries(membership, LIST_LOG)
        .filter(|entry| !entry.archived)
        .filter(|entry| model.lists.log_kind.is_empty() || entry.kind == model.lists.log_kind)
        .filter(move |entry| wanted.is_empty() || says(model, entry, &wanted))
}

fn says(model: &Model, entry: &LogEntry, wanted: &str) -> bool {
    let written = |value: &Value| matches!(value, Value::Text(text) if text.to_lowercase().contains(wanted));
    entry_title(model, entry).to_lowercase().contains(wanted) || entry.values.values().any(written)
}

/// The kinds that this circle has used; nothing to choose from below two.
fn kind_chips(model: &Model, membership: &Membership) -> Option<BlockView> {
    let text = &model.text;
    let chosen = &model.lists.log_kind;
    let used: BTreeSet<&str> = entries(membership, LIST_LOG).map(|entry| entry.kind.as_str()).collect();
    let mut all =
        vec![chip(text.get("log-all"), chosen.is_empty(), Action::FilterLog { kind: String::new() })];
    all.extend(kinds().iter().filter(|kind| used.contains(kind.code) || chosen == kind.code).map(|kind| {
        chip(text.get(&kind.label_key()), chosen == kind.code, Action::FilterLog { kind: kind.code.into() })
    }));
    (all.len() > 2).then(|| chips(text.get("log-kinds"), false, all))
}

fn find(model: &Model) -> BlockView {
    let kind = FieldKind::Line { max_length: 100, purpose: "search".into() };
    let mut find = super::fields::field(model, "find", "log-find", false, kind);
    find.value = FieldValue::Text(model.lists.log_text.clone());
    let BlockView::Form(mut form) = form_view(model, vec![find]) else { return form_view(model, Vec::new()) };
    form.id = "find".into();
    BlockView::Form(form)
}

/// What a script that adds an entry will read as, before it is kept.
pub fn entry_of_script(script: &EditScript, id: ItemId, code: &str, happened: Happened) -> LogEntry {
    let spec = kith_domain::kind(code);
    let values = script
        .steps
        .iter()
        .filter_map(|step| match step {
            kith_document::Step::Put { path, value } => {
                let field = path.get(2)?;
                Some((field.clone(), spec?.field(field).map(|_| spec.map(|spec| spec.read(field, value)))??))
            }
            _ => None,
        })
        .collect();
    LogEntry {
        id,
        kind: code.to_owned(),
        happened,
        values,
        contested: Vec::new(),
        author: None,
        edited_by: Vec::new(),
        changed_by: None,
        written_ms: 0,
        changed_ms: 0,
        pending: true,
        ignored: Vec::new(),
        archived: false,
        needs_history: false,
    }
}
