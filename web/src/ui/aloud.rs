//! What is said aloud of a screen that changes while somebody waits before it: four words that came, a code that is
//! made, a phone that is in. The heading stays, so the focus does not move, and a screen reader would be silent.

use leptos::prelude::*;
use shared::{
    ViewModel,
    view::{BlockView, ScreenKind, ScreenView},
};

#[derive(Clone, PartialEq)]
struct Said {
    path: String,
    /// What the screen said when it came; of that the heading speaks, which has the focus then.
    first: String,
    now: String,
}

pub fn said_anew(view: RwSignal<ViewModel>) -> impl IntoView {
    let said = Memo::new(move |before: Option<&Said>| {
        view.with(|view| {
            let now = says(&view.screen).to_owned();
            let same = before.filter(|before| before.path == view.path);
            let first = same.map_or_else(|| now.clone(), |before| before.first.clone());
            Said { path: view.path.clone(), first, now }
        })
    });
    view! {
        <p class="said" role="status">
            {move || said.with(|said| (said.now != said.first).then(|| said.now.clone()))}
        </p>
    }
}

/// The first sentence of a screen on which one waits. A tab's own screen changes too often to be read aloud.
fn says(screen: &ScreenView) -> &str {
    if !matches!(screen.kind, ScreenKind::Detail | ScreenKind::Onboarding) {
        return "";
    }
    let sentence = screen.blocks.iter().find_map(|block| match block {
        BlockView::Text(text) => Some(text.text.as_str()),
        BlockView::Banner(banner) => Some(banner.title.as_str()),
        _ => None,
    });
    sentence.unwrap_or_default()
}
