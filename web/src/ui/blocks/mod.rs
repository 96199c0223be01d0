//! The blocks of a screen, each drawn once. Lists and forms follow changes inside them; the rest is patched whole.

mod banner;
mod chips;
mod empty;
mod key;
mod points;
mod qr;
mod row;
mod section;
mod tiles;
mod versions;

use super::{button::shaped, form::form};
use leptos::prelude::*;
use shared::view::{BlockView, ButtonView, ScreenView, TextView};

pub use key::BlockKey;

/// The block of this key, for as long as it is on the screen.
pub fn block(screen: Memo<ScreenView>, key: BlockKey) -> AnyView {
    let shown = Memo::new(move |before: Option<&BlockView>| {
        screen.with(|screen| {
            key.find(&screen.blocks).or(before).cloned().unwrap_or(BlockView::Buttons(Vec::new()))
        })
    });
    match shown.get_untracked() {
        BlockView::Form(view) => form(shown, view).into_any(),
        BlockView::Section(view) => section::section(shown, view).into_any(),
        _ => (move || shown.with(draw)).into_any(),
    }
}

fn draw(block: &BlockView) -> AnyView {
    match block {
        BlockView::Text(view) => text(view).into_any(),
        BlockView::Banner(view) => banner::banner(view).into_any(),
        BlockView::Tiles(tiles) => tiles::tiles(tiles).into_any(),
        BlockView::Chips(view) => chips::chips(view).into_any(),
        BlockView::Buttons(view) => buttons(view).into_any(),
        BlockView::Points(view) => points::points(view).into_any(),
        BlockView::Qr(view) => qr::qr(view).into_any(),
        BlockView::Versions(view) => versions::versions(view).into_any(),
        BlockView::Words(view) => words(view).into_any(),
        BlockView::Empty(view) => empty::empty(view).into_any(),
        // Drawn by `block`: they follow their own changes.
        BlockView::Form(_) | BlockView::Section(_) => ().into_any(),
    }
}

fn text(text: &TextView) -> impl IntoView + use<> {
    view! { <p class=if text.soft { "text soft" } else { "text" }>{text.text.clone()}</p> }
}

fn buttons(buttons: &[ButtonView]) -> impl IntoView + use<> {
    let buttons: Vec<_> = buttons.iter().map(|button| shaped(button, "wide")).collect();
    view! { <div class="buttons">{buttons}</div> }
}

fn words(words: &[String]) -> impl IntoView + use<> {
    let words: Vec<_> = words.iter().map(|word| view! { <li>{word.clone()}</li> }).collect();
    view! { <ol class="words">{words}</ol> }
}
