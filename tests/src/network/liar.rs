//! A server that lies to some phones: a layer between what the true server says and the wires. A phone must notice (and
//! stop sharing) or come to no harm; it must never believe what was made up.

use kith_protocol::{
    Hash, Refusal, Stream, Wire, Wrap, WrapSubject,
    envelope::StreamEntry,
    message::{Entries, Frame, Frames, Subject},
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// In which way a phone is lied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lie {
    /// From the next page on, nothing more of that stream comes; everything seems to be there.
    Withhold,
    /// The same for the access stream: who was taken out is not said.
    WithholdAccess,
    /// One entry is left out of a page.
    Skip,
    /// Two entries of a page change places.
    Swap,
    /// An old page comes again as it was.
    Again,
    /// The entries of an old page come again as new ones.
    AgainAsNew,
    /// Another time is written beside an entry.
    Restamp,
    /// The sealed bytes of an entry are changed.
    Alter,
    /// An entry is said to be another member's.
    Reattribute,
    /// Keys of the liar's own making are given in place of the circle's.
    WrongKeys,
    /// What was taken is said not to have been.
    Deny(u8),
    /// What was never taken is said to have been taken.
    FalseAck,
}

impl Lie {
    pub const ALL: [Self; 17] = [
        Self::Withhold,
        Self::WithholdAccess,
        Self::Skip,
        Self::Swap,
        Self::Again,
        Self::AgainAsNew,
        Self::Restamp,
        Self::Alter,
        Self::Reattribute,
        Self::WrongKeys,
        Self::Deny(0),
        Self::Deny(1),
        Self::Deny(2),
        Self::Deny(3),
        Self::Deny(4),
        Self::Deny(5),
        Self::FalseAck,
    ];
}

/// What the liar knows of a phone.
#[derive(Default)]
struct Told {
    lie: Option<Lie>,
    withheld: BTreeSet<Stream>,
    last: BTreeMap<Stream, Entries>,
    /// Frames that come before the next answer.
    kept: Vec<Vec<u8>>,
}

/// Who can seal a key for a phone as anybody can who knows its public key.
pub type SealFor = Box<dyn FnMut(&Wrap, &mut ChaCha20Rng) -> Option<Wrap> + Send>;

pub struct Liar {
    told: BTreeMap<usize, Told>,
    seal_for: BTreeMap<usize, SealFor>,
    rng: ChaCha20Rng,
    /// How often each lie was really told, by phone.
    lied: BTreeSet<usize>,
    lies: u64,
}

impl Default for Liar {
    fn default() -> Self {
        let rng = ChaCha20Rng::seed_from_u64(0x11e);
        Self { told: BTreeMap::new(), seal_for: BTreeMap::new(), rng, lied: BTreeSet::new(), lies: 0 }
    }
}

impl Liar {
    /// Begins to lie to a phone.
    pub fn lie(&mut self, phone: usize, lie: Lie, seal_for: SealFor) {
        self.told.entry(phone).or_default().lie = Some(lie);
        self.seal_for.insert(phone, seal_for);
    }

    /// Says the truth to a phone again; what was withheld comes when it dials anew.
    pub fn end(&mut self, phone: usize) {
        if let Some(told) = self.told.get_mut(&phone) {
            (told.lie, told.withheld) = (None, BTreeSet::new());
        }
    }

    /// Whether a phone was ever lied to: it may have stopped sharing.
    pub fn lied_to(&self, phone: usize) -> bool {
        self.lied.contains(&phone)
    }

    /// Notes that a phone was lied to by somebody else's doing.
    pub fn note(&mut self, phone: usize) {
        self.lied.insert(phone);
        self.lies += 1;
    }

    /// How many lies were told.
    pub fn lies(&self) -> u64 {
        self.lies
    }

    pub(super) fn keep_for_answer(&mut self, phone: usize, frame: Vec<u8>) {
        self.told.entry(phone).or_default().kept.push(frame);
    }

    /// What a phone is sent in place of an answer's frames.
    pub(super) fn bend_body(&mut self, phone: usize, body: Vec<u8>) -> Vec<u8> {
        let quiet = self.told.get(&phone).is_none_or(|told| told.lie.is_none() && told.kept.is_empty());
        let Ok(Frames(frames)) = Frames::decode(&body) else { return body };
        if quiet {
            for frame in &frames {
                self.remember(phone, frame);
            }
            return body;
        }
        let kept = self.told.get_mut(&phone).map(|told| std::mem::take(&mut told.kept)).unwrap_or_default();
        let mut bent: Vec<Frame> = Vec::new();
        let mut planted: Vec<Frame> = kept.iter().filter_map(|frame| Frame::decode(frame).ok()).collect();
        for frame in frames {
            bent.extend(self.bend(phone, frame));
            if matches!(bent.last(), Some(Frame::Welcome(_))) {
                bent.append(&mut planted);
            }
        }
        bent.append(&mut planted);
        Frames(bent).encode()
    }

    /// What a phone is sent in place of a frame.
    pub(super) fn bend_frame(&mut self, phone: usize, bytes: Vec<u8>) -> Vec<Vec<u8>> {
        let lie = self.told.get(&phone).and_then(|told| told.lie);
        let Ok(frame) = Frame::decode(&bytes) else { return vec![bytes] };
        if lie.is_none() {
            self.remember(phone, &frame);
            return vec![bytes];
        }
        self.bend(phone, frame).iter().map(Wire::encode).collect()
    }

    fn remember(&mut self, phone: usize, frame: &Frame) {
        if let Frame::Entries(page) = frame {
            self.told.entry(phone).or_default().last.insert(page.stream, page.clone());
        }
    }

    fn bend(&mut self, phone: usize, frame: Frame) -> Vec<Frame> {
        let Some(lie) = self.told.get(&phone).and_then(|told| told.lie) else {
            self.remember(phone, &frame);
            return vec![frame];
        };
        let before = frame.clone();
        let bent = match frame {
            Frame::Entries(page) => self.bend_page(phone, lie, page),
            Frame::Access(_) if lie == Lie::WithholdAccess => Vec::new(),
            Frame::Wraps(wraps) if lie == Lie::WrongKeys => {
                let seal = self.seal_for.get_mut(&phone);
                let Some(seal) = seal else { return vec![before] };
                let wrong = |wrap: Wrap| match wrap.subject {
                    WrapSubject::Epoch(..) => seal(&wrap, &mut self.rng).unwrap_or(wrap),
                    WrapSubject::Name(_) => wrap,
                };
                vec![Frame::Wraps(wraps.into_iter().map(wrong).collect())]
            }
            Frame::Acked(ack) => match lie {
                Lie::Deny(way) => {
                    let refusal = match way {
                        0 => Refusal::NoRight(ack.a),
                        1 => Refusal::Stale(u32::MAX),
                        2 => Refusal::Gap(0),
                        3 => Refusal::Different(Hash::ZERO, ack.k),
                        4 => Refusal::Fork(false),
                        _ => Refusal::NoRight(ack.a + 1),
                    };
                    vec![Frame::Refused(Subject::Envelope(ack.stream, ack.device_seq), refusal)]
                }
                Lie::FalseAck => {
                    let mut more = ack;
                    more.device_seq += 1;
                    more.k += 1;
                    vec![Frame::Acked(ack), Frame::Acked(more)]
                }
                _ => vec![Frame::Acked(ack)],
            },
            other => vec![other],
        };
        if bent != [before] {
            self.note(phone);
        }
        bent
    }

    fn bend_page(&mut self, phone: usize, lie: Lie, mut page: Entries) -> Vec<Frame> {
        let told = self.told.entry(phone).or_default();
        let whole = page.clone();
        let count = page.entries.len();
        let nth = usize::try_from(self.rng.next_u64()).unwrap_or(0) % count.max(1);
        match lie {
            Lie::Withhold => {
                told.withheld.insert(page.stream);
                return Vec::new();
            }
            Lie::Skip => {
                page.entries.remove(nth);
                page.entries[nth..].iter_mut().for_each(|entry| entry.k -= 1);
            }
            Lie::Swap if count > 1 => {
                let one = nth.min(count - 2);
                page.entries.swap(one, one + 1);
                (page.entries[one].k, page.entries[one + 1].k) =
                    (page.entries[one + 1].k, page.entries[one].k);
            }
            Lie::Again => {
                let again = told.last.get(&page.stream).cloned().map(Frame::Entries);
                told.last.insert(page.stream, whole);
                return [Frame::Entries(page)].into_iter().chain(again).collect();
            }
            Lie::AgainAsNew => {
                let end = page.from + u64::try_from(count).unwrap_or(0);
                let again: Vec<StreamEntry> = (end..)
                    .zip(told.last.get(&page.stream).into_iter().flat_map(|last| &last.entries).take(3))
                    .map(|(k, entry)| {
                        let newest = page.entries.last();
                        let (a, stamp) = newest.map_or((entry.a, entry.stamp), |last| (last.a, last.stamp));
                        StreamEntry { k, a, stamp, ..entry.clone() }
                    })
                    .collect();
                told.last.insert(page.stream, whole);
                page.entries.extend(again);
            }
            Lie::Restamp => page.entries[nth].stamp += 1,
            Lie::Alter => {
                if let kith_protocol::envelope::Body::Whole(body) = &mut page.entries[nth].body {
                    body.iter_mut().skip(30).take(1).for_each(|byte| *byte ^= 1);
                }
            }
            Lie::Reattribute => {
                let entry = &mut page.entries[nth];
                if let Ok(mut header) = entry.read_header() {
                    header.device.0 = if header.device.0 == 1 { 2 } else { 1 };
                    entry.header = header.encode();
                }
            }
            _ => {
                told.last.insert(page.stream, whole);
            }
        }
        vec![Frame::Entries(page)]
    }
}
