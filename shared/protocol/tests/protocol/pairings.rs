//! Links of pairings, what is answered to them, the words that both devices show; vectors for other implementations.

use crate::examples::hex;
use crate::vectors::{bytes, compare, secrets};
use crate::world::HOST;
use kith_protocol::by_key::KeyProof;
use kith_protocol::invite::LinkError;
use kith_protocol::mailbox::PairingRead;
use kith_protocol::pairing::{MAX_PAIRING_ANSWER, PairingAnswer, PairingLink, PairingSecret};
use kith_protocol::{
    CircleId, DevicePublic, DeviceSecrets, HashPrefix, Language, MemberNumber, PairingId, Signature,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

const CIRCLE: CircleId = CircleId([0x11; 32]);

fn link() -> PairingLink {
    let secret = PairingSecret([0x55; 16]);
    PairingLink { host: HOST.to_owned(), secret, circle: CIRCLE.prefix(), member: MemberNumber(7) }
}

fn device(seed: u8) -> DeviceSecrets {
    DeviceSecrets::from_bytes(&core::array::from_fn(|at| u8::try_from(at).unwrap() ^ seed))
}

#[test]
fn vectors_of_a_pairing() {
    let (link, new) = (link(), device(0));
    let answer = PairingAnswer::of(&new, &CIRCLE, link.member);
    let proof = KeyProof::sign(CIRCLE, [0x88; 32], HOST, &new);
    let words = |language| link.words(&CIRCLE, &answer.keys, language);
    let made = json!({
        "circle": hex(CIRCLE.0),
        "secret": hex(link.secret.0),
        "member": link.member.0,
        "host": HOST,
        "pairing": link.id().text(),
        "link": link.url(),
        "new_device": secrets(&new),
        "consent": hex(answer.consent.0),
        "answer": hex(answer.encode()),
        "sealed": hex(link.seal(&CIRCLE, &answer).unwrap()),
        "words": { "english": words(Language::English), "french": words(Language::French) },
        "session_by_key": { "nonce": hex([0x88; 32]), "proof": hex(proof.encode()) },
    });
    let kept = compare("pairing.json", &made);
    let parsed = PairingLink::parse(kept["link"].as_str().unwrap()).unwrap();
    assert_eq!(parsed, link);
    assert_eq!(parsed.open(&CIRCLE, &bytes(&kept["sealed"])), Some(answer));
}

#[test]
fn a_mailbox_without_an_answer_is_an_empty_array() {
    let empty = PairingRead { answer: None };
    assert_eq!((empty.encode(), PairingRead::decode(&[0x80])), (vec![0x80], Ok(empty)));
}

#[test]
fn an_answer_counts_only_for_its_link_circle_and_member() {
    let (link, new) = (link(), device(0));
    let answer = PairingAnswer::of(&new, &CIRCLE, link.member);
    let sealed = link.seal(&CIRCLE, &answer).unwrap();
    assert!(sealed.len() <= MAX_PAIRING_ANSWER);
    let other_secret = PairingLink { secret: PairingSecret([0x56; 16]), ..link.clone() };
    let other_member = PairingLink { member: MemberNumber(8), ..link.clone() };
    assert_eq!(other_secret.open(&CIRCLE, &sealed), None);
    assert_eq!(other_member.open(&CIRCLE, &sealed), None);
    assert_eq!(link.open(&CircleId([0x12; 32]), &sealed), None);

    let bad = [
        ("consent to another member", PairingAnswer::of(&new, &CIRCLE, MemberNumber(8))),
        ("consent for another circle", PairingAnswer::of(&new, &CircleId([0x12; 32]), link.member)),
        ("somebody else's consent", PairingAnswer { keys: device(9).public(), ..answer.clone() }),
        ("no signature", PairingAnswer { consent: Signature([0; 64]), ..answer.clone() }),
        (
            "a box key of small order",
            PairingAnswer { keys: DevicePublic { seal: [0; 32], ..answer.keys }, ..answer.clone() },
        ),
        (
            "a signing key of small order",
            PairingAnswer { keys: DevicePublic { sign: [0; 32], ..answer.keys }, ..answer },
        ),
    ];
    for (what, answer) in bad {
        let sealed = link.seal(&CIRCLE, &answer).unwrap();
        assert_eq!(link.open(&CIRCLE, &sealed), None, "{what}");
    }
}

#[test]
fn the_words_differ_with_everything_that_they_stand_for() {
    let (link, keys) = (link(), device(0).public());
    let words = link.words(&CIRCLE, &keys, Language::English);
    let others = [
        PairingLink { secret: PairingSecret([0x56; 16]), ..link.clone() }.words(
            &CIRCLE,
            &keys,
            Language::English,
        ),
        PairingLink { member: MemberNumber(8), ..link.clone() }.words(&CIRCLE, &keys, Language::English),
        link.words(&CircleId([0x12; 32]), &keys, Language::English),
        link.words(&CIRCLE, &device(1).public(), Language::English),
        link.words(&CIRCLE, &DevicePublic { seal: device(1).public().seal, ..keys }, Language::English),
    ];
    for other in others {
        assert_ne!(other, words);
    }
}

#[test]
fn what_is_no_link_of_a_pairing_says_what_is_wrong() {
    let url = link().url();
    let (start, end) = url.split_once('#').unwrap();
    let other = PairingId([1; 16]).text();
    let named_otherwise = format!("https://{HOST}/d/{other}#{end}");
    let table = [
        (String::new(), LinkError::Malformed),
        ("x".repeat(600), LinkError::Malformed),
        (start.to_owned(), LinkError::NoSecret),
        (url[..url.len() - 1].to_owned(), LinkError::NoSecret),
        (format!("{url}A"), LinkError::NoSecret),
        (url.replace("/d/", "/i/"), LinkError::Malformed),
        (url.replace("https://", "ftp://"), LinkError::Malformed),
        (format!("https:///d/{}", url.split("/d/").nth(1).unwrap()), LinkError::Malformed),
        (url.replace(HOST, "user@kith.example"), LinkError::Malformed),
        (named_otherwise, LinkError::Malformed),
    ];
    for (text, error) in table {
        assert_eq!(PairingLink::parse(&text), Err(error), "{text}");
    }
    assert_eq!(PairingLink::parse(&format!("\n {url} \t")), Ok(link()));
}

proptest! {
    #[test]
    fn links_round_trip(secret: [u8; 16], circle: [u8; 16], member: u32, host in "[a-z0-9.-]{1,40}(:[0-9]{1,5})?") {
        let (secret, member) = (PairingSecret(secret), MemberNumber(member));
        let link = PairingLink { host, secret, circle: HashPrefix(circle), member };
        prop_assert_eq!(PairingLink::parse(&link.url()), Ok(link));
    }

    #[test]
    fn a_changed_link_is_another_or_none(at: prop::sample::Index, to in "[ -~]") {
        let url = link().url();
        let at = at.index(url.len());
        let changed = format!("{}{to}{}", &url[..at], &url[at + 1..]);
        if let Ok(read) = PairingLink::parse(&changed) {
            prop_assert_eq!(read.secret.id(), link().id(), "a slip in the secret or in the name is noticed");
        }
    }

    #[test]
    fn junk_is_no_answer(junk in vec(any::<u8>(), 0..2000)) {
        prop_assert_eq!(link().open(&CIRCLE, &junk), None);
    }

    #[test]
    fn junk_is_no_link(junk in "\\PC{0,300}") {
        prop_assert!(PairingLink::parse(&junk).is_err());
        let link = format!("https://a/d/{junk}");
        prop_assert!(PairingLink::parse(&link).is_err());
    }
}
