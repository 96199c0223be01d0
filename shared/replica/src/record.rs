//! What lies in storage, shape by shape (docs/storage.md). All of it is CBOR arrays; fields are only ever added.

use std::collections::BTreeMap;

use kith_document::{DocumentName, EditScript, Item, Op};
use kith_protocol::access::SignedAccess;
use kith_protocol::envelope::{SealedEnvelope, StreamEntry};
use kith_protocol::pairing::PairingAnswer;
use kith_protocol::receive::StreamState;
use kith_protocol::wrap::Wrap;
use kith_protocol::{CircleId, DeviceNumber, Hash, Language, Stream};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::listing::RowKey;
use crate::status::Fault;

/// A row of the read model.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredRow {
    #[n(0)]
    pub document: DocumentName,
    #[n(1)]
    pub item: Item,
}

/// One change's operations on one item: a line of its history.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredEdit {
    /// The device that wrote it.
    #[n(0)]
    pub device: u32,
    /// When the server took it (Unix milliseconds); `None` while it waits.
    #[n(1)]
    pub stamp: Option<u64>,
    #[n(2)]
    pub ops: Vec<Op>,
}

/// Something a person wrote that could not be shared: nothing of it is ever thrown away by the engine.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DrawerEntry {
    /// What was to be done, in the words of the edit; it can be offered again.
    #[n(0)]
    pub script: EditScript,
    /// When the person wrote it, by this device's clock (Unix milliseconds).
    #[n(1)]
    pub written_at: u64,
    #[n(2)]
    pub why: DrawerReason,
}

/// Why something lies in the drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum DrawerReason {
    /// This member may not write there any more.
    #[n(0)]
    NoRight,
    /// It did not fit what others had made of the document meanwhile.
    #[n(1)]
    DoesNotFit,
    /// The circle was closed before the others had it.
    #[n(2)]
    Closed,
}

/// What a replica is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredState {
    /// [`STATE_VERSION`].
    #[n(0)]
    pub version: u32,
    /// The host that keeps the circle, as it is dialled.
    #[n(1)]
    pub host: String,
    #[n(2)]
    pub stage: StoredStage,
}

/// The form of a replica's storage; no other one is opened. Below 3 lie circles of wire version 0.
pub(crate) const STATE_VERSION: u32 = 3;

/// How far a membership has come.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum StoredStage {
    /// Founded here; the host does not know, so there is no `A_1` yet.
    #[n(0)]
    Founded {
        #[n(0)]
        signed: SignedAccess,
        #[n(1)]
        wraps: Vec<Wrap>,
        /// By this device's clock (Unix milliseconds).
        #[n(2)]
        at: u64,
    },
    /// A link was opened; once a name is given, the device's keys are stored and the Join may have been sent.
    #[n(1)]
    Invited {
        #[n(0)]
        name: Option<String>,
        /// The number that the device gets if the Join which was sent last is taken.
        #[n(1)]
        expected: Option<DeviceNumber>,
    },
    /// The device has its number.
    #[n(2)]
    Member {
        #[n(0)]
        device: DeviceNumber,
    },
    /// A link of a pairing was opened; another device is to add this one.
    #[n(3)]
    Pairing {
        /// The circle and the language of its words, once the host has told them.
        #[n(0)]
        about: Option<(CircleId, Language)>,
        /// The host has this device's answer.
        #[n(1)]
        answered: bool,
        /// When it ends, by this device's clock (Unix milliseconds).
        #[n(2)]
        until: u64,
    },
    /// A recovery kit is to add this device.
    #[n(4)]
    Restoring,
}

/// Where the circle is kept, where that is not only what its founding or a link said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredHome {
    /// In place of the host of [`StoredState`].
    #[n(0)]
    pub host: Option<String>,
    /// The last Move that this device has dealt with, by its place in the access stream.
    #[n(1)]
    pub settled: u64,
    /// It was moved there by a coordinator, and this device has not shared anything there yet.
    #[n(2)]
    pub arriving: bool,
    /// What was sealed for others is to be given to the host again.
    #[n(3)]
    pub keys_due: bool,
}

/// A pairing that this device opened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredOffer {
    /// The caller's number for it.
    #[n(0)]
    pub request: u64,
    #[n(1)]
    pub link: String,
    /// When it ends, by this device's clock (Unix milliseconds), once the host has opened it.
    #[n(2)]
    pub until: Option<u64>,
    /// What the other device said of itself.
    #[n(3)]
    pub answer: Option<PairingAnswer>,
}

/// A recovery kit that the host has not taken yet.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredKit {
    /// The caller's number for it.
    #[n(0)]
    pub request: u64,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub seed: [u8; 16],
}

/// An entry of a stream as it came, with its stamp and its access head: the truth, from which everything else can be
/// made again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredRaw {
    #[n(0)]
    pub entry: StreamEntry,
    /// `C_k`.
    #[n(1)]
    pub chain: Hash,
}

/// How far a stream was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredCursor {
    #[n(0)]
    pub state: StreamState,
    /// The last stamp of each device.
    #[n(1)]
    pub heard: BTreeMap<DeviceNumber, u64>,
}

/// The evidence of a fault.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredFault {
    #[n(0)]
    pub stream: Stream,
    #[n(1)]
    pub k: u64,
    #[n(2)]
    pub evidence: String,
    /// What showed it, as it came.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

impl From<&StoredFault> for Fault {
    fn from(fault: &StoredFault) -> Self {
        Self { stream: fault.stream, k: fault.k, evidence: fault.evidence.clone() }
    }
}

/// The opened changes that one entry brought to a document.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredChanges {
    #[n(0)]
    pub device: u32,
    #[n(1)]
    pub incarnation: u64,
    #[n(2)]
    pub stamp: u64,
    #[n(3)]
    pub changes: Vec<ByteVec>,
}

/// An edit that has no place in its stream yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredPending {
    #[n(0)]
    pub document: DocumentName,
    #[n(1)]
    pub incarnation: u64,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub change: Vec<u8>,
    #[n(3)]
    pub script: EditScript,
    /// By this device's clock (Unix milliseconds).
    #[n(4)]
    pub written_at: u64,
}

/// A sealed envelope on its way, and which pending edits are in it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredSealed {
    #[n(0)]
    pub envelope: SealedEnvelope,
    /// The numbers of the pending edits inside, in their order.
    #[n(1)]
    pub edits: Vec<u64>,
}

/// In which rows an item stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredStanding {
    #[n(0)]
    pub rows: Vec<RowKey>,
}

/// What was being applied. Found again at start, it did not end well.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Applying {
    #[n(0)]
    pub stream: Stream,
    #[n(1)]
    pub from: u64,
    #[n(2)]
    pub to: u64,
    /// Entries are being applied one by one, because this range went wrong before.
    #[n(3)]
    pub careful: bool,
}
