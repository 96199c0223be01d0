//! A screen: heading, blocks. Drawn anew when the path changes, otherwise only where something changed.
//!
//! A sheet lies over the screen before it as a modal dialog, which keeps the focus in, and closes with Escape or by
//! tapping beside it.

use super::{
    blocks::{BlockKey, block},
    button::{button, icon_button, tag},
    focus::{focus, heading as heading_has_focus},
    foot::{footnote, messages, primary},
};
use crate::{bridge::act, page, paths};
use leptos::{html, prelude::*};
use shared::{
    Action, ViewModel,
    view::{ScreenKind, ScreenView},
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Which screen it is.
#[derive(Clone, PartialEq)]
pub struct Layer {
    pub path: String,
    pub kind: ScreenKind,
}

impl Layer {
    pub fn of(view: &ViewModel) -> Self {
        Self { path: view.path.clone(), kind: view.screen.kind }
    }

    pub fn key(&self) -> String {
        format!("{} {}", self.kind as u8, self.path)
    }
}

pub fn layer(view: RwSignal<ViewModel>, layer: Layer) -> AnyView {
    let sheet = layer.kind == ScreenKind::Sheet;
    // What lies under a sheet stays as it was.
    let screen = Memo::new(move |before: Option<&ScreenView>| {
        view.with(|view| match before {
            Some(before) if Layer::of(view) != layer => before.clone(),
            _ => view.screen.clone(),
        })
    });
    if sheet { over(view, screen).into_any() } else { plain(screen).into_any() }
}

fn plain(screen: Memo<ScreenView>) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    // A change of screen moves the focus to its heading, and the scroll to where it was.
    heading.on_load(|heading| {
        let heading: HtmlElement = heading.unchecked_into();
        request_animation_frame(move || {
            page::window().scroll_to_with_x_and_y(0.0, paths::scroll());
            focus(&heading);
        });
    });
    // The first screen of all has nothing before it, and shows the brand.
    let first = move || screen.with(|screen| screen.back.is_none());
    view! {
        <div class="screen" class:first=first>
            {head(screen, heading)} {blocks(screen)}
        </div>
    }
}

fn over(view: RwSignal<ViewModel>, screen: Memo<ScreenView>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let heading = NodeRef::<html::H1>::new();
    let opener = page::document().active_element().and_then(|opener| opener.dyn_into::<HtmlElement>().ok());
    let opener = StoredValue::new_local(opener);
    dialog.on_load(move |dialog| {
        request_animation_frame(move || {
            // Fails only when it is open already, or was taken away in this frame.
            let _ = dialog.show_modal();
            if let Some(heading) = heading.get_untracked() {
                focus(&heading);
            }
        });
    });
    on_cleanup(move || {
        let opener = opener.try_get_value().flatten().filter(|opener| opener.tag_name() != "BODY");
        request_animation_frame(move || {
            // Some browsers do not focus what is tapped; and what was tapped may be gone.
            match opener.filter(|opener| opener.is_connected()) {
                Some(opener) => focus(&opener),
                None => heading_has_focus(),
            }
        });
    });
    let back = move || {
        act(screen
            .with_untracked(|screen| screen.back.as_ref().map_or(Action::Back, |back| back.act.clone())));
    };
    view! {
        <dialog
            class="sheet"
            node_ref=dialog
            aria-labelledby="sheet-heading"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                back();
            }
            on:click=move |event| {
                // The veil is the dialog itself; what is on the sheet lies in a box.
                let on_veil = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
                if on_veil.is_some_and(|target| target.class_name() == "sheet") {
                    back();
                }
            }
        >
            <div class="sheet-box">
                <div class="sheet-scroll">{head(screen, heading)} {blocks(screen)}</div>
                <div class="sheet-foot">
                    <div class="messages" role="status">
                        {messages(view)}
                    </div>
                    {move || screen.with(primary)}
                </div>
            </div>
        </dialog>
    }
}

fn head(screen: Memo<ScreenView>, heading: NodeRef<html::H1>) -> impl IntoView {
    let sheet = screen.with_untracked(|screen| screen.kind == ScreenKind::Sheet);
    let title = Memo::new(move |_| screen.with(|screen| screen.heading.clone()));
    Effect::new(move |_| title.with(|title| page::document().set_title(&titled(title))));
    // Before a circle is open, another heading is another step, also at the same path.
    let steps = screen.with_untracked(|screen| screen.kind == ScreenKind::Onboarding);
    Effect::new(move |before: Option<String>| {
        let now = title.get();
        if steps && before.is_some_and(|before| before != now) {
            request_animation_frame(heading_has_focus);
        }
        now
    });
    let around = Memo::new(move |_| {
        screen.with(|screen| {
            (screen.back.clone(), screen.tag.clone(), screen.actions.clone(), screen.lead.clone())
        })
    });
    view! {
        <div class="head">
            {move || around.with(|(back, ..)| back.as_ref().map(|back| icon_button(back, "back")))}
            <h1 tabindex="-1" node_ref=heading id=sheet.then_some("sheet-heading")>
                {title}
            </h1>
            {move || around.with(|(_, label, ..)| label.as_ref().map(tag))}
            {move || {
                around
                    .with(|(_, _, actions, _)| {
                        actions
                            .iter()
                            .map(|action| {
                                if action.icon.is_empty() {
                                    button(action).into_any()
                                } else {
                                    icon_button(action, "").into_any()
                                }
                            })
                            .collect::<Vec<_>>()
                    })
            }}
        </div>
        {move || around.with(|(.., lead)| lead.clone().map(|lead| view! { <p class="lead">{lead}</p> }))}
    }
}

fn blocks(screen: Memo<ScreenView>) -> impl IntoView {
    let keys = Memo::new(move |_| screen.with(|screen| BlockKey::all(&screen.blocks)));
    let note = Memo::new(move |_| {
        screen.with(|screen| screen.footnote.clone().filter(|_| screen.primary.is_none()))
    });
    view! {
        <For each=move || keys.get() key=Clone::clone children=move |key| block(screen, key) />
        {move || note.with(|note| note.as_deref().map(footnote))}
    }
}

fn titled(heading: &str) -> String {
    if heading.is_empty() || heading == "Kith" { "Kith".to_owned() } else { format!("{heading} · Kith") }
}
