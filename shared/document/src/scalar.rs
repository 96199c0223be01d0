//! The values a field may hold; the same seven that the guard lets through.

use minicbor::{Decode, Encode};

/// One value. Times are `Int` or `Uint` in the smallest unit; there are no counters and no timestamps.
#[derive(Debug, Clone, Encode, Decode)]
pub enum Scalar {
    #[n(0)]
    Null,
    #[n(1)]
    Bool(#[n(0)] bool),
    #[n(2)]
    Int(#[n(0)] i64),
    #[n(3)]
    Uint(#[n(0)] u64),
    #[n(4)]
    Float(#[n(0)] f64),
    #[n(5)]
    Text(#[n(0)] String),
    #[n(6)]
    Bytes(
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        Vec<u8>,
    ),
}

/// Floats are equal when their bits are, so that a value is always equal to itself.
impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Uint(a), Self::Uint(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Scalar {}

impl Scalar {
    /// The text, when it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Length of the value in bytes where it is as long as its writer chose; 0 for the others.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => 0,
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u64> for Scalar {
    fn from(number: u64) -> Self {
        Self::Uint(number)
    }
}

impl From<bool> for Scalar {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}
