//! Bytes of the browser's cryptographic generator.

use crate::page;
use shared::effects::{EntropyOperation, EntropyOutput};

/// The most that the core may ask for.
const MOST: u32 = 32;

/// Empty when the browser gives none, which the core treats as a failure: it never makes keys from nothing.
pub fn run(operation: &EntropyOperation) -> EntropyOutput {
    let mut bytes = vec![0; operation.length.min(MOST) as usize];
    let filled =
        page::window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        bytes.clear();
    }
    EntropyOutput { bytes }
}
