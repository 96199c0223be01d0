//! 0 to 10 as a radio group: two rows on a phone, as eleven targets do not fit into one; words at both ends.

use super::{
    choice::radio,
    field::{control_id, say},
};
use leptos::prelude::*;
use shared::{
    FieldValue,
    view::{FieldKind, FieldView},
};

pub fn scale(field: Memo<FieldView>) -> impl IntoView {
    let ends = Memo::new(move |_| {
        field.with(|field| match &field.kind {
            FieldKind::Scale { low, high } => (low.clone(), high.clone()),
            _ => (String::new(), String::new()),
        })
    });
    let chosen = Memo::new(move |_| {
        field.with(|field| match field.value {
            FieldValue::Number(number) => Some(number.to_string()),
            _ => None,
        })
    });
    let pick = move |id: Option<String>| {
        let number = id.and_then(|id| id.parse().ok());
        say(field, number.map_or(FieldValue::Empty, FieldValue::Number));
    };
    let name = field.with_untracked(|field| control_id(&field.id));
    let steps: Vec<_> = (0..=10)
        .map(|step: i64| {
            // The words at the ends are part of what a screen reader hears there.
            let said = move || {
                ends.with(|(low, high)| match step {
                    0 => format!(", {low}"),
                    10 => format!(", {high}"),
                    _ => String::new(),
                })
            };
            let words = view! {
                <span>{step}</span>
                <span class="said">{said}</span>
            };
            radio(field, &name, &step.to_string(), chosen, pick, words)
        })
        .collect();
    view! {
        <div class="scale">{steps}</div>
        <div class="scale-ends" aria-hidden="true">
            <span>{move || ends.with(|ends| ends.0.clone())}</span>
            <span>{move || ends.with(|ends| ends.1.clone())}</span>
        </div>
    }
}
