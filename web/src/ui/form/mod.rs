//! Forms as the core describes them: a small set of fields, each drawn once.
//!
//! The shell owns the text of the field that has the focus and tells the core every change; what the core says is
//! taken over where the focus is not. A form with another id is another form, drawn anew.

mod choice;
mod duration;
mod field;
mod line;
mod medicine;
mod moment;
mod number;
mod person;
mod scale;
mod when;

use crate::page;
use field::field;
use leptos::prelude::*;
use shared::view::{BlockView, FieldView, FormView};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The id of the form on the screen, for its button, which stands at the bottom.
pub const FORM: &str = "form";

pub fn form(block: Memo<BlockView>, first: FormView) -> impl IntoView {
    let form = Memo::new(move |_| {
        block.with(|block| match block {
            BlockView::Form(form) => form.clone(),
            _ => first.clone(),
        })
    });
    let ids = Memo::new(move |_| form.with(|form| form.fields.iter().map(FieldKey::of).collect::<Vec<_>>()));
    let submitted = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // The core has answered in this turn; what it found wrong is drawn in the next frame.
        request_animation_frame(focus_first_fault);
    };
    view! {
        <form id=FORM class="form" novalidate autocomplete="off" on:submit=submitted>
            <For each=move || ids.get() key=Clone::clone children=move |key| one(form, &key) />
        </form>
    }
}

/// A field is drawn anew when its kind changes under the same id.
#[derive(Clone, PartialEq, Eq, Hash)]
struct FieldKey {
    id: String,
    kind: std::mem::Discriminant<shared::view::FieldKind>,
}

impl FieldKey {
    fn of(field: &FieldView) -> Self {
        Self { id: field.id.clone(), kind: std::mem::discriminant(&field.kind) }
    }
}

fn one(form: Memo<FormView>, key: &FieldKey) -> Option<AnyView> {
    let find = {
        let key = key.clone();
        move |form: &FormView| form.fields.iter().find(|field| FieldKey::of(field) == key).cloned()
    };
    let first = form.with_untracked(&find)?;
    let shown = Memo::new(move |before: Option<&FieldView>| {
        form.with(&find).or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    });
    Some(field(shown))
}

fn focus_first_fault() {
    let fault = page::find("#form :is([aria-invalid=true], [data-invalid=true])");
    // A group of choices has the focus on its first.
    let inner = fault.as_ref().and_then(|fault| fault.query_selector("input").ok().flatten());
    if let Some(element) = inner.and_then(|inner| inner.dyn_into::<HtmlElement>().ok()).or(fault) {
        // Focusing what can have the focus does not fail.
        let _ = element.focus();
    }
}
