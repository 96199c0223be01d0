//! The top bar: whose circle, is everything shared, settings.

use super::{
    button::icon_button,
    icon::{icon, icon_if_any},
};
use crate::bridge::act;
use leptos::prelude::*;
use shared::{
    ViewModel,
    view::{BarView, SharingKind, SharingView},
};

pub fn bar(view: RwSignal<ViewModel>) -> impl IntoView {
    let bar = Memo::new(move |_| view.with(|view| view.bar.clone()));
    move || bar.with(|bar| bar.as_ref().map(draw))
}

fn draw(bar: &BarView) -> impl IntoView + use<> {
    let switch = bar.switch.act.clone();
    view! {
        <header class="bar">
            <span class="face" aria-hidden="true">{bar.initial.clone()}</span>
            <div class="bar-words">
                <button
                    type="button"
                    class="switch"
                    aria-label=format!("{}. {}", bar.person, bar.switch.label)
                    on:click=move |_| act(switch.clone())
                >
                    <span>{bar.person.clone()}</span>
                    {icon("chevron-down")}
                </button>
                {sharing(&bar.sharing)}
            </div>
            {icon_button(&bar.settings, "")}
        </header>
    }
}

fn sharing(sharing: &SharingView) -> impl IntoView + use<> {
    let class = format!("sharing {}", if needs_a_look(sharing.kind) { "look" } else { "calm" });
    let words = (icon_if_any(&sharing.icon), sharing.text.clone());
    match sharing.open.clone() {
        Some(open) => view! {
            <button type="button" class=class on:click=move |_| act(open.clone())>
                {words.0}
                <span>{words.1}</span>
            </button>
        }
        .into_any(),
        None => view! {
            <p class=class>
                {words.0}
                <span>{words.1}</span>
            </p>
        }
        .into_any(),
    }
}

/// What a screen reader hears of the sharing line: only when its kind changes, not with every number in it.
pub fn sharing_said(view: RwSignal<ViewModel>) -> impl IntoView {
    let kind = Memo::new(move |_| view.with(|view| view.bar.as_ref().map(|bar| bar.sharing.kind)));
    let text = move || {
        // Only reading it makes the memo follow the view.
        kind.get()?;
        view.with_untracked(|view| view.bar.as_ref().map(|bar| bar.sharing.text.clone()))
    };
    view! {
        <p class="said" role="status" aria-live="polite">
            {text}
        </p>
    }
}

fn needs_a_look(kind: SharingKind) -> bool {
    !matches!(kind, SharingKind::AllShared | SharingKind::Sharing | SharingKind::NoReception)
}
