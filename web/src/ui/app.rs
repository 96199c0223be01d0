//! The frame: bar, tabs, the screen (two when a sheet lies over it), and what stays at the bottom.

use super::{
    aloud::said_anew,
    appearance,
    bar::{bar, sharing_said},
    focus,
    foot::foot,
    layer::{Layer, layer},
    tabs::tabs,
};
use crate::page;
use leptos::prelude::*;
use shared::{ViewModel, view::ScreenKind};

/// Draws the app in the place of the launch picture.
pub fn mount(view: RwSignal<ViewModel>) {
    view.with_untracked(|view| appearance::apply(&view.appearance));
    leptos::mount::mount_to_body(move || app(view));
    if let Some(launch) = page::find("#launch") {
        launch.remove();
    }
}

fn app(view: RwSignal<ViewModel>) -> impl IntoView {
    let look = Memo::new(move |_| view.with(|view| view.appearance.clone()));
    Effect::new(move |_| look.with(appearance::apply));
    focus::watch();
    Effect::new(move |_| {
        view.track();
        request_animation_frame(focus::catch);
    });
    let layers = Memo::new(move |before: Option<&Vec<Layer>>| {
        let top = view.with(Layer::of);
        let under = before.and_then(|layers| layers.first()).filter(|under| under.kind != ScreenKind::Sheet);
        match under {
            Some(under) if top.kind == ScreenKind::Sheet => vec![under.clone(), top],
            _ => vec![top],
        }
    });
    // The frame is that of the screen under the sheet.
    let kind = Memo::new(move |_| match layers.with(|layers| layers.first().map(|layer| layer.kind)) {
        Some(ScreenKind::Sheet) | None => "tab",
        Some(kind) => kind_name(kind),
    });
    // A screen with a button of its own has it where the tabs are.
    let pressing = Memo::new(move |before: Option<&bool>| {
        view.with(|view| match view.screen.kind {
            ScreenKind::Sheet => before.copied().unwrap_or_default(),
            _ => view.screen.primary.is_some(),
        })
    });
    let tabless = move || view.with(|view| view.tabs.is_empty());
    let bare = move || view.with(|view| view.bar.is_none());
    view! {
        <div class="app" data-kind=kind class:bare=bare class:tabless=tabless class:pressing=pressing>
            {sharing_said(view)} {said_anew(view)}
            <div class="side">
                {bar(view)}
                {tabs(view)}
            </div>
            <main class="screens">
                <For each=move || layers.get() key=Layer::key children=move |shown| layer(view, shown) />
                {foot(view)}
            </main>
        </div>
    }
}

fn kind_name(kind: ScreenKind) -> &'static str {
    match kind {
        ScreenKind::Starting => "starting",
        ScreenKind::Onboarding => "onboarding",
        ScreenKind::Tab => "tab",
        ScreenKind::Detail => "detail",
        ScreenKind::Sheet => "sheet",
        ScreenKind::Blocked => "blocked",
    }
}
