//! One strict way in and out of CBOR, so that no two byte strings mean the same thing.

use minicbor::{Decode, Encode};
use std::cmp::Ordering;

/// Why bytes could not be read. Nothing was changed by the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than anything honest of this kind.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The most bytes this kind may have.
        limit: usize,
    },
    /// Not CBOR, cut off, or of another shape.
    #[error("not readable")]
    Malformed,
    /// Readable, but not in the one permitted form (longest integers, indefinite lengths, bytes left over).
    #[error("not in the one permitted form")]
    NotCanonical,
    /// Well formed, but with elements, variants or a version that this build does not know: park and update.
    #[error("made by a newer version")]
    Newer,
    /// Of a version that is not read any more.
    #[error("made by a version that is not read any more")]
    Older,
}

/// A type that travels or is stored: array-based CBOR, read strictly and within a limit.
pub trait Wire: Sized {
    /// The most bytes that `decode` looks at.
    const LIMIT: usize;

    /// The one encoding of this value.
    fn encode(&self) -> Vec<u8>;

    /// Reads exactly one value. Fails on anything that `encode` would not have written.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError>;
}

/// Gives minicbor-derived types their limit.
macro_rules! wire {
    ($($type:ty = $limit:expr),+ $(,)?) => {$(
        impl $crate::cbor::Wire for $type {
            const LIMIT: usize = $limit;
            fn encode(&self) -> Vec<u8> {
                $crate::cbor::to_vec(self)
            }
            fn decode(bytes: &[u8]) -> Result<Self, $crate::cbor::DecodeError> {
                $crate::cbor::from_slice(bytes, Self::LIMIT)
            }
        }
        impl $type {
            /// The one encoding of this value.
            pub fn encode(&self) -> Vec<u8> {
                <Self as $crate::cbor::Wire>::encode(self)
            }
            /// Reads exactly one value; see [`crate::cbor::Wire::decode`].
            pub fn decode(bytes: &[u8]) -> Result<Self, $crate::cbor::DecodeError> {
                <Self as $crate::cbor::Wire>::decode(bytes)
            }
        }
    )+};
}
pub(crate) use wire;

pub(crate) fn to_vec<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing into a Vec cannot fail, and no codec of ours returns an error of its own.
    let _infallible = minicbor::encode(value, &mut out);
    out
}

pub(crate) fn from_slice<T: Encode<()> + for<'b> Decode<'b, ()>>(
    bytes: &[u8],
    limit: usize,
) -> Result<T, DecodeError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLarge { limit });
    }
    check_form(bytes)?;
    let value: T = minicbor::decode(bytes).map_err(|error| {
        if error.is_unknown_variant() { DecodeError::Newer } else { DecodeError::Malformed }
    })?;
    // The form is right, so a difference can only be elements which the decoder skipped.
    if to_vec(&value) == bytes { Ok(value) } else { Err(DecodeError::Newer) }
}

/// Looks at the version, the first element of every signed array, before anything else is read: a later
/// version may have any other shape.
pub(crate) fn check_version(bytes: &[u8], limit: usize, known: u32) -> Result<(), DecodeError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLarge { limit });
    }
    let mut decoder = minicbor::Decoder::new(bytes);
    let version = decoder.array().and_then(|_| decoder.u32()).map_err(|_| DecodeError::Malformed)?;
    match version.cmp(&known) {
        Ordering::Equal => Ok(()),
        Ordering::Less => Err(DecodeError::Older),
        Ordering::Greater => Err(DecodeError::Newer),
    }
}

/// Walks one item: definite lengths, shortest heads, only integers, strings, arrays, booleans and null,
/// nothing left over. Depth is bounded, so no input exhausts the stack.
fn check_form(bytes: &[u8]) -> Result<(), DecodeError> {
    const DEPTH: usize = 16;
    let mut open: [u64; DEPTH] = [0; DEPTH];
    open[0] = 1;
    let mut depth = 0;
    let mut at = 0usize;
    loop {
        while open[depth] == 0 {
            if depth == 0 {
                return if at == bytes.len() { Ok(()) } else { Err(DecodeError::NotCanonical) };
            }
            depth -= 1;
        }
        open[depth] -= 1;
        let (major, argument, next) = head(bytes, at)?;
        at = next;
        match major {
            // Unsigned and negative integers; false, true, null.
            0 | 1 | 7 => {}
            2 | 3 => {
                let length = usize::try_from(argument).map_err(|_| DecodeError::Malformed)?;
                at =
                    at.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(DecodeError::Malformed)?;
            }
            4 => {
                if argument > (bytes.len() - at) as u64 {
                    return Err(DecodeError::Malformed);
                }
                depth += 1;
                *open.get_mut(depth).ok_or(DecodeError::Malformed)? = argument;
            }
            _ => return Err(DecodeError::NotCanonical),
        }
    }
}

/// The major type, the argument and where the content starts.
fn head(bytes: &[u8], at: usize) -> Result<(u8, u64, usize), DecodeError> {
    let first = *bytes.get(at).ok_or(DecodeError::Malformed)?;
    let (major, short) = (first >> 5, first & 0x1f);
    if major == 7 {
        return if (20..=22).contains(&short) { Ok((7, 0, at + 1)) } else { Err(DecodeError::NotCanonical) };
    }
    let (width, smallest) = match short {
        0..=23 => return Ok((major, u64::from(short), at + 1)),
        24 => (1, 24),
        25 => (2, 1 << 8),
        26 => (4, 1 << 16),
        27 => (8, 1 << 32),
        31 => return Err(DecodeError::NotCanonical),
        _ => return Err(DecodeError::Malformed),
    };
    let digits = bytes.get(at + 1..at + 1 + width).ok_or(DecodeError::Malformed)?;
    let argument = digits.iter().fold(0u64, |sum, digit| (sum << 8) | u64::from(*digit));
    if argument < smallest { Err(DecodeError::NotCanonical) } else { Ok((major, argument, at + 1 + width)) }
}
