//! Four words that both sides of a Join or a pairing see, to compare by phone; and the words of a recovery kit.
//!
//! The lists are those of BIP39 (the Bitcoin proposal's repository, MIT licence), English and French, each word in
//! Unicode NFC, one a line, in the order of the standard.

use crate::hash::Hash;
use crate::identity::Language;

const ENGLISH: &str = include_str!("english.txt");
const FRENCH: &str = include_str!("french.txt");

/// The words of a Join: the first 44 bits of its `A`, eleven a word, most significant first.
pub fn four_words(join: &Hash, language: Language) -> [&'static str; 4] {
    let bits = join.0.iter().take(6).fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
    [37, 26, 15, 4].map(|shift| word(language, (bits >> shift) & 0x7ff))
}

/// All 2048 words of a language, in the order of the standard: for completing what somebody types.
pub fn list(language: Language) -> impl Iterator<Item = &'static str> + Clone {
    let list = match language {
        Language::English => ENGLISH,
        Language::French => FRENCH,
    };
    list.lines()
}

/// The word without accents and capitals, as it is compared: no two words of a list are alike then.
pub fn plain(word: &str) -> String {
    let letters = word.chars().flat_map(char::to_lowercase).filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    letters.map(|c| if matches!(c, 'é' | 'è' | 'ê' | 'ë') { 'e' } else { c }).collect()
}

pub(crate) fn word(language: Language, index: u64) -> &'static str {
    // Both lists have 2048 words, which a test counts.
    usize::try_from(index).ok().and_then(|index| list(language).nth(index)).unwrap_or_default()
}

/// The place of a word on its list, however it was typed.
pub(crate) fn place(typed: &str, language: Language) -> Option<u16> {
    let typed = plain(typed);
    list(language).position(|word| plain(word) == typed).and_then(|at| u16::try_from(at).ok())
}
