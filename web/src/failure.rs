//! When the app itself fails: a page that stands in `index.html` says that nothing is lost, and how to go on.

use crate::page;

/// Shows the page on a panic, and writes the place of the panic to the console. Never what a person wrote.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        web_sys::console::error_1(&format!("kith: panic at {place}").into());
        show("failed");
    }));
}

/// Puts one of the static pages of `index.html` in the place of the app.
pub fn show(name: &str) {
    if let Some(root) = page::root() {
        // Setting an attribute with a fixed name cannot fail.
        let _ = root.set_attribute("data-page", name);
    }
}
