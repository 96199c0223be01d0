//! Test vectors for other implementations, in `vectors/`: made anew from their inputs and compared byte by byte.
//! `KITH_VECTORS=write cargo test -p kith-protocol vectors` writes them, for a new wire version.

use crate::examples::hex;
use crate::world::{DAY, HOST, Person, World, greeting, plaintext};
use kith_protocol::access::{AccessEntry, AccessLog, AccessRecord, Action, SignedAccess};
use kith_protocol::chain::{Place, chain};
use kith_protocol::envelope::{SealedEnvelope, open, padme};
use kith_protocol::identity::SignatureKind;
use kith_protocol::invite::{InviteLink, InviteSecret};
use kith_protocol::session::Proof;
use kith_protocol::words::four_words;
use kith_protocol::{
    CircleId, DeviceSecrets, EpochKey, Hash, HashPrefix, InviteId, Language, MemberNumber, Party, Role,
    Signature, Stream, Wrap, WrapSubject,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::{Value, json};
use std::path::Path;

pub fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn fixed<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

/// Compares with the file, or writes it when asked to. Returns what the file says.
pub fn compare(name: &str, made: &Value) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
    if std::env::var("KITH_VECTORS").is_ok_and(|wish| wish == "write") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, serde_json::to_string_pretty(made).unwrap() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(&kept, made, "{name}");
    kept
}

pub fn secrets(person: &DeviceSecrets) -> Value {
    let private = person.to_bytes();
    let public = person.public();
    json!({
        "sign_seed": hex(&private[..32]),
        "box_private": hex(&private[32..]),
        "sign_public": hex(public.sign),
        "box_public": hex(public.seal),
    })
}

fn of_secrets(value: &Value) -> DeviceSecrets {
    let both = [bytes(&value["sign_seed"]), bytes(&value["box_private"])].concat();
    DeviceSecrets::from_bytes(&both.try_into().unwrap())
}

#[test]
fn keys_and_signatures() {
    let device = DeviceSecrets::from_bytes(&core::array::from_fn(|at| u8::try_from(at).unwrap()));
    let circle = CircleId([0x11; 32]);
    let kinds = [
        ("access", SignatureKind::Access),
        ("join", SignatureKind::Join),
        ("newdev", SignatureKind::NewDevice),
        ("envelope", SignatureKind::Envelope),
        ("auth", SignatureKind::Auth),
    ];
    let sign =
        |(name, kind)| json!({ "kind": name, "signature": hex(device.sign(kind, &circle, b"kith").0) });
    let key = EpochKey([0x22; 32]);
    let derived = |stream, epoch| hex(key.commit(&circle, stream, epoch).0);
    let padded = [1, 8, 9, 100, 1000, 65_000].map(|length| json!([length, padme(length)]));
    let made = json!({
        "device": secrets(&device),
        "circle": hex(circle.0),
        "message": hex(b"kith"),
        "signatures": kinds.map(sign),
        "invitation": {
            "secret": hex([0x33; 16]),
            "keys": secrets(&DeviceSecrets::of_invitation(&[0x33; 16])),
        },
        "recovery": {
            "seed": hex([0x44; 16]),
            "keys": secrets(&DeviceSecrets::of_recovery(&[0x44; 16], &circle)),
        },
        "commitments": {
            "key": hex(key.0),
            "care_epoch_1": derived(Stream::Care, 1),
            "care_epoch_300": derived(Stream::Care, 300),
            "private_7_epoch_1": derived(Stream::Private(MemberNumber(7)), 1),
        },
        "padme": padded,
        "four_words": {
            "hash": hex([0x5a; 32]),
            "english": four_words(&Hash([0x5a; 32]), Language::English),
            "french": four_words(&Hash([0x5a; 32]), Language::French),
        },
    });
    let kept = compare("keys.json", &made);
    for entry in kept["signatures"].as_array().unwrap() {
        let (_, kind) = kinds.iter().find(|(name, _)| entry["kind"] == *name).unwrap();
        let signature = Signature(fixed(&entry["signature"]));
        let public = fixed(&kept["device"]["sign_public"]);
        assert!(signature.verifies(&public, *kind, &circle, &bytes(&kept["message"])));
    }
}

#[test]
fn wraps() {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let circle = CircleId([0x11; 32]);
    let device = DeviceSecrets::generate(&mut rng);
    let subjects = [
        ("epoch", WrapSubject::Epoch(Stream::Care, 2)),
        ("private epoch", WrapSubject::Epoch(Stream::Private(MemberNumber(3)), 1)),
        ("name", WrapSubject::Name(MemberNumber(4))),
    ];
    let party = Party::Invitation(InviteId([0x66; 16]));
    let made = subjects.map(|(name, subject)| {
        let wrap = Wrap::seal(&circle, party, &device.public().seal, subject, &[0x77; 32], &mut rng).unwrap();
        json!({ "what": name, "wrap": hex(wrap.encode()), "key": hex([0x77; 32]) })
    });
    let made = json!({ "circle": hex(circle.0), "recipient": secrets(&device), "wraps": made });
    let kept = compare("wraps.json", &made);
    let recipient = of_secrets(&kept["recipient"]);
    for entry in kept["wraps"].as_array().unwrap() {
        let wrap = Wrap::decode(&bytes(&entry["wrap"])).unwrap();
        assert_eq!(wrap.open(&circle, &recipient).unwrap().to_vec(), bytes(&entry["key"]));
    }
}

/// Found, two invitations, a direct join, a pending one admitted, a removal.
fn a_circle() -> (World, Person, Person, InviteLink) {
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    let link = world.invite(&founder, Role::Caregiver, false).unwrap();
    world.now += DAY;
    let caregiver = world.join(&link, "Nadia").unwrap();
    world.act(&founder, Action::Admit(caregiver.member())).unwrap();
    world.act(&founder, Action::Remove(helper.member(), Vec::new())).unwrap();
    let mut founder = founder;
    world.fetch_keys(&mut founder);
    (world, founder, caregiver, link)
}

#[test]
fn an_access_stream() {
    let (world, _, _, _) = a_circle();
    let rows: Vec<_> = world
        .records
        .iter()
        .zip(1..)
        .map(|(record, n)| {
            let entry = AccessEntry::decode(&record.signed.bytes).unwrap();
            let action = format!("{:?}", entry.action);
            json!({
                "n": n,
                "action": action.split(['(', '{', ' ']).next().unwrap(),
                "bytes": hex(&record.signed.bytes),
                "signature": hex(record.signed.signature.0),
                "stamp": record.stamp,
                "chain": hex(world.log.hash_at(n).unwrap().0),
            })
        })
        .collect();
    let head = world.log.head();
    let epochs = [Stream::Commons, Stream::Network, Stream::Care].map(|stream| world.log.epoch(stream));
    let made = json!({
        "circle": hex(world.log.circle().0),
        "records": rows,
        "then": {
            "epochs_of_commons_network_care": epochs,
            "who_may_write_care": world.log.devices().iter()
                .filter(|device| world.log.may_write(device.number, Stream::Care, head))
                .map(|device| device.number.0).collect::<Vec<_>>(),
        },
    });
    let kept = compare("access.json", &made);
    let records = kept["records"].as_array().unwrap().iter().map(|row| AccessRecord {
        signed: SignedAccess { bytes: bytes(&row["bytes"]), signature: Signature(fixed(&row["signature"])) },
        stamp: row["stamp"].as_u64().unwrap(),
    });
    let records: Vec<_> = records.collect();
    let log = AccessLog::verify_all(&records).unwrap();
    let last = &kept["records"].as_array().unwrap().last().unwrap()["chain"];
    assert_eq!(log.head_hash().0.to_vec(), bytes(last));
}

#[test]
fn envelopes_and_their_chain() {
    let (mut world, founder, _, _) = a_circle();
    let mut rows = Vec::new();
    for _ in 0..2 {
        let envelope = world.seal(&founder, Stream::Commons);
        let accepted = world.send(&envelope).unwrap();
        rows.push(json!({
            "header": hex(&envelope.header),
            "signature": hex(envelope.signature.0),
            "body": hex(&envelope.body),
            "hash": hex(accepted.hash.0),
            "k": accepted.ack.k,
            "a": accepted.ack.a,
            "stamp": accepted.ack.stamp,
            "chain": hex(accepted.ack.chain.0),
        }));
    }
    let key = founder.keyring.key(Stream::Commons, world.log.epoch(Stream::Commons)).unwrap();
    let made = json!({
        "circle": hex(world.log.circle().0),
        "author": secrets(&founder.secrets),
        "epoch_key": hex(key.0),
        "access_hash_at_a": hex(world.log.head_hash().0),
        "plaintext": hex(plaintext().encode()),
        "envelopes": rows,
    });
    let kept = compare("envelopes.json", &made);
    let key = EpochKey(fixed(&kept["epoch_key"]));
    let mut last = Hash::ZERO;
    for row in kept["envelopes"].as_array().unwrap() {
        let envelope = SealedEnvelope {
            header: bytes(&row["header"]),
            signature: Signature(fixed(&row["signature"])),
            body: bytes(&row["body"]),
        };
        let opened = open(&envelope.header, &envelope.body, &key).unwrap();
        assert_eq!(opened.encode(), bytes(&kept["plaintext"]));
        let number = |name: &str| row[name].as_u64().unwrap();
        let place = Place { stream: Stream::Commons, k: number("k"), a: number("a"), stamp: number("stamp") };
        last = chain(&last, &place, &Hash(fixed(&kept["access_hash_at_a"])), &envelope.hash());
        assert_eq!(last.0.to_vec(), bytes(&row["chain"]));
    }
}

#[test]
fn links_greetings_and_proofs() {
    let circle = CircleId([0x11; 32]);
    let secret = InviteSecret([0x33; 16]);
    let id = InviteId([0x66; 16]);
    let link = InviteLink { host: HOST.to_owned(), id, secret: secret.clone(), circle: circle.prefix() };
    let sealed = secret.seal_greeting(&circle, &id, &greeting()).unwrap();
    let proof = Proof::sign(circle, Party::Invitation(id), [0x88; 32], HOST, &secret.secrets());
    let made = json!({
        "circle": hex(circle.0),
        "invite": hex(id.0),
        "secret": hex(secret.0),
        "host": HOST,
        "link": link.url(),
        "greeting": { "person": "Rosa", "inviter": "Marie", "language": "en-GB", "sealed": hex(&sealed) },
        "proof": { "nonce": hex([0x88; 32]), "bytes": hex(proof.encode()) },
    });
    let kept = compare("links.json", &made);
    let parsed = InviteLink::parse(kept["link"].as_str().unwrap()).unwrap();
    assert_eq!((parsed.id, parsed.circle), (id, HashPrefix([0x11; 16])));
    let opened = parsed.secret.open_greeting(&circle, &id, &bytes(&kept["greeting"]["sealed"]));
    assert_eq!(opened, Ok(greeting()));
}
