//! Every storage key of a replica is built here, so that `docs/storage.md` and the code cannot drift apart.

use kith_document::DocumentName;
use kith_protocol::{Hash, InviteId, MemberNumber, Stream};

/// A storage key: bytes, compared bytewise. Parts are separated by `/`; numbers are eight bytes, big-endian.
pub type Key = Vec<u8>;

/// Where a change that has no place in its stream yet stands in the history: after everything that has one.
pub const PENDING_K: u64 = u64::MAX;

/// The longest name that stands in a key as it is; a longer one stands there as its hash.
const LONGEST_SEGMENT: usize = 120;

/// The name of a membership on this device: short, and of `[A-Za-z0-9_-]` only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaId(String);

impl ReplicaId {
    /// `None` unless `id` is 1 to 32 characters of `[A-Za-z0-9_-]`.
    pub fn new(id: impl Into<String>) -> Option<Self> {
        let id = id.into();
        let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        (plain && (1..=32).contains(&id.len())).then_some(Self(id))
    }

    /// The id as it stands in keys.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Builds the keys of one replica.
#[derive(Clone, Debug)]
pub struct Keys {
    open: Vec<u8>,
    secret: Vec<u8>,
}

impl Keys {
    /// The keys of `replica`.
    pub fn new(replica: &ReplicaId) -> Self {
        let open = format!("r/{}/", replica.as_str()).into_bytes();
        let secret = format!("secret/r/{}/", replica.as_str()).into_bytes();
        Self { open, secret }
    }

    fn at(&self, parts: &[&[u8]]) -> Key {
        let mut key = self.open.clone();
        key.extend_from_slice(&parts.join(&b'/'));
        key
    }

    fn hidden(&self, parts: &[&[u8]]) -> Key {
        let mut key = self.secret.clone();
        key.extend_from_slice(&parts.join(&b'/'));
        key
    }

    /// What this membership is: founded, invited, a member (`StoredState`).
    pub fn state(&self) -> Key {
        self.at(&[b"state"])
    }

    /// Where the circle is kept, once it was moved or a person said so (`StoredHome`).
    pub fn home(&self) -> Key {
        self.at(&[b"home"])
    }

    /// The device's two key pairs.
    pub fn device(&self) -> Key {
        self.hidden(&[b"device"])
    }

    /// The link that this membership was opened with, until it is let in.
    pub fn link(&self) -> Key {
        self.hidden(&[b"link"])
    }

    /// The pairing's link or the recovery kit by which this device is to come in, until it is in.
    pub fn way(&self) -> Key {
        self.hidden(&[b"way"])
    }

    /// The pairing that this device opened, while it is open.
    pub fn offer(&self) -> Key {
        self.hidden(&[b"offer"])
    }

    /// The seed of a recovery kit, by its signing key, until its words were checked.
    pub fn kit(&self, sign: &[u8; 32]) -> Key {
        self.hidden(&[b"kit", sign])
    }

    /// The epoch keys that the device holds.
    pub fn keyring(&self) -> Key {
        self.hidden(&[b"keyring"])
    }

    /// The link of an invitation that was made on this device.
    pub fn invitation(&self, invite: &InviteId) -> Key {
        self.hidden(&[b"invite", &invite.0])
    }

    /// What the verified access stream amounts to, so that a start verifies nothing twice: a cache.
    pub fn access_log(&self) -> Key {
        self.at(&[b"access"])
    }

    /// The entries of the access stream begin with this.
    pub fn access_all(&self) -> Key {
        self.at(&[b"access", b""])
    }

    /// Entry `n` of the access stream, with its stamp.
    pub fn access(&self, n: u64) -> Key {
        self.at(&[b"access", &n.to_be_bytes()])
    }

    /// Names that came sealed with a Join, opened, begin with this.
    pub fn names(&self) -> Key {
        self.at(&[b"name", b""])
    }

    /// The name that came with the Join of `device`.
    pub fn name(&self, device: u32) -> Key {
        self.at(&[b"name", &u64::from(device).to_be_bytes()])
    }

    /// The cursors of all streams begin with this.
    pub fn cursors(&self) -> Key {
        self.at(&[b"cursor", b""])
    }

    /// How far a stream was taken in.
    pub fn cursor(&self, stream: Stream) -> Key {
        self.at(&[b"cursor", &stream_part(stream)])
    }

    /// The raw entries of a stream begin with this.
    pub fn raws(&self, stream: Stream) -> Key {
        self.at(&[b"raw", &stream_part(stream), b""])
    }

    /// Entry `k` of a stream as it came, its stamp and `C_k`.
    pub fn raw(&self, stream: Stream, k: u64) -> Key {
        self.at(&[b"raw", &stream_part(stream), &k.to_be_bytes()])
    }

    /// The opened changes of a document after its snapshot begin with this.
    pub fn changes(&self, document: &DocumentName) -> Key {
        self.at(&[b"chg", document_part(document).as_bytes(), b""])
    }

    /// The opened changes that entry `k` brought to a document.
    pub fn change(&self, document: &DocumentName, k: u64) -> Key {
        self.at(&[b"chg", document_part(document).as_bytes(), &k.to_be_bytes()])
    }

    /// The committed document, saved: a cache.
    pub fn snapshot(&self, document: &DocumentName) -> Key {
        self.at(&[b"snap", document_part(document).as_bytes()])
    }

    /// Under which incarnation this device writes a document.
    pub fn incarnation(&self, document: &DocumentName) -> Key {
        self.at(&[b"inc", document_part(document).as_bytes()])
    }

    /// What waits to be shared begins with this.
    pub fn pendings(&self) -> Key {
        self.at(&[b"pend", b""])
    }

    /// Edit `n` that waits to be shared in a stream.
    pub fn pending(&self, stream: Stream, n: u64) -> Key {
        self.at(&[b"pend", &stream_part(stream), &n.to_be_bytes()])
    }

    /// The sealed envelopes that are not in their stream yet begin with this.
    pub fn outbox(&self) -> Key {
        self.at(&[b"out", b""])
    }

    /// A sealed envelope of this device, by its `device_seq`.
    pub fn sealed(&self, stream: Stream, device_seq: u64) -> Key {
        self.at(&[b"out", &stream_part(stream), &device_seq.to_be_bytes()])
    }

    /// Membership actions that wait begin with this.
    pub fn intents(&self) -> Key {
        self.at(&[b"intent", b""])
    }

    /// A membership action that waits for the head it is signed against.
    pub fn intent(&self, n: u64) -> Key {
        self.at(&[b"intent", &n.to_be_bytes()])
    }

    /// The marks of membership actions that were sent begin with this.
    pub fn sents(&self) -> Key {
        self.at(&[b"sent", b""])
    }

    /// That membership action `n` was sent (`StoredSent`), put before it is.
    pub fn sent(&self, n: u64) -> Key {
        self.at(&[b"sent", &n.to_be_bytes()])
    }

    /// A list of the read model begins with this.
    pub fn list(&self, list: &str) -> Key {
        self.at(&[b"row", list.as_bytes(), b""])
    }

    /// A row of the read model; `key` is as the listing gave it.
    pub fn row(&self, list: &str, key: &[u8]) -> Key {
        self.at(&[b"row", list.as_bytes(), key])
    }

    /// Everything of one kind (`chg`, `snap`, `at`, `edit`) about the documents of a stream begins with this.
    pub fn of_stream(&self, kind: &str, stream: Stream) -> Key {
        self.at(&[kind.as_bytes(), documents_of(stream).as_bytes()])
    }

    /// In which rows an item stands.
    pub fn standing(&self, document: &DocumentName, item: &str) -> Key {
        self.at(&[b"at", document_part(document).as_bytes(), segment(item).as_bytes()])
    }

    /// The history of an item begins with this: every operation on it, oldest first, what waits last.
    pub fn history(&self, document: &DocumentName, item: &str) -> Key {
        self.at(&[b"edit", document_part(document).as_bytes(), segment(item).as_bytes(), b""])
    }

    /// One change's operations on an item.
    pub fn edit(&self, document: &DocumentName, item: &str, k: u64, place: u64) -> Key {
        let mut key = self.history(document, item);
        key.extend_from_slice(&k.to_be_bytes());
        key.push(b'/');
        key.extend_from_slice(&place.to_be_bytes());
        key
    }

    /// What could not be shared begins with this.
    pub fn drawers(&self) -> Key {
        self.at(&[b"drawer", b""])
    }

    /// Something a person wrote that could not be shared.
    pub fn drawer(&self, n: u64) -> Key {
        self.at(&[b"drawer", &n.to_be_bytes()])
    }

    /// What was being applied when the app went down.
    pub fn applying(&self) -> Key {
        self.at(&[b"applying"])
    }

    /// The entries of a stream that were left out on this device begin with this.
    pub fn asides(&self, stream: Stream) -> Key {
        self.at(&[b"aside", &stream_part(stream), b""])
    }

    /// Marks an entry that made the app go down and was left out on this device.
    pub fn aside(&self, stream: Stream, k: u64) -> Key {
        self.at(&[b"aside", &stream_part(stream), &k.to_be_bytes()])
    }

    /// The evidence of a fault of the place where the circle is kept.
    pub fn fault(&self) -> Key {
        self.at(&[b"fault"])
    }
}

/// The number at the end of a key.
pub fn last_number(key: &[u8]) -> Option<u64> {
    let at = key.len().checked_sub(8)?;
    Some(u64::from_be_bytes(key.get(at..)?.try_into().ok()?))
}

/// A stream as a part of a key.
fn stream_part(stream: Stream) -> Vec<u8> {
    stream.to_string().into_bytes()
}

/// A document's name as a part of a key: a dot, which no name holds, in place of each slash.
fn document_part(document: &DocumentName) -> String {
    document.as_str().replace('/', ".")
}

/// How the parts of all documents of a stream begin.
fn documents_of(stream: Stream) -> String {
    match stream {
        Stream::Private(member) => format!("private.{}.", member.0),
        shared => format!("{shared}."),
    }
}

/// The stream that a document lives in; `None` for a class that this build does not know.
pub fn stream_of(document: &DocumentName) -> Option<Stream> {
    let mut parts = document.as_str().split('/');
    match parts.next()? {
        "commons" => Some(Stream::Commons),
        "network" => Some(Stream::Network),
        "care" => Some(Stream::Care),
        "private" => {
            let member = parts.next()?;
            let number: u32 = member.parse().ok()?;
            // One spelling a member, and a name behind it.
            (number.to_string() == member && parts.next().is_some())
                .then_some(Stream::Private(MemberNumber(number)))
        }
        _ => None,
    }
}

/// A name as a part of a key: a name that holds `/` or the like can never look like two parts.
fn segment(name: &str) -> String {
    if name.len() > LONGEST_SEGMENT {
        let Hash(hash) = Hash::of(name.as_bytes());
        return hash.iter().fold("~".to_owned(), |text, byte| format!("{text}{byte:02x}"));
    }
    let mut part = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '/' | '%' | '~' | '\0'..='\x1f' => part.extend(format!("%{:02x}", u32::from(c)).chars()),
            c => part.push(c),
        }
    }
    part
}
