//! Storage's CBOR: what this device wrote itself, so reading is lenient about form and strict about content.

use minicbor::{Decode, Encode};

pub(crate) fn to_bytes<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing into a Vec cannot fail, and no codec of ours returns an error of its own.
    let _infallible = minicbor::encode(value, &mut out);
    out
}

/// `None` when the bytes are damaged or of another shape.
pub(crate) fn from_bytes<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Option<T> {
    minicbor::decode(bytes).ok()
}
