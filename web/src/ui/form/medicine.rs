//! A medicine: free text, and what the circle has used before to tap.

use super::{
    field::say,
    line::{line, typed},
};
use crate::page;
use leptos::prelude::*;
use shared::{
    FieldValue,
    view::{FieldKind, FieldView},
};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

pub fn medicine(field: Memo<FieldView>, max_length: u32) -> impl IntoView {
    let suggestions = Memo::new(move |_| {
        field.with(|field| match &field.kind {
            FieldKind::Medicine { suggestions, .. } => suggestions.clone(),
            _ => Vec::new(),
        })
    });
    let label = field.with_untracked(|field| field.label.clone());
    let chips = move || suggestions.get().into_iter().map(|name| chip(field, name)).collect::<Vec<_>>();
    view! {
        {line(field, max_length, "link")}
        <div class="chips" role="group" aria-label=label>
            {chips}
        </div>
    }
}

fn chip(field: Memo<FieldView>, name: String) -> impl IntoView {
    let chosen = {
        let name = name.clone();
        move || field.with(|field| field.value == FieldValue::Text(name.clone()))
    };
    let choose = {
        let name = name.clone();
        move |_| {
            let id = field.with_untracked(|field| super::field::control_id(&field.id));
            let input = page::document().get_element_by_id(&id);
            // The person's tap changes the text even while the field has the focus.
            if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
                input.set_value(&name);
            }
            say(field, typed(name.clone()));
        }
    };
    view! {
        <button type="button" class="chip" aria-pressed=move || if chosen() { "true" } else { "false" } on:click=choose>
            {name}
        </button>
    }
}
