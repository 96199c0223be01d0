//! Text, in one line or several.

use super::field::{Described, control_id, described, say};
use crate::page;
use leptos::{
    html::{self, ElementType},
    prelude::*,
};
use shared::{FieldValue, view::FieldView};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

pub fn line(field: Memo<FieldView>, max_length: u32, purpose: &str) -> impl IntoView + use<> {
    let node = NodeRef::<html::Input>::new();
    let (autocomplete, capitals, keyboard) = match purpose {
        "name" => ("name", "words", "text"),
        "link" => ("off", "none", "url"),
        _ => ("off", "sentences", "text"),
    };
    let Described { by, invalid } = described(field);
    show(field, node, HtmlInputElement::value, HtmlInputElement::set_value);
    view! {
        <input
            class="box"
            type="text"
            node_ref=node
            id=field.with_untracked(|field| control_id(&field.id))
            value=text(field)
            maxlength=max_length.to_string()
            autocomplete=autocomplete
            autocapitalize=capitals
            inputmode=keyboard
            spellcheck=if capitals == "none" { "false" } else { "true" }
            enterkeyhint="done"
            aria-describedby=by
            aria-invalid=invalid
            aria-required=required(field)
            on:input=move |event| say(field, typed(event_target_value(&event)))
        />
    }
}

pub fn long_text(field: Memo<FieldView>, max_length: u32) -> impl IntoView + use<> {
    let node = NodeRef::<html::Textarea>::new();
    let Described { by, invalid } = described(field);
    show(field, node, HtmlTextAreaElement::value, HtmlTextAreaElement::set_value);
    view! {
        <textarea
            class="box"
            rows="4"
            node_ref=node
            id=field.with_untracked(|field| control_id(&field.id))
            maxlength=max_length.to_string()
            autocapitalize="sentences"
            aria-describedby=by
            aria-invalid=invalid
            aria-required=required(field)
            on:input=move |event| say(field, typed(event_target_value(&event)))
        >
            {text(field)}
        </textarea>
    }
}

/// Shows the core's text whenever it changes, unless somebody is typing there.
fn show<E, Node>(
    field: Memo<FieldView>,
    node: NodeRef<E>,
    value: fn(&Node) -> String,
    set_value: fn(&Node, &str),
) where
    E: ElementType<Output = Node>,
    Node: JsCast + AsRef<Element> + Clone + 'static,
{
    follow(field, move |text| {
        if let Some(node) = node.get()
            && !page::has_focus(node.as_ref())
            && value(&node) != text
        {
            set_value(&node, text);
        }
    });
}

/// Calls with the core's text whenever it changes.
pub fn follow(field: Memo<FieldView>, take: impl Fn(&str) + 'static) {
    let text = Memo::new(move |_| field.with(|field| of(&field.value)));
    Effect::new(move |_| text.with(|text| take(text)));
}

pub fn typed(text: String) -> FieldValue {
    if text.is_empty() { FieldValue::Empty } else { FieldValue::Text(text) }
}

pub fn required(field: Memo<FieldView>) -> Option<&'static str> {
    field.with_untracked(|field| field.required.then_some("true"))
}

/// The text to begin with.
pub fn text(field: Memo<FieldView>) -> String {
    field.with_untracked(|field| of(&field.value))
}

fn of(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        _ => String::new(),
    }
}
