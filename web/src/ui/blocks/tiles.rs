//! Large things to tap: kinds of entries.

use crate::{
    bridge::act,
    ui::{button::tone, icon::icon_if_any},
};
use leptos::prelude::*;
use shared::view::TileView;

pub fn tiles(tiles: &[TileView]) -> impl IntoView + use<> {
    let tiles: Vec<_> = tiles.iter().map(|one| view! { <li>{tile(one)}</li> }).collect();
    view! { <ul class="tiles">{tiles}</ul> }
}

fn tile(tile: &TileView) -> impl IntoView + use<> {
    let action = tile.act.clone();
    let detail =
        (!tile.detail.is_empty()).then(|| view! { <span class="detail">{tile.detail.clone()}</span> });
    view! {
        <button type="button" class="tile" on:click=move |_| act(action.clone())>
            <span class=format!("disc {}", tone(tile.tone))>{icon_if_any(&tile.icon)}</span>
            <span class="title">{tile.title.clone()}</span>
            {detail}
        </button>
    }
}
