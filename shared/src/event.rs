//! What a shell may say to the core, and what only the core says to itself.

pub use crate::{action::Action, route::Route};

use crate::effects::{SocketOutput, StorageOutput};
use crux_http::protocol::HttpResult;
use facet::Facet;
use serde::{Deserialize, Serialize};

/// Everything that can happen. Shells send the first variants; the skipped ones are the core's own.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[repr(C)]
pub enum Event {
    /// The shell is ready; sent once, before anything else.
    Started(Launch),
    /// A button, a row or a tab was chosen: the `Action` that the view gave it.
    Do(Action),
    /// The person changed a field of the form on the screen. The shell owns the text while the field has the focus.
    FieldChanged { field: String, value: FieldValue },
    /// The platform opened a path of the app: the browser's back button, a bookmark, a deep link.
    PathOpened { path: String },
    /// An invitation link arrived: pasted, scanned, or the address the app was opened with. Holds a secret; never logged.
    LinkOpened { link: String },
    /// The app is on the screen again.
    Foregrounded,
    /// The platform believes that there is, or is no, network. A hint.
    ReceptionChanged { online: bool },
    /// Another tab took over; this one must not write any more.
    OwnershipLost,

    /// Time and entropy for an event arrived. Core only.
    #[serde(skip)]
    #[facet(skip)]
    Stamped(Box<Stamped>),
    /// A storage request of a replica, or of the app itself, was answered. Core only.
    #[serde(skip)]
    #[facet(skip)]
    StorageAnswered(Box<StorageAnswered>),
    /// Core only.
    #[serde(skip)]
    #[facet(skip)]
    HttpAnswered(Box<HttpAnswered>),
    /// Core only.
    #[serde(skip)]
    #[facet(skip)]
    SocketSpoke(Box<SocketSpoke>),
    /// A timer of a replica ran out (or the minute of the screen's clock). Core only.
    #[serde(skip)]
    #[facet(skip)]
    Woke { replica: Option<String>, serial: u64 },
}

/// The two things the core cannot make itself, for the event that waits under `serial`.
#[derive(Facet, Clone, Debug, PartialEq, Eq)]
#[facet(opaque)]
pub struct Stamped {
    pub serial: u64,
    /// Unix milliseconds, UTC, by the device's clock.
    pub now_ms: u64,
    /// 32 bytes for one generator, used for this event only.
    pub entropy: Vec<u8>,
}

/// Whose storage request was answered.
#[derive(Facet, Clone, Debug, PartialEq)]
#[facet(opaque)]
pub struct StorageAnswered {
    pub to: Asker,
    pub output: StorageOutput,
}

/// Who asked storage for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    Replica(String),
    /// The app, with the serial number of its question.
    App(u64),
}

#[derive(Facet, Clone, Debug, PartialEq)]
#[facet(opaque)]
pub struct HttpAnswered {
    pub replica: String,
    pub id: u64,
    pub result: HttpResult,
}

#[derive(Facet, Clone, Debug, PartialEq)]
#[facet(opaque)]
pub struct SocketSpoke {
    pub replica: String,
    /// Which opening of the socket speaks; words of an older one are not heard.
    pub serial: u64,
    pub output: SocketOutput,
}

/// What the shell knows when it starts.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Where the app came from or which server it was built for, e.g. `https://kith.example`. New circles are kept there.
    pub origin: String,
    /// The path the app was opened with, e.g. `/tasks`.
    pub path: String,
    /// The person's languages, best first, as BCP 47.
    pub languages: Vec<String>,
    /// IANA name of the device's time zone.
    pub zone: String,
    pub platform: Platform,
    pub ownership: Ownership,
    /// The platform keeps what is stored here (persistent storage was granted, or the app is installed).
    pub persistent: bool,
}

#[derive(Facet, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum Platform {
    /// A browser that can keep things.
    Web,
    /// Installed from a browser.
    WebInstalled,
    /// A tab on an iPhone or iPad: storage is lost after seven days unvisited.
    WebIosTab,
    /// A browser inside a messenger.
    WebInApp,
    Ios,
    Android,
}

/// Exactly one tab or process runs the core.
#[derive(Facet, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum Ownership {
    Mine,
    Elsewhere,
}

/// What a person typed or chose in a field.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq, Default)]
#[repr(C)]
pub enum FieldValue {
    #[default]
    Empty,
    Text(String),
    /// In the field's unit, scaled by its decimals: 36.6 with one decimal is 366.
    Number(i64),
    Flag(bool),
    /// Ids of the options chosen.
    Chosen(Vec<String>),
    /// When: a preset, or a local date and time.
    Moment(Moment),
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum Moment {
    Now,
    MinutesAgo(u32),
    /// `2026-11-22T17:52`, in the circle's zone.
    Local(String),
    /// `2026-11-22`: the whole day.
    Day(String),
}

#[derive(Facet, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(C)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
    Night,
}
