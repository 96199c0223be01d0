//! What only the browser can do for a person: clipboard, share sheet, keeping the storage, taking over.

use crate::{owner, page};
use js_sys::Promise;
use shared::effects::{PlatformOperation, PlatformOutput};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::ShareData;

pub async fn run(operation: &PlatformOperation) -> PlatformOutput {
    let done = match operation {
        PlatformOperation::CopyText { text } => copy(text).await,
        PlatformOperation::ShareText { text } => share(text).await,
        PlatformOperation::KeepStorage => keep_storage().await,
        PlatformOperation::TakeOver => owner::take_over().await,
        PlatformOperation::Reload => page::window().location().reload().is_ok(),
    };
    if done { PlatformOutput::Happened } else { PlatformOutput::Refused }
}

async fn copy(text: &str) -> bool {
    JsFuture::from(page::window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// Where there is no share sheet the text is copied instead. Closing the sheet is a refusal, not a failure.
async fn share(text: &str) -> bool {
    let navigator = page::window().navigator();
    if page::get(&navigator, "share").is_undefined() {
        return copy(text).await;
    }
    let data = ShareData::new();
    data.set_text(text);
    settled(Ok(navigator.share_with_data(&data))).await.is_ok()
}

async fn keep_storage() -> bool {
    let asked = page::window().navigator().storage().persist();
    settled(asked).await.is_ok_and(|granted| granted.is_truthy())
}

async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?).await
}
