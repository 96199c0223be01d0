//! Ids: fresh ones from random bytes, and the names by which the app speaks of an item together with its document.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kith_document::DocumentName;

/// A UUID v4 as 22 characters of base64url, from 16 random bytes.
pub fn new_id(mut random: [u8; 16]) -> String {
    random[6] = (random[6] & 0x0f) | 0x40;
    random[8] = (random[8] & 0x3f) | 0x80;
    URL_SAFE_NO_PAD.encode(random)
}

/// An item and its document: `2026-11.<uuid>` for the log, `2026.<uuid>` for a task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId {
    pub document: DocumentName,
    pub item: String,
}

/// Why a text is not the id of an entry or a task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not the id of a log entry or a task")]
pub struct IdError;

const LOG: &str = "care/log-";
const TASKS: &str = "commons/tasks-";

impl ItemId {
    /// The item `item` of `document`, which may be any.
    pub fn new(document: &DocumentName, item: &str) -> Self {
        Self { document: document.clone(), item: item.to_owned() }
    }

    /// Reads an id that crossed to a shell or stood in a link. The item need not exist.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let (period, item) = text.split_once('.').ok_or(IdError)?;
        let digits =
            |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        let name = match period.split_once('-') {
            Some((year, month)) if digits(year, 4) && digits(month, 2) => format!("{LOG}{period}"),
            None if digits(period, 4) => format!("{TASKS}{period}"),
            _ => return Err(IdError),
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if item.len() != 22 || !item.bytes().all(plain) {
            return Err(IdError);
        }
        let document = DocumentName::parse(&name).map_err(|_| IdError)?;
        Ok(Self { document, item: item.to_owned() })
    }
}

impl std::fmt::Display for ItemId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.document.as_str();
        let period = name.strip_prefix(LOG).or_else(|| name.strip_prefix(TASKS)).unwrap_or(name);
        write!(out, "{period}.{}", self.item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_v4_of_22_characters() {
        for random in [[0; 16], [255; 16]] {
            let bytes = URL_SAFE_NO_PAD.decode(new_id(random)).unwrap();
            assert_eq!((bytes.len(), bytes[6] >> 4, bytes[8] >> 6), (16, 4, 2));
        }
    }

    #[test]
    fn an_item_id_carries_its_document_there_and_back() {
        for (period, document) in [("2026-11", "care/log-2026-11"), ("2026", "commons/tasks-2026")] {
            let text = format!("{period}.{}", new_id([7; 16]));
            let id = ItemId::parse(&text).unwrap();
            assert_eq!((id.document.as_str(), id.to_string()), (document, text));
        }
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in [
            "",
            ".",
            "2026-11",
            "2026-11.short",
            "26.AAAAAAAAAAAAAAAAAAAAAA",
            "2026-1.AAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(ItemId::parse(text), Err(IdError), "{text}");
        }
        assert_eq!(ItemId::parse("2026.AAAAAAAAAAAAAAAAAAAA/A"), Err(IdError));
    }
}
