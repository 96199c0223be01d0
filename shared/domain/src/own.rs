//! What a member keeps for themselves, across their own devices: when they last looked.

use kith_document::{EditScript, Item, Step};

use crate::lawful::unsigned;
use crate::{Member, self_document};

/// What an edit is for that notes when somebody looked. The app writes it by itself.
pub const LOOKED: &str = "self.looked";

/// Reads the `meta` map of `private/<member>/self`: when they last looked, on any of their devices (Unix
/// milliseconds).
pub fn last_looked(meta: &Item) -> Option<u64> {
    let versions = meta.fields.get("looked")?;
    versions.iter().filter_map(|version| unsigned(&version.value)).max()
}

/// Keeps that the member has looked.
pub fn looked(me: Member, now_ms: u64) -> EditScript {
    let steps = vec![Step::put(["meta", "looked"], now_ms)];
    EditScript { document: self_document(me), intent: LOOKED.to_owned(), steps }
}
