//! Entries of the access stream, signed rightly by a real member, so that every rule behind the signature is reached.

use kith_protocol::accept::accept_found;
use kith_protocol::access::{AccessEntry, AccessLog, Author, Settings, SignedAccess, consent, found};
use kith_protocol::{DeviceNumber, DeviceSecrets, Keyring, Language, MemberNumber, Role, Stream};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

const START: u64 = 1_790_000_000_000;

struct Circle {
    log: AccessLog,
    secrets: DeviceSecrets,
    keyring: Keyring,
}

impl Circle {
    fn new() -> Self {
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let secrets = DeviceSecrets::generate(&mut rng);
        let founding = found(&secrets, Language::English, None, &mut rng).unwrap();
        let log = accept_found(&founding.signed, &founding.wraps, START).unwrap().log;
        let mut keyring = Keyring::default();
        for wrap in &founding.wraps {
            keyring.take_wrap(&log, wrap, wrap.recipient, &secrets).unwrap();
        }
        Self { log, secrets, keyring }
    }

    fn author(&self) -> Author<'_> {
        Author {
            log: &self.log,
            device: DeviceNumber(1),
            secrets: &self.secrets,
            keyring: &self.keyring,
            now_ms: START,
        }
    }
}

/// A chain of entries, one after another: each is `length (u16, little endian) bytes`. Where they continue the log they
/// are signed by the founder, whoever they say wrote them; what is taken goes into the log, and everything the log
/// answers is asked.
pub fn run(data: &[u8]) {
    let mut circle = Circle::new();
    let mut rest = data;
    for stamp in START..START + 8 {
        let Some((length, behind)) = rest.split_first_chunk::<2>() else { return };
        let (bytes, next) = behind.split_at(usize::from(u16::from_le_bytes(*length)).min(behind.len()));
        rest = next;
        let Ok(mut entry) = AccessEntry::decode(bytes) else { continue };
        entry.seq = circle.log.head() + 1;
        entry.previous = circle.log.head_hash();
        let signed = entry.sign(Some(&circle.log.circle()), &circle.secrets);
        take(&mut circle.log, &signed, stamp);
    }
}

fn take(log: &mut AccessLog, signed: &SignedAccess, stamp: u64) {
    let head = log.head();
    let Ok(checked) = log.check(signed, stamp) else { return };
    log.push(checked).unwrap();
    assert_eq!(log.head(), head + 1);
    assert!(log.members().any(|member| member.role() == Some(Role::Coordinator)));
    for stream in Stream::SHARED {
        drop(log.recipients(stream, stamp));
        log.epoch(stream);
    }
    drop(log.due_classes(stamp));
    let stored = log.to_bytes();
    assert!(AccessLog::from_bytes(&stored).is_ok(), "a log that was taken does not load again");
}

fn length_first(entry: &AccessEntry) -> Vec<u8> {
    let bytes = entry.encode();
    let length = u16::try_from(bytes.len()).unwrap();
    [&length.to_le_bytes()[..], &bytes].concat()
}

pub fn seeds() -> Vec<Vec<u8>> {
    let circle = Circle::new();
    let mut rng = ChaCha20Rng::from_seed([8; 32]);
    let new = DeviceSecrets::generate(&mut rng);
    let consent = consent(&new, &circle.log.circle(), MemberNumber(1));
    let rng = &mut rng;
    let author = circle.author();
    let rules = Settings { caregivers_invite: true, heir: None };
    let proposals = [
        author.leave(rng),
        author.close(rng),
        author.move_to("kith.example", rng),
        author.rotate_keys(&[Stream::Care], rng),
        author.add_device(new.public(), false, consent, rng),
        author.add_device(new.public(), true, consent, rng),
        author.erase(Stream::Care, rng),
        author.settings(rules, rng),
    ];
    let entries = proposals.map(|proposal| AccessEntry::decode(&proposal.unwrap().signed.bytes).unwrap());
    let mut seeds: Vec<Vec<u8>> = entries.iter().map(length_first).collect();
    let vectors = crate::vectors::bytes();
    seeds.extend(
        vectors.iter().filter_map(|bytes| AccessEntry::decode(bytes).ok()).map(|entry| length_first(&entry)),
    );
    let all = seeds.concat();
    seeds.push(all);
    seeds
}
