//! Who: members of the circle as chips with faces, or somebody else by name.

use super::{
    choice::{face, radio},
    field::{control_id, options, say},
    line::typed,
};
use leptos::{html, prelude::*};
use shared::{
    FieldValue,
    view::{FieldKind, FieldView},
};

const SOMEBODY_ELSE: &str = "somebody-else";

pub fn person(field: Memo<FieldView>) -> impl IntoView {
    // "Somebody else" is chosen before there is a name.
    let naming = RwSignal::new(false);
    let members = Memo::new(move |_| field.with(options));
    let chosen = Memo::new(move |_| {
        field.with(|field| match &field.value {
            FieldValue::Chosen(ids) => ids.first().cloned(),
            FieldValue::Text(_) => Some(SOMEBODY_ELSE.to_owned()),
            _ => naming.get().then(|| SOMEBODY_ELSE.to_owned()),
        })
    });
    let pick = move |id: Option<String>| {
        naming.set(id.as_deref() == Some(SOMEBODY_ELSE));
        let member = id.filter(|id| id != SOMEBODY_ELSE);
        say(field, member.map_or(FieldValue::Empty, |id| FieldValue::Chosen(vec![id])));
    };
    let name = field.with_untracked(|field| control_id(&field.id));
    let somebody_else = Memo::new(move |_| {
        field.with(|field| match &field.kind {
            FieldKind::Person { somebody_else, .. } => somebody_else.clone(),
            _ => String::new(),
        })
    });
    let chips = move || {
        let member = |option: shared::view::OptionView| {
            let words = (face(&option.label), view! { <span>{option.label.clone()}</span> });
            radio(field, &name, &option.id, chosen, pick, words)
        };
        let mut chips: Vec<_> = members.get().into_iter().map(member).collect();
        let other = somebody_else.get();
        if !other.is_empty() {
            chips.push(radio(field, &name, SOMEBODY_ELSE, chosen, pick, view! { <span>{other}</span> }));
        }
        chips
    };
    let named = Memo::new(move |_| chosen.with(|chosen| chosen.as_deref() == Some(SOMEBODY_ELSE)));
    view! {
        <div class="chips">{chips}</div>
        {move || named.get().then(|| by_name(field, somebody_else))}
    }
}

fn by_name(field: Memo<FieldView>, label: Memo<String>) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let (text, max_length) = field.with_untracked(|field| {
        let text = if let FieldValue::Text(text) = &field.value { text.clone() } else { String::new() };
        let FieldKind::Person { max_length, .. } = &field.kind else { return (text, 0) };
        (text, *max_length)
    });
    // Chosen just now, so the name comes next.
    node.on_load(|node| {
        request_animation_frame(move || {
            if node.value().is_empty() {
                // Focusing what can have the focus does not fail.
                let _ = node.focus();
            }
        });
    });
    view! {
        <input
            class="box person-name"
            type="text"
            node_ref=node
            value=text
            maxlength=max_length.to_string()
            autocomplete="off"
            autocapitalize="words"
            aria-label=label
            on:input=move |event| say(field, typed(event_target_value(&event)))
        />
    }
}
