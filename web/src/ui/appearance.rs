//! Theme, text size and language, on the root element.

use crate::page;
use shared::{Theme, view::Appearance};

/// A root's font size where nobody changed anything.
const USUAL_PIXELS: f64 = 16.0;
/// From here on (the app's setting times the browser's) rows stand above each other.
const LARGE: f64 = 1.3;

pub fn apply(look: &Appearance) {
    let Some(root) = page::root() else { return };
    root.set_lang(&look.language);
    // The names are fixed, and setting an attribute with a good name cannot fail.
    let _ = match look.theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
        Theme::Night => root.set_attribute("data-theme", "night"),
    };
    // In per cent, so that it multiplies the browser's own setting.
    let _ = root.style().set_property("font-size", &format!("{}%", look.text_percent.clamp(50, 400)));
    let Ok(Some(style)) = page::window().get_computed_style(&root) else { return };
    let of = |name| style.get_property_value(name).unwrap_or_default();
    let pixels = of("font-size").trim_end_matches("px").parse().unwrap_or(USUAL_PIXELS);
    let _ = root.toggle_attribute_with_force("data-large", pixels > LARGE * USUAL_PIXELS);
    if let Some(meta) = page::find("meta[name=theme-color]") {
        let _ = meta.set_attribute("content", of("--paper").trim());
    }
}
