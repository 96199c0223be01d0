//! What a change may cost to read, decided before anything is allocated.

/// Longest chunk, in bytes: an envelope inflates to no more.
pub const MAX_CHUNK_BYTES: usize = 1 << 20;
/// Most values that the runs of all columns of a change may stand for together. (101 bytes of runs can stand for
/// billions.)
pub const MAX_RUN_TOTAL: usize = 4_096;
