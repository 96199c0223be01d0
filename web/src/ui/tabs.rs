//! The tabs: at the bottom on a phone, in the side rail on a wide window. The Log button stands in the rail too.

use super::{button::log_button, icon::icon};
use crate::{bridge::act, words::words};
use leptos::prelude::*;
use shared::{ViewModel, view::TabView};

pub fn tabs(view: RwSignal<ViewModel>) -> impl IntoView {
    let tabs = Memo::new(move |_| view.with(|view| view.tabs.clone()));
    let log = Memo::new(move |_| view.with(|view| view.log_button.clone()));
    move || {
        let log = log.with(|log| log.as_ref().map(|log| log_button(log, "rail-log wide big")));
        tabs.with(|tabs| (!tabs.is_empty()).then(|| (log, draw(tabs))))
    }
}

fn draw(tabs: &[TabView]) -> impl IntoView + use<> {
    let tabs: Vec<_> = tabs.iter().map(tab).collect();
    view! {
        <nav class="tabs" aria-label=words().tabs>
            {tabs}
        </nav>
    }
}

fn tab(tab: &TabView) -> impl IntoView + use<> {
    let open = tab.open.clone();
    view! {
        <button
            type="button"
            class="tab"
            aria-current=tab.selected.then_some("page")
            on:click=move |_| act(open.clone())
        >
            <span class="tab-pill">{icon(&tab.icon)}</span>
            <span class="tab-label">{tab.label.clone()}</span>
        </button>
    }
}
