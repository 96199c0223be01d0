//! What the engine shows to the outside, kept beside it so that reading needs no IO.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kith_protocol::access::AccessLog;
use kith_protocol::{CircleId, DeviceNumber, MemberNumber};

use crate::status::SharingStatus;
use crate::wished::Wished;

/// What a membership is at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Storage has not answered yet.
    #[default]
    Opening,
    /// There is nothing in storage under this name.
    Absent,
    /// Founded here; the host does not know yet.
    Founded,
    /// A link was opened; nobody joined yet.
    Invited,
    /// Joining, or joined and waiting to be let in.
    Joining,
    /// Another device of a member, or its recovery kit, is to let this one in.
    Pairing,
    /// A member.
    Member,
    /// The circle was closed while this device belonged to it, or waited to. What was read stays.
    Closed,
    /// The membership ended.
    Ended,
}

/// What is under way about where a circle is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// It was moved there; what is left at the old host is being fetched.
    pub leaving_for: Option<String>,
    /// The host says that it does not know the circle.
    pub forgotten: bool,
    /// The host is given what it lacks: so many entries of so many.
    pub given: Option<(u64, u64)>,
    /// The host takes nothing new yet.
    pub waits: bool,
    /// The host has no room for what it was given.
    pub no_room: bool,
}

#[derive(Default)]
pub(crate) struct View {
    pub phase: Phase,
    pub access: Option<Arc<AccessLog>>,
    pub me: Option<(MemberNumber, DeviceNumber)>,
    pub circle: Option<CircleId>,
    pub host: String,
    pub keeping: Keeping,
    pub status: SharingStatus,
    pub waiting: usize,
    pub wishes: Vec<(u64, Wished)>,
    /// Those of them that were sent and may stand already.
    pub sent: BTreeSet<u64>,
    pub in_drawer: usize,
    pub names: BTreeMap<MemberNumber, String>,
    pub words: BTreeMap<MemberNumber, [&'static str; 4]>,
    pub heard: BTreeMap<MemberNumber, u64>,
    /// This device's clock minus the host's, as far as it was heard, in milliseconds.
    pub clock: i64,
}
