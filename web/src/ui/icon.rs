//! Icons, from the sprite in `index.html`. Always beside words, so hidden from screen readers.

use crate::page;
use leptos::prelude::*;

/// A name that the sprite does not have is a neutral dot.
pub fn icon(name: &str) -> impl IntoView + use<> {
    let id = format!("i-{name}");
    let known = page::document().get_element_by_id(&id).is_some();
    let href = if known { format!("#{id}") } else { "#i-dot".to_owned() };
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use_ href=href />
        </svg>
    }
}

/// None for an empty name.
pub fn icon_if_any(name: &str) -> Option<impl IntoView + use<>> {
    (!name.is_empty()).then(|| icon(name))
}
