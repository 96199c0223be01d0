//! Recovery kits: words and links, what is refused and how it is said; vectors for other implementations.

use crate::examples::hex;
use crate::vectors::{compare, secrets};
use crate::world::HOST;
use kith_protocol::kit::{KIT_WORDS, Kit, KitError, KitSeed};
use kith_protocol::words;
use kith_protocol::{CircleId, CircleStart, Language};
use proptest::prelude::*;
use serde_json::json;

const LANGUAGES: [Language; 2] = [Language::English, Language::French];

fn kit(seed: [u8; 16], circle: [u8; 16]) -> Kit {
    let circle = CircleStart::new(&circle).unwrap();
    Kit { host: HOST.to_owned(), seed: KitSeed(seed), circle }
}

fn words_of(kit: &Kit, language: Language) -> String {
    kit.words(language).join(" ")
}

#[test]
fn vectors_of_a_kit() {
    let circle = CircleId([0x11; 32]);
    let kit = kit([0x44; 16], [0x11; 16]);
    let made = json!({
        "circle": hex(circle.0),
        "seed": hex(kit.seed.0),
        "host": HOST,
        "english": words_of(&kit, Language::English),
        "french": words_of(&kit, Language::French),
        "link": kit.url(),
        "keys": secrets(&kit.seed.secrets(&circle)),
    });
    let kept = compare("kit.json", &made);
    assert_eq!(Kit::parse(kept["link"].as_str().unwrap(), ""), Ok(kit.clone()));
    for language in ["english", "french"] {
        let read = Kit::parse(kept[language].as_str().unwrap(), HOST).unwrap();
        assert_eq!((read.seed, read.circle.bytes()), (kit.seed.clone(), &[0x11; 8][..]), "{language}");
    }
}

/// Of the vectors that BIP39's reference implementation publishes, those of 192 bits.
#[test]
fn the_words_are_those_of_bip39() {
    let vectors = [
        (
            [0; 24],
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon agent",
        ),
        (
            [0x7f; 24],
            "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal will",
        ),
        (
            [0x80; 24],
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter always",
        ),
        ([0xff; 24], "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo when"),
    ];
    for (held, expected) in vectors {
        let kit = kit(held[..16].try_into().unwrap(), held[..16].try_into().unwrap());
        assert_eq!(words_of(&kit, Language::English), expected);
        assert_eq!(Kit::parse(expected, HOST).unwrap().seed, kit.seed);
    }
}

#[test]
fn words_are_read_as_people_write_them() {
    let kit = kit([0xe7; 16], [0x3c; 16]);
    for language in LANGUAGES {
        let words = kit.words(language);
        let numbered: Vec<_> = words.iter().zip(1..).map(|(word, n)| format!("{n}. {word}")).collect();
        let plain: Vec<_> = words.iter().map(|word| words::plain(word)).collect();
        let marks: Vec<_> =
            words.iter().map(|word| word.replace('é', "e\u{301}").replace('è', "e\u{300}")).collect();
        let written = [
            words.join(" ").to_uppercase(),
            words.join(", "),
            format!("  {}\n", words.join("\t")),
            plain.join(" "),
            marks.join(" "),
            numbered.join("\n"),
        ];
        for text in written {
            let read = Kit::parse(&text, HOST).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((read.seed, read.host), (kit.seed.clone(), HOST.to_owned()));
        }
    }
}

#[test]
fn what_is_no_kit_says_what_is_wrong() {
    let kit = kit([0xe7; 16], [0x3c; 16]);
    for language in LANGUAGES {
        let words = kit.words(language);
        assert_eq!(Kit::parse(&words[1..].join(" "), HOST), Err(KitError::Count(17)));
        assert_eq!(Kit::parse(&format!("{} {}", words.join(" "), words[0]), HOST), Err(KitError::Count(19)));
        for place in 0..KIT_WORDS {
            let mut typed: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
            typed[place].push_str("xq");
            let unknown = KitError::Unknown { place: place + 1, word: typed[place].clone() };
            assert_eq!(Kit::parse(&typed.join(" "), HOST), Err(unknown));
        }
    }
    let url = kit.url();
    let table = [
        ("", KitError::Malformed),
        ("1 2 3", KitError::Malformed),
        (&*"word ".repeat(500), KitError::Malformed),
        ("https://kith.example/i/x#y", KitError::Malformed),
        ("https://kith.example/k", KitError::NoSeed),
        ("https://kith.example/k#", KitError::NoSeed),
        ("https:///k#AAAA", KitError::Malformed),
        (&url[..url.len() - 20], KitError::NoSeed),
    ];
    for (text, error) in table {
        assert_eq!(Kit::parse(text, HOST), Err(error), "{text}");
    }
}

#[test]
fn no_two_words_of_a_list_are_alike_without_accents() {
    for language in LANGUAGES {
        let plain: std::collections::BTreeSet<_> = words::list(language).map(words::plain).collect();
        assert_eq!(plain.len(), 2048);
        let start = |word: &String| word.chars().take(4).collect::<String>();
        let starts: std::collections::BTreeSet<_> = plain.iter().map(start).collect();
        assert_eq!(starts.len(), 2048, "four letters tell them apart, so that an app can complete them");
    }
}

proptest! {
    #[test]
    fn words_and_links_round_trip(seed: [u8; 16], circle: [u8; 16], language in 0..2usize) {
        let kit = kit(seed, circle);
        let read = Kit::parse(&words_of(&kit, LANGUAGES[language]), HOST).unwrap();
        prop_assert_eq!(read.circle.bytes(), &circle[..8]);
        prop_assert_eq!(&read.seed, &kit.seed);
        prop_assert_eq!(Kit::parse(&kit.url(), "elsewhere.example"), Ok(kit));
    }

    #[test]
    fn another_word_or_two_in_the_wrong_order_hardly_ever_pass(
        seed: [u8; 16], circle: [u8; 16], language in 0..2usize, at in 0..KIT_WORDS, other in 0..KIT_WORDS,
    ) {
        let kit = kit(seed, circle);
        let mut words = kit.words(LANGUAGES[language]);
        words.swap(at, other);
        match Kit::parse(&words.join(" "), HOST) {
            Err(error) => prop_assert_eq!(error, KitError::Checksum),
            // One in 64 has the right checksum by chance, and is then another kit.
            Ok(read) => prop_assert_eq!(words, read.words(LANGUAGES[language])),
        }
    }

    #[test]
    fn junk_is_refused(junk in "\\PC{0,300}") {
        prop_assert!(Kit::parse(&junk, HOST).is_err());
        let link = format!("https://{junk}");
        prop_assert!(Kit::parse(&link, HOST).is_err());
    }
}
