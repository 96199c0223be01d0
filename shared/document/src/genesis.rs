//! The one genesis change under every document of every kind: constant bytes, never made at run time.

/// The change's bytes.
pub const GENESIS: &[u8] = &[];
/// Its hash.
pub const GENESIS_HASH: [u8; 32] = [0; 32];
