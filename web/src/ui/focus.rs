//! Where the focus goes: to a heading, back to a button, and never into nothing.

use crate::page;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

thread_local! {
    static LAST: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Without moving the page.
pub fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Focusing what can have the focus does not fail.
    let _ = element.focus_with_options(&options);
}

/// Remembers what has the focus.
pub fn watch() {
    page::listen(&page::document(), "focusin", |event| {
        LAST.set(event.target().and_then(|target| target.dyn_into().ok()));
    });
}

/// When what had the focus was taken away ("Undo", once used), the heading of the screen has it. A focus that the
/// person moved away is left alone.
pub fn catch() {
    let gone = LAST.with_borrow(|last| last.as_ref().is_some_and(|last| !last.is_connected()));
    let nowhere = page::document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    if gone && nowhere {
        LAST.set(None);
        heading();
    }
}

/// The heading of what can be reached: a sheet's, else the screen's.
pub fn heading() {
    if let Some(heading) = page::find("dialog h1").or_else(|| page::find(".screen h1")) {
        focus(&heading);
    }
}
