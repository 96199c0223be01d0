//! Buttons in their shapes, and the words for a tone.

use super::icon::icon_if_any;
use crate::{bridge::act, words::words};
use leptos::prelude::*;
use shared::view::{ButtonView, Emphasis, TagView, Tone};

/// A button with its words.
pub fn button(button: &ButtonView) -> impl IntoView + use<> {
    shaped(button, "")
}

/// A button of a row: its name alone would be said many times on a screen, so the row's title is told with it.
pub fn button_of(button: &ButtonView, title_id: String) -> impl IntoView + use<> {
    let action = button.act.clone();
    view! {
        <button type="button" class=class(button.emphasis, "") aria-describedby=title_id on:click=move |_| act(action.clone())>
            {icon_if_any(&button.icon)}
            <span>{button.label.clone()}</span>
        </button>
    }
}

/// The same with a class of its own.
pub fn shaped(button: &ButtonView, extra: &'static str) -> impl IntoView + use<> {
    let action = button.act.clone();
    view! {
        <button type="button" class=class(button.emphasis, extra) on:click=move |_| act(action.clone())>
            {icon_if_any(&button.icon)}
            <span>{button.label.clone()}</span>
        </button>
    }
}

/// The Log button. A tab has the same word, so its name says more.
pub fn log_button(button: &ButtonView, extra: &'static str) -> impl IntoView + use<> {
    let action = button.act.clone();
    view! {
        <button
            type="button"
            class=class(button.emphasis, extra)
            aria-label=words().log
            on:click=move |_| act(action.clone())
        >
            {icon_if_any(&button.icon)}
            <span>{button.label.clone()}</span>
        </button>
    }
}

/// Only the icon is drawn; the words are the accessible name and the tooltip.
pub fn icon_button(button: &ButtonView, extra: &'static str) -> impl IntoView + use<> {
    let action = button.act.clone();
    view! {
        <button
            type="button"
            class=format!("icon-button {extra}")
            aria-label=button.label.clone()
            title=button.label.clone()
            on:click=move |_| act(action.clone())
        >
            {icon_if_any(&button.icon)}
        </button>
    }
}

/// The main button of a form: Enter in a field presses it.
pub fn submit(button: &ButtonView, form: &'static str) -> impl IntoView + use<> {
    let action = button.act.clone();
    view! {
        <button
            type="submit"
            form=form
            class=class(button.emphasis, "wide big")
            on:click=move |_| act(action.clone())
        >
            {icon_if_any(&button.icon)}
            <span>{button.label.clone()}</span>
        </button>
    }
}

pub fn tag(tag: &TagView) -> impl IntoView + use<> {
    view! { <span class=format!("tag {}", tone(tag.tone))>{tag.label.clone()}</span> }
}

pub fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Teal => "teal",
        Tone::Amber => "amber",
        Tone::Brick => "brick",
        Tone::Leaf => "leaf",
    }
}

fn class(emphasis: Emphasis, extra: &str) -> String {
    let shape = match emphasis {
        Emphasis::Primary => "primary",
        Emphasis::Normal => "normal",
        Emphasis::Quiet => "quiet",
        Emphasis::Danger => "danger",
    };
    format!("button {shape} {extra}")
}
