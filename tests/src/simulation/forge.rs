//! Change chunks and envelopes as nobody's app makes them: what a member can do who wrote their own program.

use super::inside::Inside;
use anyhow::{Context, Result};
use kith_document::{ChangeChunk, Document, EditScript, Step, actor};
use kith_protocol::{
    DeviceNumber, Hash, HashPrefix, Stream, VERSION,
    chain::{Place, chain},
    envelope::{Header, Plaintext, SealedEnvelope, StreamEntry, seal},
    message::{Ack, Entries},
    receive::StreamState,
};
use serde::{Deserialize, Serialize};

/// Begins every word that only a forger wrote where it must not be believed.
pub const FORGED: &str = "zqforged";

/// What a member's own program sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attack {
    /// A change that leaves out a number of its actor.
    SeqGap,
    /// A change that takes a number of its actor twice.
    SeqAgain,
    /// A change whose ops begin at the largest number there is.
    StartOpMax,
    /// A change whose ops begin below what it builds on.
    StartOpLow,
    /// A change by another member's actor.
    Authorship,
    /// A change that builds on nothing.
    NoDeps,
    /// A hundred bytes that stand for millions of ops.
    RunBomb,
    /// Bytes that are no change.
    Garbage,
    /// A document of another class.
    ForeignDocument,
    /// A right change and a wrong one in one envelope.
    HalfWrong,
    /// An envelope under a number that was used.
    NumberAgain,
    /// An envelope under a number that is not the next.
    NumberGap,
    /// An envelope for a class that its author may not write.
    ForeignClass,
    /// An envelope in another device's name.
    OtherDevice,
    /// An envelope that has seen what nobody has.
    SeenNothing,
}

impl Attack {
    pub const ALL: [Self; 15] = [
        Self::SeqGap,
        Self::SeqAgain,
        Self::StartOpMax,
        Self::StartOpLow,
        Self::Authorship,
        Self::NoDeps,
        Self::RunBomb,
        Self::Garbage,
        Self::ForeignDocument,
        Self::HalfWrong,
        Self::NumberAgain,
        Self::NumberGap,
        Self::ForeignClass,
        Self::OtherDevice,
        Self::SeenNothing,
    ];
}

/// Which of a reader's checks an entry breaks that a lying server places for a member it is in league with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plant {
    Signature,
    Right,
    Access,
    Epoch,
    Number,
    Seen,
}

impl Plant {
    pub const ALL: [Self; 6] =
        [Self::Signature, Self::Right, Self::Access, Self::Epoch, Self::Number, Self::Seen];
}

/// An entry for a phone that stands at `state`, in league with the server: right but for one check.
pub fn plant(inside: &Inside, state: &StreamState, plant: Plant) -> Result<Entries> {
    let stream = state.stream;
    let (a, access_hash) = inside.access_head();
    let last = state.device_seqs.get(&inside.device).copied().unwrap_or(0);
    let mut header = header(inside, state, last + 1);
    match plant {
        Plant::Access => header.access_hash = HashPrefix([7; 16]),
        Plant::Epoch => header.epoch = header.epoch.saturating_sub(1),
        Plant::Number => header.device_seq += 1,
        Plant::Seen => header.seen_chain = HashPrefix([7; 16]),
        Plant::Signature | Plant::Right => {}
    }
    let plain = Plaintext { document: FORGED.to_owned(), incarnation: 1, changes: vec![vec![1]] };
    let mut envelope = sealed(inside, &header, &plain)?;
    if plant == Plant::Signature {
        envelope.signature.0[9] ^= 1;
    }
    let ack = Ack {
        stream,
        device_seq: header.device_seq,
        k: state.k + 1,
        a,
        stamp: state.stamp,
        chain: Hash::ZERO,
    };
    let hash = envelope.hash();
    let place = Place { stream, k: ack.k, a, stamp: ack.stamp };
    let chain = chain(&state.chain, &place, &access_hash, &hash);
    let entries = vec![StreamEntry::placed(envelope, &ack)];
    Ok(Entries { stream, from: ack.k, entries, chain, more: false })
}

/// What a member's own program submits: for the true server, which takes what it cannot see through.
/// `last` is the last number that the server has of this device.
pub fn attack(inside: &Inside, attack: Attack, last: u64) -> Result<SealedEnvelope> {
    let stream = Stream::Commons;
    let state = inside.state(stream);
    let mut header = header(inside, &state, last + 1);
    let mut document = inside.document(stream).context("nothing is written yet")?;
    let name = document.name().clone();
    let mut plain = Plaintext { document: name.as_str().to_owned(), incarnation: 0xbad, changes: Vec::new() };
    let right = edit(&mut document, inside.device, plain.incarnation, "x")?;
    let circle = inside.log.circle().0;
    let bent = |bend: &dyn Fn(&mut Loose)| {
        let mut loose = Loose::of(&right)?;
        bend(&mut loose);
        anyhow::Ok(loose.write())
    };
    plain.changes = match attack {
        Attack::SeqGap => vec![bent(&|loose| loose.seq += 5)?],
        Attack::SeqAgain => vec![right.clone(), bent(&|loose| loose.start_op += 9)?],
        Attack::StartOpMax => vec![bent(&|loose| loose.start_op = u64::from(u32::MAX))?],
        Attack::StartOpLow => vec![bent(&|loose| loose.start_op = 1)?],
        Attack::Authorship => {
            let other = DeviceNumber(if inside.device.0 == 1 { 2 } else { 1 });
            let forged = actor(&circle, other.0, &name, plain.incarnation);
            vec![bent(&|loose| loose.actor = forged)?]
        }
        Attack::NoDeps => vec![bent(&|loose| loose.deps.clear())?],
        Attack::RunBomb => vec![bent(&|loose| loose.columns = bomb())?],
        Attack::Garbage => vec![vec![0x85, 0x6f, 0x4a, 0x83, 1, 2, 3, 4, 1, 200, 1, 9]],
        Attack::HalfWrong => vec![right.clone(), bent(&|loose| (loose.seq, loose.start_op) = (9, 3))?],
        Attack::ForeignDocument => {
            "care/plan".clone_into(&mut plain.document);
            vec![right.clone()]
        }
        _ => vec![right.clone()],
    };
    match attack {
        Attack::NumberAgain => header.device_seq = last.max(1),
        // Far beyond what other attacks used, or it would be the next number.
        Attack::NumberGap => header.device_seq += 1_000,
        Attack::ForeignClass => header.stream = Stream::Care,
        Attack::OtherDevice => header.device = DeviceNumber(if inside.device.0 == 1 { 2 } else { 1 }),
        Attack::SeenNothing => (header.seen_k, header.seen_chain) = (state.k + 40, HashPrefix([3; 16])),
        _ => {}
    }
    sealed(inside, &header, &plain)
}

fn header(inside: &Inside, state: &StreamState, device_seq: u64) -> Header {
    Header {
        version: VERSION,
        stream: state.stream,
        device: inside.device,
        device_seq,
        access_seq: inside.log.head(),
        access_hash: inside.log.head_hash().prefix(),
        epoch: inside.log.epoch(state.stream),
        seen_k: state.k,
        seen_chain: state.chain.prefix(),
    }
}

fn sealed(inside: &Inside, header: &Header, plain: &Plaintext) -> Result<SealedEnvelope> {
    let any = inside.keyring.key(Stream::Commons, inside.log.epoch(Stream::Commons));
    let key = inside.keyring.key(header.stream, header.epoch).or(any).context("no key")?;
    Ok(seal(header, plain, &inside.log.circle(), key, &inside.secrets)?)
}

/// A change that is right in everything, and says something forged.
fn edit(document: &mut Document, device: DeviceNumber, incarnation: u64, key: &str) -> Result<Vec<u8>> {
    let item = document.items().next().context("an empty document")?.to_owned();
    let steps = vec![Step::put(["items", &item, key], format!("{FORGED}{key}"))];
    let script = EditScript { document: document.name().clone(), intent: "forge".into(), steps };
    let edited = document.edit(device.0, incarnation, &script, 1)?.context("nothing to change")?;
    Ok(edited.change)
}

/// A change chunk whose parts can be bent. Written again with the right checksum.
struct Loose {
    deps: Vec<[u8; 32]>,
    actor: [u8; 16],
    seq: u64,
    start_op: u64,
    others: Vec<Vec<u8>>,
    /// Everything after the actors.
    columns: Vec<u8>,
}

impl Loose {
    fn of(change: &[u8]) -> Result<Self> {
        let ChangeChunk { deps, actor, seq, start_op, .. } = ChangeChunk::read(change)?;
        let mut rest = change.get(9..).context("short")?;
        unsigned(&mut rest)?;
        let count = unsigned(&mut rest)?;
        rest = rest.get(usize::try_from(count)? * 32 + 17..).context("short")?;
        for _ in 0..4 {
            unsigned(&mut rest)?;
        }
        let mut others = Vec::new();
        for _ in 0..unsigned(&mut rest)? {
            let length = usize::try_from(unsigned(&mut rest)?)?;
            others.push(rest.get(..length).context("short")?.to_vec());
            rest = &rest[length..];
        }
        Ok(Self { deps, actor, seq, start_op, others, columns: rest.to_vec() })
    }

    fn write(&self) -> Vec<u8> {
        let mut content = Vec::new();
        put(&mut content, self.deps.len() as u64);
        content.extend(self.deps.as_flattened());
        put(&mut content, 16);
        content.extend(self.actor);
        put(&mut content, self.seq);
        put(&mut content, self.start_op);
        content.extend([0, 0]);
        put(&mut content, self.others.len() as u64);
        for other in &self.others {
            put(&mut content, other.len() as u64);
            content.extend(other);
        }
        content.extend(&self.columns);
        let mut hashed = vec![1];
        put(&mut hashed, content.len() as u64);
        hashed.extend(content);
        let hash = Hash::of(&hashed);
        [&[0x85, 0x6f, 0x4a, 0x83], &hash.0[..4], &hashed].concat()
    }
}

/// Columns of runs that stand for four million puts of null under one key.
fn bomb() -> Vec<u8> {
    // 1 << 22, signed and unsigned.
    let run: [u8; 4] = [0x80, 0x80, 0x80, 0x02];
    let columns: [(u64, Vec<u8>); 5] = [
        (0x15, [&run[..], &[1, b'k']].concat()),
        (0x34, run.to_vec()),
        (0x42, [&run[..], &[1]].concat()),
        (0x56, [&run[..], &[0]].concat()),
        (0x70, [&run[..], &[0]].concat()),
    ];
    let mut out = vec![5];
    for (number, data) in &columns {
        put(&mut out, *number);
        put(&mut out, data.len() as u64);
    }
    for (_, data) in &columns {
        out.extend(data);
    }
    out
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        out.push(if value == 0 { low } else { low | 0x80 });
        if value == 0 {
            return;
        }
    }
}

fn unsigned(bytes: &mut &[u8]) -> Result<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first().context("short")?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    anyhow::bail!("too long a number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_document::DocumentName;

    #[test]
    fn a_change_that_is_not_bent_is_written_as_it_was() {
        let name = DocumentName::parse("commons/tasks-2026").unwrap();
        let mut document = Document::new(name.clone(), [1; 32]);
        let steps = vec![Step::make(["items", "a"]), Step::put(["items", "a", "text"], "b")];
        let script = EditScript { document: name, intent: "add".into(), steps };
        let change = document.edit(1, 2, &script, 1).unwrap().unwrap().change;
        assert_eq!(Loose::of(&change).unwrap().write(), change);
        let mut bent = Loose::of(&change).unwrap();
        bent.columns = bomb();
        assert!(ChangeChunk::read(&bent.write()).is_err());
    }
}
