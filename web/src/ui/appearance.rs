//! Theme, text size and language, on the root element.

use crate::page;
use shared::{Theme, view::Appearance};

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
    let _ = root.toggle_attribute_with_force("data-large", look.text_percent > 125);
    if let (Some(meta), Ok(Some(style))) =
        (page::find("meta[name=theme-color]"), page::window().get_computed_style(&root))
    {
        let paper = style.get_property_value("--paper").unwrap_or_default();
        let _ = meta.set_attribute("content", paper.trim());
    }
}
