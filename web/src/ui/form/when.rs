//! When it should be: no day, a day, or a day and a time, by the browser's own pickers.

use super::field::say;
use crate::{page, words::words};
use leptos::{html, prelude::*};
use shared::{
    FieldValue, Moment,
    view::{FieldKind, FieldView},
};

pub fn when(field: Memo<FieldView>) -> impl IntoView {
    let (day, time) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let parts = Memo::new(move |_| field.with(|field| parts_of(&field.value)));
    let earliest = Memo::new(move |_| {
        field.with(|field| match &field.kind {
            FieldKind::When { earliest } => earliest.split('T').next().unwrap_or_default().to_owned(),
            _ => String::new(),
        })
    });
    Effect::new(move |_| {
        let (on, at) = parts.get();
        for (node, text) in [(day, on), (time, at)] {
            if let Some(node) = node.get().filter(|node| !page::has_focus(node) && node.value() != text) {
                node.set_value(&text);
            }
        }
    });
    let read = |node: NodeRef<html::Input>| node.get_untracked().map(|node| node.value()).unwrap_or_default();
    let changed = move || {
        let (on, at) = (read(day), read(time));
        let value = match (on.is_empty(), at.is_empty()) {
            (true, _) => FieldValue::Empty,
            (false, true) => FieldValue::Moment(Moment::Day(on)),
            (false, false) => FieldValue::Moment(Moment::Local(format!("{on}T{at}"))),
        };
        say(field, value);
    };
    let first = parts.get_untracked();
    let no_day = Memo::new(move |_| parts.with(|(on, _)| on.is_empty()));
    view! {
        <div class="parts">
            <label class="part">
                <span>{words().day}</span>
                <input
                    class="box"
                    type="date"
                    node_ref=day
                    value=first.0
                    min=earliest
                    on:input=move |_| changed()
                />
            </label>
            <label class="part">
                <span>{words().time}</span>
                <input
                    class="box"
                    type="time"
                    node_ref=time
                    value=first.1
                    disabled=no_day
                    on:input=move |_| changed()
                />
            </label>
        </div>
    }
}

/// Day and time as the pickers write them.
fn parts_of(value: &FieldValue) -> (String, String) {
    match value {
        FieldValue::Moment(Moment::Day(day)) => (day.clone(), String::new()),
        FieldValue::Moment(Moment::Local(local)) => {
            let (day, time) = local.split_once('T').unwrap_or((local, ""));
            (day.to_owned(), time.chars().take(5).collect())
        }
        _ => (String::new(), String::new()),
    }
}
