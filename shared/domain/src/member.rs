//! Who is who, as the caller knows it from the access stream. This crate does not know that stream.

use kith_document::{DeviceNumber, Origin};

/// A member's number in the circle.
pub type Member = u32;

/// What a member is in the circle (DESIGN, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Coordinator,
    Caregiver,
    Professional,
    Helper,
    Friend,
}

impl Role {
    /// May change what somebody else wrote in the log or in the tasks.
    pub fn may_edit_others(self) -> bool {
        matches!(self, Self::Coordinator | Self::Caregiver)
    }
}

/// What the access stream says. Answers must be the same on every device for everything committed.
pub trait Members {
    /// Whose device this is; none when the access stream does not know it.
    fn member_of(&self, device: DeviceNumber) -> Option<Member>;

    /// The role a member had when something was taken by the server, or has now for what is pending.
    fn role_at(&self, member: Member, origin: &Origin) -> Option<Role>;

    /// Whether a member is in the circle now. The claims of who left hold nothing.
    fn is_active(&self, member: Member) -> bool;
}
