//! What the engine shows to the outside, kept beside it so that reading needs no IO.

use std::collections::BTreeMap;
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
    /// The membership ended.
    Ended,
}

#[derive(Default)]
pub(crate) struct View {
    pub phase: Phase,
    pub access: Option<Arc<AccessLog>>,
    pub me: Option<(MemberNumber, DeviceNumber)>,
    pub circle: Option<CircleId>,
    pub host: String,
    pub status: SharingStatus,
    pub waiting: usize,
    pub wishes: Vec<(u64, Wished)>,
    pub in_drawer: usize,
    pub names: BTreeMap<MemberNumber, String>,
    pub words: BTreeMap<MemberNumber, [&'static str; 4]>,
    pub heard: BTreeMap<MemberNumber, u64>,
}
