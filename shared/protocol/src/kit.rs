//! The recovery kit: 18 words on paper, or a link in a QR code, of which the keys of a device are derived.

use crate::by_key::CircleStart;
use crate::hash::Hash;
use crate::identity::{CircleId, DeviceSecrets, Language};
use crate::invite::{scheme, split_link};
use crate::words;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_core::CryptoRng;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// How many words a kit has: 192 bits and a checksum of 6.
pub const KIT_WORDS: usize = 18;
/// The longest text that is looked at.
const LONGEST: usize = 1024;
/// What the words hold: the seed and the start of the circle's id.
const HELD: usize = 24;

/// The seed of a kit. Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct KitSeed(pub [u8; 16]);

impl fmt::Debug for KitSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KitSeed(redacted)")
    }
}

impl KitSeed {
    /// A fresh seed.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut seed = Self([0; 16]);
        rng.fill_bytes(&mut seed.0);
        seed
    }

    /// The keys of the kit in its circle.
    pub fn secrets(&self, circle: &CircleId) -> DeviceSecrets {
        DeviceSecrets::of_recovery(&self.0, circle)
    }
}

/// A kit as it was typed, scanned, or just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    /// Where the circle is kept. Words do not say it.
    pub host: String,
    /// What makes its keys.
    pub seed: KitSeed,
    /// The circle, as far as the kit says: 8 bytes by words, 16 by link.
    pub circle: CircleStart,
}

/// Why a text is no kit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KitError {
    /// Neither words nor a link of a kit.
    #[error("this is not a recovery kit")]
    Malformed,
    /// The part after `#` is missing or cut off.
    #[error("the end of the link is missing")]
    NoSeed,
    /// Another number of words.
    #[error("a kit has 18 words, and these are {0}")]
    Count(usize),
    /// A word that is not on the list; places count from 1.
    #[error("the word at place {place} is not one of a kit")]
    Unknown {
        /// Which one.
        place: usize,
        /// As it was typed.
        word: String,
    },
    /// All words are known, but they do not belong together: one is another, or two have changed places.
    #[error("the words do not fit together")]
    Checksum,
}

impl Kit {
    /// Reads words in either language, however they are separated or numbered, with or without accents; or a link.
    /// `host` is where the circle is kept if the text does not say it.
    pub fn parse(text: &str, host: &str) -> Result<Self, KitError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(KitError::Malformed);
        }
        if text.contains("://") { Self::parse_link(text) } else { Self::parse_words(text, host) }
    }

    fn parse_link(text: &str) -> Result<Self, KitError> {
        let (host, path) = split_link(text, "/k").ok_or(KitError::Malformed)?;
        let end = path.strip_prefix('#').ok_or(KitError::NoSeed)?;
        let end = Zeroizing::new(URL_SAFE_NO_PAD.decode(end).map_err(|_| KitError::NoSeed)?);
        let mut seed = KitSeed([0; 16]);
        let (start, circle) = end.split_at_checked(16).ok_or(KitError::NoSeed)?;
        seed.0.copy_from_slice(start);
        let circle = CircleStart::new(circle).ok_or(KitError::NoSeed)?;
        Ok(Self { host, seed, circle })
    }

    fn parse_words(text: &str, host: &str) -> Result<Self, KitError> {
        // A typed accent may come as a mark of its own, which is no letter.
        let plain: String = text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect();
        let typed: Vec<&str> = plain.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
        if typed.is_empty() {
            return Err(KitError::Malformed);
        }
        if typed.len() != KIT_WORDS {
            return Err(KitError::Count(typed.len()));
        }
        let places = [Language::English, Language::French]
            .map(|language| typed.iter().map(|word| words::place(word, language)).collect::<Vec<_>>());
        let whole = places.iter().filter_map(|places| places.iter().copied().collect::<Option<Vec<u16>>>());
        let mut known = false;
        for places in whole {
            known = true;
            if let Some(held) = unpack(&places) {
                let mut seed = KitSeed([0; 16]);
                seed.0.copy_from_slice(&held[..16]);
                let circle = CircleStart::new(&held[16..]).ok_or(KitError::Malformed)?;
                return Ok(Self { host: host.to_lowercase(), seed, circle });
            }
        }
        if known {
            return Err(KitError::Checksum);
        }
        // The language that knows more of the words is the one that they were written in.
        let best = places.iter().max_by_key(|places| places.iter().flatten().count());
        let place = best.and_then(|places| places.iter().position(Option::is_none)).unwrap_or_default();
        let word = typed.get(place).copied().unwrap_or_default().chars().take(40).collect();
        Err(KitError::Unknown { place: place + 1, word })
    }

    /// The words to print: BIP39 of the seed and the first 8 bytes of the circle's id.
    pub fn words(&self, language: Language) -> Vec<&'static str> {
        let mut held = Zeroizing::new([0; HELD]);
        held[..16].copy_from_slice(&self.seed.0);
        held[16..].copy_from_slice(&self.circle.bytes()[..8]);
        pack(&held).into_iter().map(|place| words::word(language, u64::from(place))).collect()
    }

    /// `https://HOST/k#base64url(seed circle_id[0..16])`, for a QR code.
    pub fn url(&self) -> String {
        let end = Zeroizing::new([&self.seed.0[..], self.circle.bytes()].concat());
        format!("{}://{}/k#{}", scheme(&self.host), self.host, URL_SAFE_NO_PAD.encode(&*end))
    }
}

/// Eleven bits a word, most significant first; the last six are the start of the hash.
fn pack(held: &[u8; HELD]) -> Vec<u16> {
    let checksum = Hash::of(held).0[0];
    let bytes = Zeroizing::new([&held[..], &[checksum]].concat());
    let bit = |at: usize| u16::from(bytes[at / 8] >> (7 - at % 8) & 1);
    (0..KIT_WORDS).map(|word| (0..11).fold(0, |sum, at| sum << 1 | bit(word * 11 + at))).collect()
}

/// What [`pack`] packed, if the checksum is right.
fn unpack(places: &[u16]) -> Option<Zeroizing<[u8; HELD]>> {
    let mut bytes = Zeroizing::new([0; HELD + 1]);
    for (word, place) in places.iter().enumerate() {
        for at in 0..11 {
            let (to, set) = (word * 11 + at, place >> (10 - at) & 1 == 1);
            *bytes.get_mut(to / 8)? |= u8::from(set) << (7 - to % 8);
        }
    }
    let mut held = Zeroizing::new([0; HELD]);
    held.copy_from_slice(&bytes[..HELD]);
    (Hash::of(&*held).0[0] & 0b1111_1100 == bytes[HELD]).then_some(held)
}
