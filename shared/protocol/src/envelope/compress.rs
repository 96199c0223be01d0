//! Raw deflate (RFC 1951) with a preset dictionary, and inflating that stops at a limit.

use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// What both sides pretend to have sent before: pinned for version 0, its hash stands in docs/protocol.md.
pub const DICTIONARY: &[u8] = include_bytes!("dictionary.bin");
/// The most bytes that an envelope inflates to: 1 MiB.
pub const MAX_INFLATED: usize = 1024 * 1024;

/// 4095 probes, lazy matching, raw: the strongest that miniz has.
const FLAGS: u32 = 0x0fff;

/// Why a body did not inflate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InflateError {
    Malformed,
    TooLarge,
}

pub(super) fn deflate(plain: &[u8]) -> Vec<u8> {
    let mut compressor = CompressorOxide::new(FLAGS);
    // After a sync flush the stream is on a byte boundary and may refer back to the dictionary; what came out so
    // far is left away. That is what deflateSetDictionary does.
    compress_to_output(&mut compressor, DICTIONARY, TDEFLFlush::Sync, |_| true);
    let mut out = Vec::new();
    let (status, _) = compress_to_output(&mut compressor, plain, TDEFLFlush::Finish, |bytes| {
        out.extend_from_slice(bytes);
        true
    });
    debug_assert_eq!(status, TDEFLStatus::Done);
    out
}

pub(super) fn inflate(packed: &[u8]) -> Result<Vec<u8>, InflateError> {
    let limit = DICTIONARY.len() + MAX_INFLATED;
    let mut out = Vec::with_capacity(DICTIONARY.len() + 4 * packed.len());
    out.extend_from_slice(DICTIONARY);
    let mut position = out.len();
    let mut read = 0;
    let mut inflater = DecompressorOxide::new();
    loop {
        // Grow as it fills, never past the limit; one byte more tells a full buffer from a bomb.
        let room = (out.len() * 2).clamp(DICTIONARY.len() + 4096, limit + 1);
        out.resize(room, 0);
        let rest = packed.get(read..).unwrap_or_default();
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, consumed, written) = decompress(&mut inflater, rest, &mut out, position, flags);
        read += consumed;
        position += written;
        match status {
            _ if position > limit => return Err(InflateError::TooLarge),
            TINFLStatus::Done if read == packed.len() => {
                out.truncate(position);
                return Ok(out.split_off(DICTIONARY.len()));
            }
            TINFLStatus::HasMoreOutput if out.len() <= limit => {}
            _ => return Err(InflateError::Malformed),
        }
    }
}
