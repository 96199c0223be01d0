//! The verified access stream as a fold that remembers: it answers for now and for any entry before.

use super::action::Settings;
use super::entry::AccessEntry;
use super::state::{ClassKeys, Closing, Device, Invitation, Member, Moved, PendingJoin, Standing};
use crate::cbor::DecodeError;
use crate::hash::Hash;
use crate::identity::{CircleId, DeviceNumber, InviteId, Language, MemberNumber, Role};
use crate::stream::{Cursor, Stream};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// Of the stored form; another number means: verify again from the raw entries.
const STORED_VERSION: u32 = 3;

/// The verified access stream of one circle, from Found to its head.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AccessLog {
    #[n(0)]
    pub(super) stored: u32,
    #[n(1)]
    pub(super) circle: CircleId,
    #[n(2)]
    pub(super) language: Language,
    #[n(3)]
    pub(super) continues: Option<CircleId>,
    /// `A_1`, `A_2`…
    #[n(4)]
    pub(super) hashes: Vec<Hash>,
    #[n(5)]
    pub(super) stamps: Vec<u64>,
    /// Device 1, 2…
    #[n(6)]
    pub(super) devices: Vec<Device>,
    #[n(7)]
    pub(super) members: BTreeMap<MemberNumber, Member>,
    #[n(8)]
    pub(super) invitations: BTreeMap<InviteId, Invitation>,
    #[n(9)]
    pub(super) classes: BTreeMap<Stream, ClassKeys>,
    #[n(10)]
    pub(super) settings: Settings,
    /// The stamp of the last entry by a coordinator.
    #[n(11)]
    pub(super) coordinator_stamp: u64,
    #[n(12)]
    pub(super) host: Option<String>,
    #[n(13)]
    pub(super) closed: Option<u64>,
    #[n(14)]
    pub(super) closing: Option<Closing>,
    #[n(15)]
    pub(super) closing_said: Option<u64>,
    #[n(16)]
    pub(super) closed_by: Option<MemberNumber>,
    #[n(17)]
    pub(super) moved: Option<Moved>,
}

/// An entry that [`AccessLog::check`] found right at the head of that log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub(super) entry: AccessEntry,
    pub(super) hash: Hash,
    pub(super) stamp: u64,
}

impl Checked {
    /// The entry, read.
    pub fn entry(&self) -> &AccessEntry {
        &self.entry
    }

    /// `A` after it.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// When it was taken, Unix milliseconds.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }
}

impl AccessLog {
    pub(super) fn empty(circle: CircleId, language: Language, continues: Option<CircleId>) -> Self {
        Self {
            stored: STORED_VERSION,
            circle,
            language,
            continues,
            hashes: Vec::new(),
            stamps: Vec::new(),
            devices: Vec::new(),
            members: BTreeMap::new(),
            invitations: BTreeMap::new(),
            classes: BTreeMap::new(),
            settings: Settings::default(),
            coordinator_stamp: 0,
            host: None,
            closed: None,
            closing: None,
            closing_said: None,
            closed_by: None,
            moved: None,
        }
    }

    /// For the device's own storage, so that a start verifies nothing twice. Not a wire format.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::cbor::to_vec(self)
    }

    /// What [`Self::to_bytes`] wrote. On any error: verify again from the raw entries.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let log: Self = minicbor::decode(bytes).map_err(|_| DecodeError::Malformed)?;
        let whole = !log.hashes.is_empty() && log.hashes.len() == log.stamps.len();
        match log.stored {
            STORED_VERSION if whole => Ok(log),
            STORED_VERSION => Err(DecodeError::Malformed),
            _ => Err(DecodeError::Newer),
        }
    }

    /// The circle's id.
    pub fn circle(&self) -> CircleId {
        self.circle
    }

    /// The language of the four words.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The circle that this one carries on after a fork.
    pub fn continues(&self) -> Option<CircleId> {
        self.continues
    }

    /// The number of entries.
    pub fn head(&self) -> u64 {
        self.hashes.len() as u64
    }

    /// `A` at the head.
    pub fn head_hash(&self) -> Hash {
        self.hashes.last().copied().unwrap_or(Hash::ZERO)
    }

    /// The stamp of the last entry, Unix milliseconds.
    pub fn head_stamp(&self) -> u64 {
        self.stamps.last().copied().unwrap_or(0)
    }

    /// The head as a cursor of [`Stream::Access`].
    pub fn cursor(&self) -> Cursor {
        Cursor { stream: Stream::Access, k: self.head(), chain: self.head_hash() }
    }

    /// `A_n`; zero for 0, none past the head.
    pub fn hash_at(&self, n: u64) -> Option<Hash> {
        match n.checked_sub(1) {
            None => Some(Hash::ZERO),
            Some(index) => self.hashes.get(usize::try_from(index).ok()?).copied(),
        }
    }

    /// The stamp of entry `n`, Unix milliseconds; 0 for 0, none past the head.
    pub fn stamp_at(&self, n: u64) -> Option<u64> {
        match n.checked_sub(1) {
            None => Some(0),
            Some(index) => self.stamps.get(usize::try_from(index).ok()?).copied(),
        }
    }

    /// A device, active or not.
    pub fn device(&self, number: DeviceNumber) -> Option<&Device> {
        self.devices.get(usize::try_from(number.0.checked_sub(1)?).ok()?)
    }

    /// All devices that ever appeared, in order.
    pub fn devices(&self) -> &[Device] {
        &self.devices
    }

    /// The device with this signing key.
    pub fn device_by_key(&self, sign: &[u8; 32]) -> Option<&Device> {
        self.devices.iter().find(|device| &device.public.sign == sign)
    }

    /// The active devices of a member.
    pub fn devices_of(&self, member: MemberNumber) -> impl Iterator<Item = &Device> {
        self.devices.iter().filter(move |device| device.member == member && device.active())
    }

    /// A member, gone or not.
    pub fn member(&self, number: MemberNumber) -> Option<&Member> {
        self.members.get(&number)
    }

    /// All members that ever were or asked to be, by number.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// Whose device it is.
    pub fn member_of(&self, device: DeviceNumber) -> Option<MemberNumber> {
        self.device(device).map(|device| device.member)
    }

    /// A member's role after entry `n`.
    pub fn role_of(&self, member: MemberNumber, n: u64) -> Option<Role> {
        self.members.get(&member)?.role_at(n)
    }

    /// Whether a device is active after entry `n`.
    pub fn device_active(&self, device: DeviceNumber, n: u64) -> bool {
        self.device(device).is_some_and(|device| device.active_at(n))
    }

    /// An invitation, open or not.
    pub fn invitation(&self, id: &InviteId) -> Option<&Invitation> {
        self.invitations.get(id)
    }

    /// The invitations by which somebody may join at this time.
    pub fn invitations(&self, now_ms: u64) -> impl Iterator<Item = &Invitation> {
        self.invitations.values().filter(move |invitation| invitation.open(now_ms))
    }

    /// Those who wait to be admitted, oldest first.
    pub fn pending_joins(&self) -> Vec<PendingJoin> {
        let pending = self.members.values().filter(|member| member.standing == Standing::Pending);
        pending.filter_map(|member| self.pending(member)).collect()
    }

    fn pending(&self, member: &Member) -> Option<PendingJoin> {
        let invite = member.invite?;
        Some(PendingJoin {
            member: member.number,
            device: DeviceNumber(member.number.0),
            invite,
            role: self.invitations.get(&invite)?.invite.role,
            joined: member.joined,
            hash: self.hash_at(member.joined)?,
            name: member.name.clone()?,
        })
    }

    /// The rules that the circle set for itself.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// The stamp of the last entry by a coordinator, Unix milliseconds; the heir waits
    /// [`super::HEIR_WAIT_MS`] from there.
    pub fn coordinators_heard(&self) -> u64 {
        self.coordinator_stamp
    }

    /// The host that the circle moved to.
    pub fn moved_to(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Who moved it last, and where in the stream.
    pub fn moved(&self) -> Option<Moved> {
        self.moved
    }

    /// That the circle is going to be closed, as long as it is not and nobody took that back.
    pub fn closing(&self) -> Option<Closing> {
        self.closing.filter(|_| self.closed.is_none())
    }

    /// The last entry that announced that the circle is going to be closed, or took that back.
    pub fn closing_said(&self) -> Option<u64> {
        self.closing_said
    }

    /// Who closed the circle.
    pub fn closed_by(&self) -> Option<MemberNumber> {
        self.closed_by
    }

    /// The entry that closed the circle.
    pub fn closed_at(&self) -> Option<u64> {
        self.closed
    }
}
