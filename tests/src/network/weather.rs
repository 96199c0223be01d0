//! How good the network is. Chances are in a thousand.

use rand_chacha::ChaCha20Rng;
use rand_core::Rng;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather {
    /// The longest that anything travels, in milliseconds; the shortest is a tenth of it.
    pub delay_ms: u64,
    /// A request, or its answer, never arrives.
    pub lost: u64,
    /// A request arrives twice.
    pub doubled: u64,
    /// A socket breaks at a frame, which is lost.
    pub cut: u64,
    /// A socket does not open.
    pub refused: u64,
}

impl Weather {
    /// Everything arrives.
    pub const FAIR: Self = Self { delay_ms: 40, lost: 0, doubled: 0, cut: 0, refused: 0 };

    /// From nearly fair to hardly usable.
    pub fn draw(rng: &mut ChaCha20Rng) -> Self {
        Self {
            delay_ms: 20 + rng.next_u64() % 3_000,
            lost: rng.next_u64() % 250,
            doubled: rng.next_u64() % 150,
            cut: rng.next_u64() % 120,
            refused: rng.next_u64() % 300,
        }
    }

    pub fn delay(self, rng: &mut ChaCha20Rng) -> u64 {
        let shortest = self.delay_ms / 10;
        shortest + rng.next_u64() % (self.delay_ms - shortest + 1)
    }
}

/// True so many times in a thousand.
pub fn chance(rng: &mut ChaCha20Rng, in_a_thousand: u64) -> bool {
    rng.next_u64() % 1000 < in_a_thousand
}
