//! The sharing line: one honest sentence about where what was written has got to.

use kith_protocol::Stream;

/// The state of sharing, worst first: the first that is true is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SharingStatus {
    /// Storage has no room; nothing new can be kept until something is written successfully.
    StorageFull,
    /// The place where the circle is kept showed something that cannot be; nothing more is sent.
    Stopped(Fault),
    /// Something was made by a newer app.
    UpdateNeeded,
    /// The host knows no such circle, or says that this device does not belong to it (any more). Nothing proves that,
    /// so nothing is deleted.
    ServerGone,
    /// Waiting for somebody to admit this device.
    WaitingToBeLetIn,
    /// The circle was closed: nothing is shared any more, and nothing is wrong.
    Closed,
    /// A key has been missing for a while though there is a connection: something new cannot be opened here, and what is
    /// written there waits. Nothing is lost; any coordinator who has the key can give everybody a new one.
    KeyMissing,
    /// The host has used up what it keeps for this circle, and something that waits here was refused for that. It is tried
    /// again by itself.
    ServerFull,
    /// So many things lie in the drawer.
    NotShared { n: usize },
    /// This device's clock is off by so much (own minus server's, milliseconds), more than two minutes.
    ClockOff { by_ms: i64 },
    /// No connection.
    Offline { waiting: usize },
    /// Connected; so many things are on their way, 0 while catching up.
    Sharing { n: usize },
    /// Connected, and nothing waits.
    AllShared,
    /// Not open yet.
    #[default]
    Opening,
}

/// A fault of the place where the circle is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub stream: Stream,
    /// The first entry that is wrong, or the place from which nothing fits.
    pub k: u64,
    /// For those who look into it; never shown to a family as it is.
    pub evidence: String,
}
