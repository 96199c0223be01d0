//! The name of a document: which class it is of, and which of that class's documents.

use minicbor::{Decode, Decoder, Encode};

/// Longest name, in bytes.
const MAX_BYTES: usize = 64;

/// `care/log-2026-11`, `commons/tasks-2026`, `private/7/self`: the class, a slash, the rest.
///
/// At most 64 bytes of lower-case ASCII letters, digits, `-` and `/`, no empty part. Names that this build does not
/// know are allowed: such documents are guarded and kept like known ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
#[cbor(transparent)]
pub struct DocumentName(#[n(0)] String);

/// Why a text is not a document's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a document's name has at most {MAX_BYTES} bytes, this one {0}")]
    TooLong(usize),
    #[error("a document's name is a class and at least one more part, of a-z, 0-9 and -, parted by /")]
    Shape,
}

impl DocumentName {
    /// Reads a name and checks its shape.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.len() > MAX_BYTES {
            return Err(NameError::TooLong(text.len()));
        }
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let mut parts = 0_usize;
        for part in text.split('/') {
            if part.is_empty() || !part.bytes().all(plain) {
                return Err(NameError::Shape);
            }
            parts += 1;
        }
        if parts < 2 { Err(NameError::Shape) } else { Ok(Self(text.to_owned())) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the first slash: `commons`, `network`, `care`, `private`, or one that is not known yet.
    pub fn class(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }
}

impl std::fmt::Display for DocumentName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::str::FromStr for DocumentName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl<'b, C> Decode<'b, C> for DocumentName {
    fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Self::parse(decoder.str()?).map_err(minicbor::decode::Error::message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_class_are_read_and_give_their_class() {
        for (text, class) in [
            ("care/log-2026-11", "care"),
            ("commons/tasks-2026", "commons"),
            ("private/7/self", "private"),
            ("garden/beds", "garden"),
        ] {
            let name = DocumentName::parse(text).unwrap();
            assert_eq!((name.as_str(), name.class()), (text, class));
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in ["", "care", "care/", "/log", "care//x", "Care/log", "care/lög", "care/a b", "care/../x"]
        {
            assert_eq!(DocumentName::parse(text), Err(NameError::Shape), "{text}");
        }
        let long = format!("care/{}", "x".repeat(60));
        assert_eq!(DocumentName::parse(&long), Err(NameError::TooLong(65)));
    }
}
