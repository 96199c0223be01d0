//! What the browser tells about itself when the app starts.

use crate::{page, paths};
use shared::{Launch, Ownership, Platform};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Parts of the user agent by which browsers inside messengers give themselves away.
const IN_APP: [&str; 10] = [
    "FBAN",
    "FBAV",
    "Instagram",
    "Line/",
    "MicroMessenger",
    "WhatsApp",
    "Snapchat",
    "Twitter",
    "GSA/",
    "; wv)",
];

pub async fn launch(ownership: Ownership) -> Launch {
    let window = page::window();
    let platform = platform();
    Launch {
        origin: window.location().origin().unwrap_or_default(),
        path: paths::current(),
        languages: window.navigator().languages().iter().filter_map(|tag| tag.as_string()).collect(),
        zone: zone(),
        platform,
        ownership,
        persistent: platform == Platform::WebInstalled || persisted().await,
    }
}

fn zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    page::get(&format.resolved_options(), "timeZone").as_string().unwrap_or_else(|| "UTC".to_owned())
}

fn platform() -> Platform {
    let window = page::window();
    let navigator = window.navigator();
    let agent = navigator.user_agent().unwrap_or_default();
    let standalone =
        window.match_media("(display-mode: standalone)").ok().flatten().is_some_and(|media| media.matches());
    // An iPad calls itself a Mac, but Macs have no touch screen.
    let ios = ["iPhone", "iPad", "iPod"].iter().any(|name| agent.contains(name))
        || (agent.contains("Macintosh") && navigator.max_touch_points() > 1);
    if standalone || page::get(&navigator, "standalone") == JsValue::TRUE {
        Platform::WebInstalled
    } else if IN_APP.iter().any(|mark| agent.contains(mark)) {
        Platform::WebInApp
    } else if ios {
        Platform::WebIosTab
    } else {
        Platform::Web
    }
}

async fn persisted() -> bool {
    match page::window().navigator().storage().persisted() {
        Ok(asked) => JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy()),
        Err(_) => false,
    }
}
