//! What a replica wants done, and what it has to tell.

use kith_document::EditScript;
use kith_protocol::invite::Greeting;
use kith_protocol::{DeviceNumber, InviteId, MemberNumber, Role, Stream};

use crate::input::StorageError;
use crate::keys::Key;
use crate::record::StoredRow;
use crate::status::SharingStatus;

/// What the shell carries out, in this order. At most one of `Read`, `Scan` and `Write` is outstanding at any time.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Read these keys in one transaction; answered by [`crate::StorageAnswer::Values`].
    Read { keys: Vec<Key> },
    /// The first `limit` pairs whose keys begin with `prefix` and come after `after`; answered by `Pairs`.
    Scan { prefix: Key, after: Option<Key>, limit: u32 },
    /// All of this or nothing, durable before it is answered. A key is never both put and deleted.
    Write { puts: Vec<(Key, Vec<u8>)>, deletes: Vec<Key> },
    /// A request to the circle's host ([`crate::Replica::host`]); bodies are `application/cbor`.
    Http { id: u64, method: Method, path: String, body: Vec<u8> },
    /// Open the socket at this path of the host.
    SocketOpen { path: String },
    /// Send one binary message.
    SocketSend(Vec<u8>),
    /// Close the socket; a `SocketClosed` that answers it is not waited for.
    SocketClose,
    /// Say [`crate::Input::Woke`] at this time (Unix milliseconds). A later `WakeAt` replaces an earlier one.
    WakeAt(u64),
    /// Something to tell.
    Notice(Notice),
}

/// The methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// Why a replica cannot be opened. Nothing in its storage was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotOpen {
    /// A newer build has written it.
    Newer,
    /// Of a version before 1: a trial.
    Older,
    /// It is not what any build writes.
    Damaged,
}

/// What happened, for the app.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// The replica is open: `access()`, `me()` and `status()` answer.
    Opened,
    /// There is no such replica in storage.
    NotFound,
    /// What is in storage cannot be read by this build: nothing was changed.
    CannotOpen(CannotOpen),
    /// The edit is durable on this device.
    Kept { edit: u64 },
    /// The edit is not stored; here it is, so that it can stay on the screen.
    NotKept { edit: u64, script: EditScript, reason: NotKept },
    /// Rows of the read model changed. They are durable already.
    Rows(Vec<RowChange>),
    /// People, roles, invitations or settings changed: look at `access()` again.
    Access,
    /// The sharing line changed.
    Status(SharingStatus),
    /// The drawer of what could not be shared changed: scan it.
    Drawer,
    /// What the opened link leads to.
    Invitation(InvitationShown),
    /// The opened link cannot be used.
    LinkUnusable(LinkProblem),
    /// An invitation stands; here is its link.
    InviteReady { request: u64, invite: InviteId, link: String },
    /// A pairing is open; here is its link, and until when by this device's clock (Unix milliseconds). Said again when the
    /// app is opened while it is.
    PairingReady { request: u64, link: String, expires: u64 },
    /// A device answered; it shows the same words if it is the one that was meant.
    PairingAnswered { words: [&'static str; 4] },
    /// The pairing of this device's is over.
    PairingEnded(PairingEnd),
    /// On the new device: the words, to be compared with those of the other device.
    PairingWords { words: [&'static str; 4] },
    /// The recovery kit counts; here it is, once. It is not kept on this device.
    KitReady { request: u64, device: DeviceNumber, words: Vec<&'static str>, link: String },
    /// A membership action that was wished could not be stored, so it will not be done.
    WishNotKept(StorageError),
    /// A membership action was not taken, and will not be tried again.
    ActionRefused { action: &'static str, reason: String },
    /// This device was let in, or was told that it was not.
    Admitted,
    /// The circle was closed: what is here stays, and what was not shared by then goes to the drawer.
    Closed,
    /// This device's join was refused, or its membership ended. What was not shared is in the drawer.
    Removed,
    /// A class was gained.
    Gained(Stream),
    /// A class was lost, and with it what was stored of it, but for the drawer.
    Lost(Stream),
    /// An entry made this app go down and was left out on this device.
    SetAside { stream: Stream, k: u64 },
}

/// Why an edit is not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// Storage did not take it.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// This member may not write there, or is no member (yet, any more).
    #[error("you cannot write there")]
    NoRight,
    /// The steps do not fit the document.
    #[error("it does not fit what is there: {0}")]
    DoesNotFit(String),
}

/// A row that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct RowChange {
    pub list: String,
    pub key: Vec<u8>,
    /// Where the row stood before, if that was elsewhere in the same list; it is gone from there.
    pub previous_key: Option<Vec<u8>>,
    /// `None` when the row is gone.
    pub row: Option<StoredRow>,
}

/// What an opened link leads to; all of it verified from the founding on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationShown {
    pub greeting: Greeting,
    pub role: Role,
    /// Let in at once after joining; else somebody admits.
    pub direct: bool,
    /// The member who made the invitation.
    pub inviter: MemberNumber,
    pub expires: u64,
}

/// How a pairing ended, on the device that opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairingEnd {
    /// The new device is in.
    Added(DeviceNumber),
    /// It was declined, or another one was opened in its place.
    Declined,
    /// Its time is over.
    Expired,
    /// What was answered does not belong to this link, so somebody else may have answered: open another one.
    NotGenuine,
}

/// Why a link, or a recovery kit, cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkProblem {
    /// As many people as it was for have joined; of a pairing: another device answered first.
    Used,
    Expired,
    /// Taken back; of a pairing: declined on the other device; of a kit: it does not count any more.
    Cancelled,
    /// The host does not know it.
    Unknown,
    /// The circle was closed.
    Closed,
    /// What the host shows does not belong to this link: do not join.
    NotGenuine,
    /// Only a newer app can read what the host shows. What is stored stays, so that it can go on with it.
    Newer,
}
