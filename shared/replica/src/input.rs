//! What a replica is told: what a person wants, and what the shell, the network and the storage answered.

use kith_document::{DocumentName, EditScript};
use kith_protocol::invite::{Greeting, InviteLink};
use kith_protocol::kit::Kit;
use kith_protocol::pairing::PairingLink;
use kith_protocol::{DeviceNumber, InviteId, Language, MemberNumber, Role, Stream};

use crate::keys::Key;
use crate::settings_change::SettingsChange;

/// Everything that can happen to a replica. Inputs are handled strictly in the order in which they come.
///
/// The first input of a replica is one of [`Input::Found`], [`Input::OpenInvite`], [`Input::OpenPairing`],
/// [`Input::RestoreFromKit`] and [`Input::Open`].
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Starts a circle; works offline.
    Found(Founding),
    /// Opens an invitation's link.
    OpenInvite(Invited),
    /// Becomes another device of a member, by the link that a device of theirs shows.
    OpenPairing(PairingLink),
    /// Becomes a new device of the member whose recovery kit this is.
    RestoreFromKit { kit: Kit },
    /// Opens a replica that is in storage.
    Open,

    /// Something a person wrote. `edit` is the caller's number for it and comes back in `Kept` or `NotKept`.
    Edit { edit: u64, script: EditScript },
    /// Nothing else is to be done at the moment: what an edit of this document needs is loaded now, so that the next
    /// one need not wait for it. Nothing is read where this device does not write.
    Prepare { document: DocumentName },
    /// Joins the circle of the opened link under a name (1 to 100 bytes).
    Join { name: String },
    /// Invites; `request` comes back in `InviteReady` once the invitation stands, which needs a connection.
    Invite { request: u64, invitation: Invitation },
    /// Shows the link of an invitation made on this device again.
    ShowLink { request: u64, invite: InviteId },
    /// Takes an invitation back.
    CancelInvite { invite: InviteId },
    /// Lets a waiting member in.
    Admit { member: MemberNumber },
    /// Does not let a waiting member in.
    Refuse { member: MemberNumber },
    /// Gives a member another role.
    SetRole { member: MemberNumber, role: Role },
    /// Ends a member's membership.
    Remove { member: MemberNumber },
    /// Ends one's own membership.
    Leave,
    /// Draws a new key for these classes.
    RotateKeys { streams: Vec<Stream> },
    /// Changes rules of the circle.
    ChangeSettings(SettingsChange),
    /// Moves the circle to another host (1-253 characters of `a-z 0-9 . - : [ ]`): everybody's devices follow once they
    /// have taken in what is left at this one.
    Move { host: String },
    /// This device alone looks for the circle at this host from now on. What is there must go on from what is here.
    FollowTo { host: String },
    /// The host said that it does not know the circle: it is given what is here. Elsewhere nothing.
    GiveBack,
    /// Tells everybody that the circle may be closed, so many milliseconds after the host has taken that (7 to 90
    /// days; less counts as 7, more as 90).
    AnnounceClosing { wait_ms: u64 },
    /// Takes that back.
    KeepOpen,
    /// Closes the circle for good, once the announced time has come. Nobody does this but a person, now: the
    /// announcement alone closes nothing (ADR 0015).
    CloseCircle,
    /// Takes back a membership action that was not sent yet ([`crate::Replica::wishes`]).
    TakeBack { wish: u64 },
    /// Opens a pairing for another device of one's own, for 10 minutes; `request` comes back in `PairingReady`. One
    /// that is open ends.
    OfferDevice { request: u64 },
    /// The words are the same on both devices: the other one is added.
    ConfirmDevice,
    /// They are not, or nothing shall be added after all: the pairing ends.
    DeclineDevice,
    /// Takes a device out: one's own, or anybody's by a coordinator.
    RevokeDevice { device: DeviceNumber },
    /// Makes a recovery kit; `request` comes back in `KitReady` once the host has taken it, which needs a connection.
    MakeKit { request: u64 },
    /// This kit's words are on paper and were checked; until then they are told again at every start.
    KitKept { device: DeviceNumber },
    /// Tries again to share something from the drawer, as a new edit.
    OfferAgain { edit: u64, drawer: u64 },
    /// Lets something in the drawer go; only a person decides that.
    Discard { drawer: u64 },

    /// There may be a connection: connect, and stay connected.
    Connect,
    /// Stay offline until told otherwise.
    Disconnect,
    /// The app came to the front: try at once.
    Foreground,
    /// The time asked for by `WakeAt` has come. An early or a late one does no harm.
    Woke,
    /// An `Http` was answered, or could not be sent.
    HttpDone { id: u64, answer: HttpAnswer },
    /// The socket is open.
    SocketOpened,
    /// A binary message came.
    SocketReceived(Vec<u8>),
    /// The socket is closed, or could not be opened.
    SocketClosed,
    /// The one outstanding `Read`, `Scan` or `Write` was carried out, or failed.
    StorageDone(Result<StorageAnswer, StorageError>),
}

/// What starting a circle takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The host that keeps the circle, as it is dialled (`kith.example` or `localhost:8080`).
    pub host: String,
    /// The circle's language: its four words are taken from that list.
    pub language: Language,
    /// Whether caregivers may invite helpers and friends from the start.
    pub caregivers_invite: bool,
}

/// What opening a link takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The link, read by [`InviteLink`]'s parser.
    pub link: InviteLink,
}

/// An invitation to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Never coordinator.
    pub role: Role,
    /// How many people may join with it, at least 1.
    pub uses: u32,
    /// How long it stands, in milliseconds from when it is signed.
    pub lasts_ms: u64,
    /// Whether who joins is let in at once; else they wait for somebody to admit them.
    pub direct: bool,
    /// What the invited person sees before joining.
    pub greeting: Greeting,
}

/// How an HTTP request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpAnswer {
    /// The server answered.
    Answered { status: u16, body: Vec<u8> },
    /// No answer: no connection, a timeout.
    Failed,
}

/// What storage answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageAnswer {
    /// To `Read`: one value a key, in the keys' order.
    Values(Vec<Option<Vec<u8>>>),
    /// To `Scan`: pairs in the order of keys, at most `limit`; fewer means that there are no more.
    Pairs(Vec<(Key, Vec<u8>)>),
    /// To `Write`: everything is durable.
    Written,
}

/// Why storage did not do it. After a failed `Write`, nothing of the batch is stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// There is no room.
    #[error("there is no room left on this device")]
    Full,
    /// Another tab or process runs the core.
    #[error("this is open somewhere else")]
    NotOwner,
    /// Anything else.
    #[error("storage failed: {0}")]
    Failed(String),
}
