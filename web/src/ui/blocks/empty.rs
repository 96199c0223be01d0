//! A place with nothing in it yet: what it is good for, and the first step.

use crate::ui::{button::button, icon::icon_if_any};
use leptos::prelude::*;
use shared::view::EmptyView;

pub fn empty(empty: &EmptyView) -> impl IntoView + use<> {
    let actions: Vec<_> = empty.actions.iter().map(button).collect();
    let actions = (!actions.is_empty()).then(|| view! { <div class="actions">{actions}</div> });
    let mark = icon_if_any(&empty.icon).map(|icon| view! { <span class="disc teal large">{icon}</span> });
    view! {
        <div class="empty">
            {mark}
            <h2>{empty.title.clone()}</h2>
            <p>{empty.detail.clone()}</p>
            {actions}
        </div>
    }
}
