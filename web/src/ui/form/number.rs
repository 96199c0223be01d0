//! A number with its unit: typed, or by plus and minus.

use super::{
    field::{Described, control_id, described, say},
    line::required,
};
use crate::{page, ui::icon::icon, words::words};
use leptos::{html, prelude::*};
use shared::{
    FieldValue,
    view::{FieldKind, FieldView},
};

/// What the kind says of a number.
#[derive(Clone, PartialEq)]
struct Shape {
    unit: String,
    min: i64,
    max: i64,
    step: i64,
    decimals: u32,
}

pub fn number(field: Memo<FieldView>) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let shape = Memo::new(move |_| field.with(shape_of));
    let text = Memo::new(move |_| field.with(|field| written(&field.value, shape_of(field).decimals)));
    let show = move |text: &str| {
        if let Some(node) = node.get_untracked().filter(|node| node.value() != text) {
            node.set_value(text);
        }
    };
    Effect::new(move |_| {
        let typing = node.get().is_some_and(|node| page::has_focus(&node));
        text.with(|text| {
            if !typing {
                show(text);
            }
        });
    });
    let by = move |steps: i64| {
        let Shape { min, max, step, .. } = shape.get_untracked();
        let next = match field.with_untracked(|field| field.value.clone()) {
            FieldValue::Number(now) => {
                now.saturating_add(step.saturating_mul(steps)).clamp(min, max.max(min))
            }
            _ => min.max(0),
        };
        say(field, FieldValue::Number(next));
        show(&written(&FieldValue::Number(next), shape.with_untracked(|shape| shape.decimals)));
    };
    let named = |word: &str| field.with_untracked(|field| format!("{}: {word}", field.label));
    let keyboard = if shape.with_untracked(|shape| shape.decimals) == 0 { "numeric" } else { "decimal" };
    let Described { by: described_by, invalid } = described(field);
    view! {
        <div class="number">
            <button type="button" class="icon-button framed" aria-label=named(words().less) on:click=move |_| by(-1)>
                {icon("minus")}
            </button>
            <span class="box holder">
                <input
                    type="text"
                    node_ref=node
                    id=field.with_untracked(|field| control_id(&field.id))
                    value=text.get_untracked()
                    inputmode=keyboard
                    autocomplete="off"
                    enterkeyhint="done"
                    aria-describedby=described_by
                    aria-invalid=invalid
                    aria-required=required(field)
                    on:input=move |event| {
                        let decimals = shape.with_untracked(|shape| shape.decimals);
                        say(field, read(&event_target_value(&event), decimals));
                    }
                    on:blur=move |_| text.with_untracked(|text| if !text.is_empty() { show(text) })
                />
                <span class="unit">{move || shape.with(|shape| shape.unit.clone())}</span>
            </span>
            <button type="button" class="icon-button framed" aria-label=named(words().more) on:click=move |_| by(1)>
                {icon("plus")}
            </button>
        </div>
    }
}

fn shape_of(field: &FieldView) -> Shape {
    match &field.kind {
        FieldKind::Number { unit, min, max, step, decimals } => {
            Shape { unit: unit.clone(), min: *min, max: *max, step: *step, decimals: *decimals }
        }
        FieldKind::Duration { max_minutes } => Shape {
            unit: words().minutes.to_owned(),
            min: 0,
            max: i64::from(*max_minutes),
            step: 5,
            decimals: 0,
        },
        _ => Shape { unit: String::new(), min: 0, max: i64::MAX, step: 1, decimals: 0 },
    }
}

/// `366` with one decimal as `36.6`, or `36,6` in French. What the person typed and nobody could read stays as it is.
fn written(value: &FieldValue, decimals: u32) -> String {
    match value {
        FieldValue::Number(number) if decimals == 0 => number.to_string(),
        FieldValue::Number(number) => {
            let sign = if *number < 0 { "-" } else { "" };
            let width = decimals as usize + 1;
            let digits = format!("{:0>width$}", number.unsigned_abs());
            let (whole, part) = digits.split_at(digits.len() - decimals as usize);
            let point =
                if page::root().is_some_and(|root| root.lang().starts_with("fr")) { ',' } else { '.' };
            format!("{sign}{whole}{point}{part}")
        }
        FieldValue::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// Reads either decimal sign. What is no number goes to the core as text, which says what is wrong with it.
fn read(text: &str, decimals: u32) -> FieldValue {
    let text = text.trim();
    if text.is_empty() {
        return FieldValue::Empty;
    }
    scaled(text, decimals).map_or_else(|| FieldValue::Text(text.to_owned()), FieldValue::Number)
}

fn scaled(text: &str, decimals: u32) -> Option<i64> {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if part.len() > decimals as usize || !digits(part) || !digits(whole.trim_start_matches('-')) {
        return None;
    }
    let width = decimals as usize;
    format!("{whole}{part:0<width$}").parse().ok()
}
