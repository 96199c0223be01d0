//! What went wrong, from the names that browsers give.

use crate::page;
use shared::effects::StorageFault;
use wasm_bindgen::JsValue;

/// The fault for an exception or an aborted transaction's error.
pub fn fault(error: &JsValue) -> StorageFault {
    match page::get(error, "name").as_string().as_deref() {
        Some("QuotaExceededError") => StorageFault::Full,
        Some("SecurityError" | "NotAllowedError") => StorageFault::Refused,
        _ => StorageFault::Broken,
    }
}

/// The same for opening a database: a private window or a blocked site says `InvalidStateError` or nothing useful.
pub fn fault_at_opening(error: &JsValue) -> StorageFault {
    match fault(error) {
        StorageFault::Full => StorageFault::Full,
        _ => StorageFault::Refused,
    }
}
