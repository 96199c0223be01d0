//! One entry of the log: what it says, what others wrote at the same time, its history; and its form.

use super::{
    BlockView, Emphasis, FieldKind as Shown, FieldView, MomentPreset, OptionView, RowView, ScreenView,
    TagView, Tone,
    fields::{field, form_view, options},
    history,
    log::{entry_title, value_words},
    parts::{self, banner, button, detail, open, row, section},
};
use crate::{
    event::{Action, Moment, Route},
    model::{Membership, Model, WHEN},
};
use kith_domain::{Contested, FieldKind, FieldSpec, Kind, LogEntry, log};

/// Doses this close by different people are pointed out.
const NEARBY_MINUTES: u32 = 240;

pub fn entry(model: &Model, membership: &Membership, id: &str) -> ScreenView {
    let text = &model.text;
    let Some(entry) = membership.entry(id) else { return super::build::not_found(model) };
    let clock = model.clock();
    let mut blocks = Vec::new();
    for contested in &entry.contested {
        blocks.push(versions(
            model,
            membership,
            id,
            &field_label(model, &entry, &contested.field),
            contested,
        ));
    }
    let all = super::log::entries(membership, kith_domain::LIST_DOSES);
    for near in log::nearby_doses(&entry, all, NEARBY_MINUTES) {
        let when = clock.ago(u64::try_from(near.happened.instant_ms()).unwrap_or(0));
        let who = near.author.map(|author| membership.name_of(author)).unwrap_or_default();
        let medicine = near.text("medicine").unwrap_or_default();
        let title = text.with("nearby-dose-title", &[("when", (&when).into())]);
        let explain =
            text.with("nearby-dose-detail", &[("who", (&who).into()), ("medicine", medicine.into())]);
        blocks.push(banner(Tone::Amber, "triangle-alert", title, explain, Vec::new()));
    }
    blocks.push(section(None, facts(model, membership, &entry)));
    if membership.reads_care() {
        let mut buttons = Vec::new();
        if entry.archived {
            buttons.push(button(
                text.get("restore"),
                "rotate-ccw",
                Emphasis::Normal,
                Action::Restore { item: id.into() },
            ));
        } else {
            let form = Route::LogForm { kind: entry.kind.clone(), id: Some(id.into()) };
            if entry.spec().is_some() {
                buttons.push(button(text.get("edit"), "pencil", Emphasis::Normal, open(form)));
            }
            buttons.push(button(
                text.get("archive"),
                "archive",
                Emphasis::Normal,
                Action::Archive { item: id.into() },
            ));
        }
        blocks.push(BlockView::Buttons(buttons));
    }
    let label = |name: &str| field_label(model, &entry, name);
    blocks.extend(history::section_of(model, membership, id, &label));
    let mut shown = detail(text, entry_title(model, &entry), blocks);
    if entry.pending {
        shown.tag = Some(TagView { label: text.get("waiting-to-be-shared"), tone: Tone::Plain });
    } else if entry.archived {
        shown.tag = Some(TagView { label: text.get("log-archived"), tone: Tone::Plain });
    }
    shown
}

fn facts(model: &Model, membership: &Membership, entry: &LogEntry) -> Vec<RowView> {
    let text = &model.text;
    let clock = model.clock();
    let local = entry.happened.local();
    let when = format!("{}, {}", clock.day_heading(local.date()), clock.time_of(local));
    let mut rows = vec![row("when", "clock", Tone::Plain, text.get("entry-when"), when)];
    if let Some(spec) = entry.spec() {
        for one in spec.fields {
            if let Some(value) = entry.values.get(one.id) {
                let said = value_words(model, membership, value);
                if !said.is_empty() {
                    rows.push(row(one.id, "", Tone::Plain, text.get(&one.label_key(spec)), said));
                }
            }
        }
    } else {
        for (id, value) in &entry.values {
            rows.push(row(id, "", Tone::Plain, id.clone(), value_words(model, membership, value)));
        }
    }
    let who = parts::who(text, membership, entry.author);
    rows.push(row(
        "who",
        "pencil",
        Tone::Plain,
        text.get("entry-who"),
        format!("{who}, {}", clock.ago(entry.written_ms)),
    ));
    rows
}

/// What several people wrote in one place, to choose from.
pub fn versions(
    model: &Model,
    membership: &Membership,
    id: &str,
    label: &str,
    contested: &Contested,
) -> BlockView {
    let text = &model.text;
    let clock = model.clock();
    let versions = (0_u32..)
        .zip(&contested.versions)
        .map(|(index, said)| {
            let who = parts::who(text, membership, said.by);
            let when = said.stamp.map_or_else(|| text.get("waiting-to-be-shared"), |stamp| clock.ago(stamp));
            let choose = Action::ChooseVersion { item: id.into(), field: contested.field.clone(), index };
            super::VersionView {
                text: value_words(model, membership, &said.value),
                by: text.with("versions-by", &[("who", (&who).into()), ("when", (&when).into())]),
                choose: button(text.get("choose-this"), "check", Emphasis::Normal, choose),
            }
        })
        .collect();
    BlockView::Versions(super::VersionsView {
        title: text.with("versions-title", &[("field", label.into())]),
        versions,
    })
}

fn field_label(model: &Model, entry: &LogEntry, name: &str) -> String {
    match entry.spec().and_then(|spec| Some((spec, spec.field(name)?))) {
        Some((spec, one)) => model.text.get(&one.label_key(spec)),
        None if name == "t" => model.text.get("field-t"),
        None => name.to_owned(),
    }
}

pub fn form(model: &Model, membership: &Membership, code: &str, id: Option<&str>) -> ScreenView {
    let text = &model.text;
    let Some(kind) = kith_domain::kind(code) else { return super::build::not_found(model) };
    let mut fields: Vec<FieldView> =
        kind.fields.iter().map(|spec| of_kind(model, membership, kind, spec)).collect();
    fields.push(when_field(model));
    let mut shown = detail(text, text.get(&kind.label_key()), vec![form_view(model, fields)]);
    shown.primary = Some(button(text.get("keep"), "check", Emphasis::Primary, Action::Keep));
    if id.is_none() && code == "dose" {
        let latest = log::last_doses(super::log::entries(membership, kith_domain::LIST_DOSES));
        if let Some(last) = latest.first() {
            let when = model.clock().ago(u64::try_from(last.happened.instant_ms()).unwrap_or(0));
            let who = last.by.as_ref().map(|by| value_words(model, membership, by)).unwrap_or_default();
            let words = text.with("today-last-dose", &[("when", (&when).into()), ("who", (&who).into())]);
            shown.blocks.insert(0, banner(Tone::Amber, "pill", last.medicine.clone(), words, Vec::new()));
        }
    }
    shown
}

fn when_field(model: &Model) -> FieldView {
    let text = &model.text;
    let minutes = |n: u32| MomentPreset {
        label: text.with("when-minutes", &[("n", n.into())]),
        moment: Moment::MinutesAgo(n),
    };
    let now = MomentPreset { label: text.get("when-now"), moment: Moment::Now };
    let latest = model.clock().local(model.now_ms).format("%Y-%m-%dT%H:%M").to_string();
    let kind = Shown::Time {
        presets: vec![now, minutes(15), minutes(60)],
        earlier: text.get("when-earlier"),
        latest,
    };
    field(model, WHEN, "when-field", false, kind)
}

fn of_kind(model: &Model, membership: &Membership, kind: &Kind, spec: &FieldSpec) -> FieldView {
    let text = &model.text;
    let max_length = u32::try_from(log::MAX_LINE).unwrap_or(u32::MAX);
    let shown = match spec.kind {
        FieldKind::Text => Shown::Line { max_length, purpose: String::new() },
        FieldKind::LongText => {
            Shown::LongText { max_length: u32::try_from(log::MAX_TEXT).unwrap_or(u32::MAX) }
        }
        FieldKind::Number { unit, min, max, step, decimals } => {
            Shown::Number { unit: text.get(&format!("unit-{unit}")), min, max, step, decimals }
        }
        FieldKind::Scale => {
            let ends = if kind.code == "mood" { "-mood" } else { "" };
            Shown::Scale {
                low: text.get(&format!("scale-low{ends}")),
                high: text.get(&format!("scale-high{ends}")),
            }
        }
        FieldKind::Choice { options: codes } => Shown::Choice { options: options(model, "option", codes) },
        FieldKind::Choices { options: codes } => Shown::Choices { options: options(model, "option", codes) },
        FieldKind::YesNo => Shown::YesNo { yes: text.get("yes"), no: text.get("no") },
        FieldKind::Time => return FieldView { ..time_field(model, kind, spec) },
        FieldKind::Duration { max } => Shown::Duration { max_minutes: max },
        FieldKind::Person => Shown::Person {
            options: people(membership),
            somebody_else: text.get("somebody-else"),
            max_length,
        },
        FieldKind::Medicine => Shown::Medicine { suggestions: medicines(membership), max_length },
        FieldKind::Fraction => {
            Shown::Fraction { options: options(model, "fraction", &["0", "1", "2", "3", "4"]) }
        }
    };
    field(model, spec.id, &spec.label_key(kind), spec.required, shown)
}

fn time_field(model: &Model, kind: &Kind, spec: &FieldSpec) -> FieldView {
    let shown = when_field(model).kind;
    field(model, spec.id, &spec.label_key(kind), spec.required, shown)
}

fn people(membership: &Membership) -> Vec<OptionView> {
    membership.people().into_iter().map(|(id, label)| OptionView { id: id.to_string(), label }).collect()
}

/// Medicines that were logged before, latest first.
fn medicines(membership: &Membership) -> Vec<String> {
    let doses = super::log::entries(membership, kith_domain::LIST_DOSES);
    log::last_doses(doses).into_iter().map(|dose| dose.medicine).take(8).collect()
}
