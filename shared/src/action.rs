//! What a button does: shells get it with the view and send it back unchanged.

use crate::{event::Theme, route::Route};
use facet::Facet;
use serde::{Deserialize, Serialize};

/// What a button does. Shells get it with the view and send it back unchanged.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum Action {
    Open(Route),
    Back,
    SwitchCircle {
        replica: String,
    },
    /// Keeps the form on the screen.
    Keep,
    /// Keeps an entry of this kind with its default, now.
    QuickLog {
        kind: String,
    },
    Undo,
    DismissNotice,
    ShowMore,
    FilterLog {
        kind: String,
    },
    FilterTasks {
        filter: String,
    },
    Archive {
        item: String,
    },
    Restore {
        item: String,
    },
    /// One of several versions is right.
    ChooseVersion {
        item: String,
        field: String,
        index: u32,
    },
    Claim {
        task: String,
    },
    StandDown {
        task: String,
    },
    HandOver {
        task: String,
        member: u32,
    },
    Done {
        task: String,
    },
    Reopen {
        task: String,
    },
    StartCircle,
    PasteLink,
    Join,
    CancelInvite {
        invite: String,
    },
    /// Takes back a membership action that waits for reception.
    TakeBack {
        wish: u64,
    },
    RemoveMember {
        member: u32,
    },
    /// An invitation with the member's own role, that names them.
    FreshLink {
        member: u32,
    },
    LeaveCircle,
    /// Clears the circle on the screen from this device.
    EraseCircle,
    /// Gives up coming into the circle on the screen.
    StopWaiting,
    /// The heir becomes coordinator.
    StepIn,
    /// Everybody gets new keys, so that whoever lacked one has it again.
    RenewKeys,
    /// Tells everybody that the circle is going to be closed.
    AnnounceClosing,
    /// Takes that back.
    KeepOpen,
    /// Closes the circle, for everybody and for good.
    CloseCircle,
    /// The circle goes on at the server that was looked at, for everybody.
    MoveCircle,
    /// This phone alone looks for it there.
    FollowTo,
    /// Another address is typed.
    OtherServer,
    /// This phone goes to where the circle was moved, though the old server does not answer.
    GoOnThere,
    /// The server that forgot the circle is given it back.
    GiveBack,
    DismissReminder {
        for_good: bool,
    },
    OfferDevice,
    CopyPairing,
    SharePairing,
    ConfirmDevice,
    DeclineDevice,
    RevokeDevice {
        device: u32,
    },
    MakeKit,
    /// Asks for three of the kit's words.
    CheckKit,
    CopyInvite {
        invite: String,
    },
    ShareInvite {
        invite: String,
    },
    Admit {
        device: u32,
    },
    Refuse {
        device: u32,
    },
    ChooseTheme {
        theme: Theme,
    },
    ChooseTextSize {
        percent: u32,
    },
    ChooseLanguage {
        tag: String,
    },
    CopyDraft {
        drawer: u64,
    },
    DiscardDraft {
        drawer: u64,
    },
    OfferAgain {
        drawer: u64,
    },
    TakeOver,
    ReloadApp,
    KeepStorage,
    LookedAtSince,
}
