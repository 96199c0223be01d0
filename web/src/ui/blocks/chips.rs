//! One of several: filters as loose chips, or parts of one bar. Toggle buttons in a named group to a screen reader.

use crate::bridge::act;
use leptos::prelude::*;
use shared::view::{ChipView, ChipsView};

pub fn chips(chips: &ChipsView) -> impl IntoView + use<> {
    let class = if chips.joined { "chips joined" } else { "chips" };
    let label = chips.label.clone();
    let chips: Vec<_> = chips.chips.iter().map(chip).collect();
    // The words are seen only where a screen has several of these (`30-controls.css`).
    view! {
        <div class="chips-box">
            <p class="chips-label" aria-hidden="true">
                {label.clone()}
            </p>
            <div class=class role="group" aria-label=label>
                {chips}
            </div>
        </div>
    }
}

fn chip(chip: &ChipView) -> impl IntoView + use<> {
    let action = chip.act.clone();
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=if chip.selected { "true" } else { "false" }
            on:click=move |_| act(action.clone())
        >
            {chip.label.clone()}
        </button>
    }
}
