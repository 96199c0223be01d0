//! Entropy: bytes of the platform's cryptographic generator.

use crux_core::capability::Operation;
use facet::Facet;
use serde::{Deserialize, Serialize};

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct EntropyOperation {
    /// How many bytes, 32 at most.
    pub length: u32,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct EntropyOutput {
    pub bytes: Vec<u8>,
}

impl Operation for EntropyOperation {
    type Output = EntropyOutput;
}
