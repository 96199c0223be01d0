//! The screens, as places one can be in.

use facet::Facet;
use serde::{Deserialize, Serialize};

/// The screens, as places one can be in. `path()` of a route is the URL on the web.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum Route {
    Welcome,
    Start,
    Paste,
    Join,
    Circles,
    Today,
    QuickLog,
    AllKinds,
    Log,
    LogEntry {
        id: String,
    },
    /// A new entry of a kind, or the form of one that exists.
    LogForm {
        kind: String,
        id: Option<String>,
    },
    Tasks,
    TaskDetail {
        id: String,
    },
    TaskForm {
        id: Option<String>,
        kind: Option<String>,
    },
    HandOver {
        id: String,
    },
    Circle,
    Member {
        member: u32,
    },
    ChangeRole {
        member: u32,
    },
    RemoveMember {
        member: u32,
    },
    Invite,
    Invitation {
        id: String,
    },
    Settings,
    CircleSettings,
    /// To give everybody new keys.
    RenewKeys,
    /// To announce that the circle will be closed, to keep it open, to close it.
    Closing,
    /// The server that keeps the circle, and moving to another.
    Server,
    NotShared,
    /// What the sharing line means, and what to do.
    Sharing,
    Leave,
    Erase,
    Devices,
    AddDevice,
    RevokeDevice {
        device: u32,
    },
    Kit,
    KitCheck,
    /// On a new device: how to get it into the circle of another one.
    SecondDevice,
    /// On a new device: the words of a recovery kit.
    Restore,
    About,
}
