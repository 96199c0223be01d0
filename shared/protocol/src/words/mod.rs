//! Four words that both sides of a Join see, to compare by phone.
//!
//! The lists are those of BIP39 (the Bitcoin proposal's repository, MIT licence), English and French, each word in
//! Unicode NFC, one a line, in the order of the standard.

use crate::hash::Hash;
use crate::identity::Language;

const ENGLISH: &str = include_str!("english.txt");
const FRENCH: &str = include_str!("french.txt");

/// The words of a Join: the first 44 bits of its `A`, eleven a word, most significant first.
pub fn four_words(join: &Hash, language: Language) -> [&'static str; 4] {
    let list = match language {
        Language::English => ENGLISH,
        Language::French => FRENCH,
    };
    let bits = join.0.iter().take(6).fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
    [37, 26, 15, 4].map(|shift| word(list, (bits >> shift) & 0x7ff))
}

fn word(list: &'static str, index: u64) -> &'static str {
    // Both lists have 2048 words, which a test counts.
    usize::try_from(index).ok().and_then(|index| list.lines().nth(index)).unwrap_or_default()
}
