//! The core's path and the browser's history, kept the same; and the scroll of each place one can go back to.
//!
//! The core says where the person is. A new path becomes a new entry of the history; the path of the entry before
//! becomes a step back. What the browser's own buttons do is told to the core.

use crate::{bridge::send, page};
use shared::{Event, ViewModel, view::ScreenKind};
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::ScrollRestoration;

#[derive(Default)]
struct Paths {
    /// Oldest first; the last is where the person is. Empty until the core has shown a first screen.
    places: Vec<Place>,
    /// The browser moved, and the core is being told.
    moving: bool,
    /// Where the next screen should be scrolled to, in CSS pixels.
    scroll: f64,
}

struct Place {
    path: String,
    scroll: f64,
}

thread_local! {
    static PATHS: RefCell<Paths> = RefCell::default();
}

/// The path in the address bar.
pub fn current() -> String {
    page::window().location().pathname().unwrap_or_else(|_| "/".to_owned())
}

/// Changes the address without a new entry.
pub fn replace(path: &str) {
    if let Ok(history) = page::window().history() {
        // A browser may refuse when it is asked too often; the address is then a moment old.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// Where the screen that is being drawn should be scrolled to.
pub fn scroll() -> f64 {
    PATHS.with_borrow(|paths| paths.scroll)
}

/// Brings the history to where the core is. Called with every view.
pub fn shown(view: &ViewModel) {
    // A blocked tab keeps its address: taking over starts anew from there.
    if matches!(view.screen.kind, ScreenKind::Starting | ScreenKind::Blocked) {
        return;
    }
    PATHS.with_borrow_mut(|paths| paths.follow(&view.path));
}

/// Tells the core when the browser moves.
pub fn watch() {
    if let Ok(history) = page::window().history() {
        // Left to itself the browser scrolls before the screen is drawn.
        let _ = history.set_scroll_restoration(ScrollRestoration::Manual);
    }
    page::listen(&page::window(), "popstate", |_| moved());
}

fn moved() {
    let path = current();
    let known = PATHS.with_borrow_mut(|paths| {
        let known = paths.places.last().is_none_or(|place| place.path == path);
        paths.moving = !known;
        known
    });
    // A step back of our own, or a change of the `#` part only.
    if known {
        return;
    }
    send(Event::PathOpened { path });
    let shown = PATHS.with_borrow_mut(|paths| {
        paths.moving = false;
        paths.places.last().map(|place| place.path.clone())
    });
    if let Some(shown) = shown.filter(|shown| *shown != current()) {
        replace(&shown);
    }
}

impl Paths {
    fn follow(&mut self, path: &str) {
        let count = self.places.len();
        if self.places.last().is_some_and(|place| place.path == path) {
            return;
        }
        if let Some(place) = self.places.last_mut() {
            place.scroll = page::window().scroll_y().unwrap_or_default();
        }
        let back = count > 1 && self.places[count - 2].path == path;
        if back {
            self.places.pop();
            self.scroll = self.places.last().map_or(0.0, |place| place.scroll);
        } else {
            self.places.push(Place { path: path.to_owned(), scroll: 0.0 });
            self.scroll = 0.0;
        }
        let Ok(history) = page::window().history() else { return };
        // Refused only when asked too often; the address is then a moment old.
        let _ = match (count, self.moving, back) {
            (0, ..) if path == current() => Ok(()),
            // A secret that could not be stored stays behind, one step back.
            (0, ..) if page::window().location().hash().is_ok_and(|hash| !hash.is_empty()) => {
                history.push_state_with_url(&JsValue::NULL, "", Some(path))
            }
            (0, ..) | (_, true, _) => history.replace_state_with_url(&JsValue::NULL, "", Some(path)),
            (_, _, true) => history.back(),
            _ => history.push_state_with_url(&JsValue::NULL, "", Some(path)),
        };
    }
}
