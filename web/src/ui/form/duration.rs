//! How long: minutes by steps for what is short, else hours and minutes.

use super::{field::say, number::number};
use crate::{page, words::words};
use leptos::{html, prelude::*};
use shared::{FieldValue, view::FieldView};

/// Up to here minutes are counted; above, hours as well.
const SHORT: u32 = 120;

pub fn duration(field: Memo<FieldView>, max_minutes: u32) -> AnyView {
    if max_minutes <= SHORT {
        return number(field).into_any();
    }
    let (hours, minutes) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let value = Memo::new(move |_| {
        field.with(|field| match field.value {
            FieldValue::Number(minutes) => Some(minutes),
            _ => None,
        })
    });
    let parts = move || match value.get() {
        Some(all) => ((all / 60).to_string(), (all % 60).to_string()),
        None => (String::new(), String::new()),
    };
    Effect::new(move |_| {
        let (whole, rest) = parts();
        for (node, text) in [(hours, whole), (minutes, rest)] {
            if let Some(node) = node.get().filter(|node| !page::has_focus(node) && node.value() != text) {
                node.set_value(&text);
            }
        }
    });
    let read = |node: NodeRef<html::Input>| node.get_untracked().map(|node| node.value()).unwrap_or_default();
    let changed = move || {
        let (whole, rest) = (read(hours), read(minutes));
        if whole.is_empty() && rest.is_empty() {
            return say(field, FieldValue::Empty);
        }
        let number = |text: &str| text.trim().parse::<i64>().unwrap_or_default().clamp(0, 100_000);
        let all = number(&whole).saturating_mul(60).saturating_add(number(&rest)).min(i64::from(max_minutes));
        say(field, FieldValue::Number(all));
    };
    let part = move |node: NodeRef<html::Input>, unit: &'static str| {
        view! {
            <label class="box holder">
                <input type="text" inputmode="numeric" autocomplete="off" node_ref=node on:input=move |_| changed() />
                <span class="unit">{unit}</span>
            </label>
        }
    };
    view! { <div class="parts">{part(hours, words().hours)} {part(minutes, words().minutes)}</div> }
        .into_any()
}
