//! When it happened: what is likely as chips, and any earlier moment by the browser's own picker.

use super::{
    choice::radio,
    field::{control_id, say},
};
use crate::page;
use leptos::{html, prelude::*};
use shared::{
    FieldValue, Moment,
    view::{FieldKind, FieldView, MomentPreset},
};

const EARLIER: &str = "earlier";

#[derive(Clone, PartialEq)]
struct Shape {
    presets: Vec<MomentPreset>,
    earlier: String,
    latest: String,
}

pub fn time(field: Memo<FieldView>) -> impl IntoView {
    let shape = Memo::new(move |_| field.with(shape_of));
    let chosen = Memo::new(move |_| field.with(|field| chosen_id(&field.value, &shape_of(field).presets)));
    let pick = move |id: Option<String>| {
        let Shape { presets, latest, .. } = shape.get_untracked();
        let preset = |id: &str| presets.get(id.parse::<usize>().ok()?).map(|preset| preset.moment.clone());
        let value = match id.as_deref() {
            None => FieldValue::Empty,
            Some(EARLIER) => FieldValue::Moment(Moment::Local(latest)),
            Some(id) => preset(id).map_or(FieldValue::Empty, FieldValue::Moment),
        };
        say(field, value);
    };
    let name = field.with_untracked(|field| control_id(&field.id));
    let chips = move || {
        let Shape { presets, earlier, .. } = shape.get();
        let labels = presets.into_iter().enumerate().map(|(index, preset)| (index.to_string(), preset.label));
        labels
            .chain([(EARLIER.to_owned(), earlier)])
            .map(|(id, label)| radio(field, &name, &id, chosen, pick, view! { <span>{label}</span> }))
            .collect::<Vec<_>>()
    };
    let earlier = Memo::new(move |_| chosen.with(|chosen| chosen.as_deref() == Some(EARLIER)));
    view! {
        <div class="chips">{chips}</div>
        {move || earlier.get().then(|| picker(field, shape))}
    }
}

fn picker(field: Memo<FieldView>, shape: Memo<Shape>) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let local = Memo::new(move |_| {
        field.with(|field| match &field.value {
            FieldValue::Moment(Moment::Local(local)) => local.clone(),
            _ => String::new(),
        })
    });
    Effect::new(move |_| {
        let local = local.get();
        if let Some(node) = node.get().filter(|node| !page::has_focus(node) && node.value() != local) {
            node.set_value(&local);
        }
    });
    let changed = move |event| {
        let value = event_target_value(&event);
        // A date half typed has no value yet.
        if !value.is_empty() {
            say(field, FieldValue::Moment(Moment::Local(value)));
        }
    };
    view! {
        <input
            class="box"
            type="datetime-local"
            node_ref=node
            value=local.get_untracked()
            max=move || shape.with(|shape| shape.latest.clone())
            aria-label=move || shape.with(|shape| shape.earlier.clone())
            on:input=changed
        />
    }
}

fn shape_of(field: &FieldView) -> Shape {
    match &field.kind {
        FieldKind::Time { presets, earlier, latest } => {
            Shape { presets: presets.clone(), earlier: earlier.clone(), latest: latest.clone() }
        }
        _ => Shape { presets: Vec::new(), earlier: String::new(), latest: String::new() },
    }
}

/// The preset that says the same, else the picker for any other moment.
fn chosen_id(value: &FieldValue, presets: &[MomentPreset]) -> Option<String> {
    let FieldValue::Moment(moment) = value else { return None };
    let preset = presets.iter().position(|preset| preset.moment == *moment);
    Some(preset.map_or_else(|| EARLIER.to_owned(), |index| index.to_string()))
}
