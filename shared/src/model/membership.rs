//! A replica on this device with what the screens need of it.

use super::{
    devices::{Came, Pairing},
    kit::KitMaking,
    moving::LookedAt,
    roster::Roster,
    rows::Rows,
};
use kith_protocol::Role;
use kith_replica::{
    CannotOpen, DrawerEntry, InvitationShown, LinkProblem, Replica, SharingStatus, StoredEdit,
};
use std::collections::BTreeMap;

pub struct Membership {
    pub replica: Replica,
    /// Its number among the replicas of this start; names its sockets and alarms.
    pub ordinal: u32,
    /// The current opening of its socket.
    pub socket: u64,
    /// The current alarm; older ones are not heard.
    pub alarm: u64,
    pub rows: Rows,
    pub opened: Opened,
    /// Members' names, made anew when people or members change: every row of every screen asks for one.
    pub names: BTreeMap<u32, String>,
    /// What the opened link leads to, before joining.
    pub shown: Option<InvitationShown>,
    pub problem: Option<LinkProblem>,
    /// Links of invitations made on this device, by invitation.
    pub links: BTreeMap<String, String>,
    /// Kept edits wait here for what follows from them.
    pub edits: BTreeMap<u64, super::write::AfterKept>,
    /// History of the entry or task on the screen: which, and its changes in order.
    pub history: Option<(String, Vec<StoredEdit>)>,
    pub drawer: BTreeMap<u64, DrawerEntry>,
    /// Where "since you last looked" begins in this sitting (Unix milliseconds).
    pub looked_from: Option<u64>,
    /// The access stream as it was last seen.
    pub seen: Roster,
    /// One's own role as it was last seen: a change of it is said.
    pub role: Option<Role>,
    /// Another device of one's own, on its way in.
    pub pairing: Option<Pairing>,
    /// On the new device: the words to compare.
    pub pairing_words: Option<[&'static str; 4]>,
    /// A server that somebody thinks of keeping the circle at.
    pub looked_at: Option<LookedAt>,
    /// A recovery kit that is being made.
    pub kit: Option<KitMaking>,
    /// How this device came, where it was not by an invitation.
    pub came: Came,
}

/// How far it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    Opening,
    /// Rows are being read; so many answers are missing.
    Reading(u32),
    Open,
    Cannot(CannotOpen),
}

impl Membership {
    pub fn new(replica: Replica, ordinal: u32) -> Self {
        Self {
            replica,
            ordinal,
            socket: 0,
            alarm: 0,
            rows: Rows::default(),
            opened: Opened::Opening,
            names: BTreeMap::new(),
            shown: None,
            problem: None,
            links: BTreeMap::new(),
            edits: BTreeMap::new(),
            history: None,
            drawer: BTreeMap::new(),
            looked_from: None,
            seen: Roster::default(),
            role: None,
            pairing: None,
            pairing_words: None,
            looked_at: None,
            kit: None,
            came: Came::default(),
        }
    }

    pub fn status(&self) -> SharingStatus {
        self.replica.status()
    }
}
