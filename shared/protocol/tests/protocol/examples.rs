//! One value of every wire type and variant, made of fixed bytes.

use kith_protocol::access::{
    AccessEntry, AccessRecord, AccessRefusal, Action, Found, Invite, Join, Rotation, SealedName, Settings,
    SignedAccess,
};
use kith_protocol::by_key::{KeyNonceRequest, KeyProof};
use kith_protocol::envelope::{Body, Header, Plaintext, SealedEnvelope, StreamEntry};
use kith_protocol::invite::InviteState;
use kith_protocol::mailbox::{PairingOpen, PairingOpened, PairingRead, PairingShown, PairingToken};
use kith_protocol::message::{
    Access, AccessAck, Ack, Entries, Frame, Frames, HandBack, Hello, Subject, SubmitAccess, Welcome,
};
use kith_protocol::pairing::PairingAnswer;
use kith_protocol::returning::{About, Return};
use kith_protocol::session::{Nonce, NonceRequest, Proof, Token};
use kith_protocol::{
    CircleId, CircleStart, Cursor, DecodeError, DeviceNumber, DevicePublic, Hash, HashPrefix, InviteId,
    Language, MemberNumber, PairingId, Party, Refusal, Role, Signature, Stream, Wire, Wrap, WrapSubject,
};
use std::fmt::{Debug, Write};

pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A type's example, and how its bytes are read and written again.
pub struct Example {
    pub name: String,
    pub bytes: Vec<u8>,
    pub read: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
    pub limit: usize,
}

fn example<T: Wire + Debug>(kind: &str, value: &T) -> Example {
    // Names in snapshots: the variant, without its content.
    let shown: String = format!("{value:?}").chars().take_while(|c| !"{[".contains(*c)).collect();
    let shown = shown.trim_end_matches(['(', ' ']);
    let name = if kind.starts_with(shown) { kind.to_owned() } else { format!("{kind} {shown}") };
    let read = |bytes: &[u8]| T::decode(bytes).map(|value| value.encode());
    Example { name, bytes: value.encode(), read, limit: T::LIMIT }
}

/// Those types whose reading looks at a version first.
fn versioned(
    name: &str,
    bytes: Vec<u8>,
    limit: usize,
    read: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
) -> Example {
    Example { name: name.to_owned(), bytes, read, limit }
}

const H: Hash = Hash([0xaa; 32]);
const SIGNATURE: Signature = Signature([0xbb; 64]);
const KEYS: DevicePublic = DevicePublic { sign: [0xcc; 32], seal: [0xdd; 32] };
const ID: InviteId = InviteId([0xee; 16]);

fn rotation(stream: Stream, previous: bool) -> Rotation {
    Rotation {
        stream,
        epoch: if previous { 2 } else { 1 },
        commit: H,
        previous: previous.then_some([0x77; 48]),
    }
}

pub fn actions() -> Vec<Action> {
    let member = MemberNumber(300);
    let rotations = vec![rotation(Stream::Commons, true), rotation(Stream::Private(member), false)];
    let found = Found {
        random: [1; 16],
        keys: KEYS,
        language: Language::French,
        rotations: Stream::SHARED.map(|stream| rotation(stream, false)).to_vec(),
        continues: None,
    };
    let join = Join {
        invite: ID,
        keys: KEYS,
        name: SealedName { commit: H, sealed: vec![9; 20] },
        invite_signature: SIGNATURE,
    };
    let invite = Invite {
        id: ID,
        keys: KEYS,
        role: Role::Helper,
        uses: 5,
        expires: 1_790_000_000_000,
        direct: true,
        greeting: vec![8; 40],
    };
    vec![
        Action::Found(found.clone()),
        Action::Found(Found { continues: Some(CircleId([2; 32])), ..found }),
        Action::Invite(invite),
        Action::CancelInvite(ID, rotations.clone()),
        Action::Join(join),
        Action::Admit(member),
        Action::Refuse(member),
        Action::SetRole(member, Role::Professional, rotations.clone()),
        Action::Remove(member, rotations.clone()),
        Action::Leave,
        Action::AddDevice(KEYS, true, SIGNATURE),
        Action::RevokeDevice(DeviceNumber(7), rotations.clone()),
        Action::RotateKeys(rotations),
        Action::Settings(Settings { caregivers_invite: true, heir: Some(member) }),
        Action::Settings(Settings::default()),
        Action::Move("kith.example:8443".to_owned()),
        Action::EraseStream(Stream::Care),
        Action::Close,
        Action::Closing(Some(1_790_700_000_000)),
        Action::Closing(None),
    ]
}

pub fn header() -> Header {
    Header {
        version: kith_protocol::VERSION,
        stream: Stream::Private(MemberNumber(24)),
        device: DeviceNumber(256),
        device_seq: 65_536,
        access_seq: 23,
        access_hash: HashPrefix([3; 16]),
        epoch: 2,
        seen_k: 4_294_967_296,
        seen_chain: HashPrefix([4; 16]),
    }
}

pub fn wrap() -> Wrap {
    let subject = WrapSubject::Epoch(Stream::Network, 3);
    Wrap { recipient: Party::Device(DeviceNumber(2)), subject, enc: [5; 32], ct: [6; 48] }
}

fn refusals() -> Vec<Refusal> {
    let plain = [
        Refusal::TooLarge,
        Refusal::Malformed,
        Refusal::Newer,
        Refusal::WrongDevice,
        Refusal::Signature,
        Refusal::Different(H, 9),
        Refusal::NoRight(7),
        Refusal::Fork(true),
        Refusal::Stale(3),
        Refusal::Gap(12),
        Refusal::Quota(1_000_000),
        Refusal::Token,
        Refusal::Forbidden,
        Refusal::UnknownCircle,
        Refusal::Waiting,
        Refusal::Moved("b.example".to_owned()),
        Refusal::Closed,
        Refusal::Busy(2000),
        Refusal::Fault,
    ];
    let access = [
        AccessRefusal::Malformed,
        AccessRefusal::Newer,
        AccessRefusal::Head(4, H),
        AccessRefusal::Signature,
        AccessRefusal::Author,
        AccessRefusal::NoRight,
        AccessRefusal::LastCoordinator,
        AccessRefusal::Target,
        AccessRefusal::Value,
        AccessRefusal::Keys,
        AccessRefusal::Rotations,
        AccessRefusal::Recipients,
        AccessRefusal::Expired,
        AccessRefusal::UsedUp,
        AccessRefusal::Full,
        AccessRefusal::Closed,
        AccessRefusal::Early,
        AccessRefusal::Moved("b.example".to_owned()),
        AccessRefusal::Stamp,
        AccessRefusal::Session,
    ];
    plain.into_iter().chain(access.into_iter().map(Refusal::Access)).collect()
}

fn frames() -> Vec<Frame> {
    let cursor = Cursor { stream: Stream::Commons, k: 5, chain: H };
    let signed = SignedAccess { bytes: vec![1, 2, 3], signature: SIGNATURE };
    let record = AccessRecord { signed: signed.clone(), stamp: 1_790_000_000_000 };
    let envelope = SealedEnvelope { header: vec![1], signature: SIGNATURE, body: vec![2; 30] };
    let ack = Ack { stream: Stream::Care, device_seq: 3, k: 8, a: 2, stamp: 1_790_000_000_000, chain: H };
    let entry = StreamEntry::placed(envelope.clone(), &ack);
    let hello = Hello {
        versions: vec![kith_protocol::VERSION],
        token: vec![1; 16],
        cursors: vec![cursor, cursor],
        live: true,
    };
    let entries = Entries {
        stream: Stream::Care,
        from: 8,
        entries: vec![entry.clone(), entry.stub()],
        chain: H,
        more: true,
    };
    vec![
        Frame::Hello(hello),
        Frame::Welcome(Welcome {
            version: kith_protocol::VERSION,
            now_ms: 5,
            heads: vec![cursor],
            waiting: false,
        }),
        Frame::Access(Access { from: 2, records: vec![record.clone()], more: false }),
        Frame::Wraps(vec![wrap()]),
        Frame::Entries(entries),
        Frame::Submit(vec![envelope]),
        Frame::SubmitAccess(SubmitAccess { signed, wraps: vec![wrap()] }),
        Frame::SubmitWraps(vec![]),
        Frame::Acked(ack),
        Frame::AccessAcked(AccessAck { seq: 4, stamp: 5, hash: H }),
        Frame::Refused(Subject::Session, Refusal::Token),
        Frame::Refused(Subject::Envelope(Stream::Care, 4), Refusal::Gap(2)),
        Frame::Refused(Subject::Access(9), Refusal::Access(AccessRefusal::NoRight)),
        Frame::Refused(Subject::Wraps, Refusal::Forbidden),
        Frame::Refused(Subject::HandBack(Stream::Care, 4), Refusal::Signature),
        Frame::HandBack(HandBack::Access(1, vec![record])),
        Frame::HandBack(HandBack::Entries(Stream::Care, 8, vec![entry])),
        Frame::More(vec![cursor]),
        Frame::CaughtUp,
        Frame::Heard,
    ]
}

/// What is said when a device is added by another one or by a kit.
fn of_devices() -> Vec<Example> {
    let circle = CircleId([1; 32]);
    let id = PairingId([4; 16]);
    let start = CircleStart::new(&[1; 8]).unwrap();
    let proof = KeyProof { circle, key: KEYS.sign, nonce: [2; 32], signature: SIGNATURE };
    let shown = PairingShown { circle, language: Language::French, answered: true, left_ms: 600_000 };
    vec![
        example("KeyNonceRequest", &KeyNonceRequest { circle: start }),
        example("KeyProof", &proof),
        example("PairingAnswer", &PairingAnswer { keys: KEYS, consent: SIGNATURE }),
        example("PairingOpen", &PairingOpen { token: vec![3; 32], id, lasts_ms: 600_000 }),
        example("PairingOpened", &PairingOpened { left_ms: 600_000 }),
        example("PairingShown", &shown),
        example("PairingToken", &PairingToken { token: vec![3; 32] }),
        example("PairingRead", &PairingRead { answer: Some(vec![5; 200]) }),
    ]
}

pub fn all() -> Vec<Example> {
    let mut examples = Vec::new();
    for action in actions() {
        let name = format!("AccessEntry {action:?}");
        let name = name.split(['(', '{']).next().unwrap().to_owned();
        let entry = AccessEntry {
            version: kith_protocol::VERSION,
            seq: 2,
            previous: H,
            author: DeviceNumber(1),
            action,
        };
        examples.push(versioned(&name, entry.encode(), 4096, |bytes| {
            AccessEntry::decode(bytes).map(|entry| entry.encode())
        }));
    }
    examples.push(versioned("Header", header().encode(), 160, |bytes| {
        Header::decode(bytes).map(|header| header.encode())
    }));
    examples.push(example(
        "Plaintext",
        &Plaintext {
            document: "care/plan".to_owned(),
            incarnation: u64::MAX,
            changes: vec![vec![1], vec![]],
        },
    ));
    examples.push(example("Wrap", &wrap()));
    examples.push(example(
        "Wrap of a name",
        &Wrap { recipient: Party::Invitation(ID), subject: WrapSubject::Name(MemberNumber(3)), ..wrap() },
    ));
    examples.extend(frames().iter().map(|frame| example("Frame", frame)));
    examples.push(example("Frames", &Frames(vec![Frame::CaughtUp, Frame::CaughtUp])));
    examples.extend(refusals().iter().map(|refusal| example("Refusal", refusal)));
    let entry = StreamEntry {
        k: 1,
        a: 2,
        stamp: 3,
        header: vec![1; 24],
        signature: SIGNATURE,
        body: Body::Whole(vec![2; 256]),
    };
    examples.push(example("StreamEntry", &entry));
    examples.push(example("StreamEntry without its body", &entry.stub()));
    let envelope = SealedEnvelope { header: vec![1; 24], signature: SIGNATURE, body: vec![2; 256] };
    examples.push(example("SealedEnvelope", &envelope));
    let signed = SignedAccess { bytes: vec![7; 30], signature: SIGNATURE };
    examples.push(example("SignedAccess", &signed));
    examples.push(example("AccessRecord", &AccessRecord { signed: signed.clone(), stamp: 9 }));
    let record = AccessRecord { signed: signed.clone(), stamp: 9 };
    examples.push(example("Return", &Return { circle: CircleId([1; 32]), from: 1, records: vec![record] }));
    let about = About { versions: vec![0, 1], host: "kith.example".into(), release: "0.1.0".into() };
    examples.push(example("About", &about));
    examples.push(example("SubmitAccess", &SubmitAccess { signed, wraps: vec![wrap(), wrap()] }));
    examples.push(example("AccessAck", &AccessAck { seq: 1, stamp: 2, hash: H }));
    let party = Party::Invitation(ID);
    examples.push(example("NonceRequest", &NonceRequest { circle: HashPrefix([1; 16]), party }));
    examples.push(example("Nonce", &Nonce { circle: CircleId([1; 32]), nonce: [2; 32] }));
    examples.push(example(
        "Proof",
        &Proof { circle: CircleId([1; 32]), party, nonce: [2; 32], signature: SIGNATURE },
    ));
    examples.push(example("Token", &Token { token: vec![3; 32], expires: 1_790_000_900_000 }));
    let to = Some("Nadia".to_owned());
    examples.push(example("Greeting", &kith_protocol::invite::Greeting { to, ..crate::world::greeting() }));
    examples.extend(of_devices());
    let states = [InviteState::Open, InviteState::Used, InviteState::Expired, InviteState::Cancelled];
    examples.extend(states.iter().chain([&InviteState::Unknown]).map(|state| example("InviteState", state)));
    examples
}
