//! The streams of a circle, and which role reads or writes which (the class is the permission boundary).

use crate::hash::Hash;
use crate::identity::{MemberNumber, Role};
use minicbor::{Decode, Decoder, Encode, Encoder, data::Type, decode, encode};
use std::fmt;

/// A numbered, hash-chained sequence of entries. On the wire 0, 1, 2, 3 or `[4, member]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// Membership.
    Access,
    /// What every member reads.
    Commons,
    /// Contacts, care map, groups.
    Network,
    /// Log, plan, medicines.
    Care,
    /// One member's own.
    Private(MemberNumber),
}

impl Stream {
    /// The classes that several members share; each has a key from the founding on.
    pub const SHARED: [Self; 3] = [Self::Commons, Self::Network, Self::Care];
}

impl fmt::Display for Stream {
    /// A name for paths and logs: `access`, `commons`, `network`, `care`, `private-7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Access => f.write_str("access"),
            Self::Commons => f.write_str("commons"),
            Self::Network => f.write_str("network"),
            Self::Care => f.write_str("care"),
            Self::Private(member) => write!(f, "private-{}", member.0),
        }
    }
}

impl<C> Encode<C> for Stream {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        match self {
            Self::Access => e.u8(0)?,
            Self::Commons => e.u8(1)?,
            Self::Network => e.u8(2)?,
            Self::Care => e.u8(3)?,
            Self::Private(member) => e.array(2)?.u8(4)?.u32(member.0)?,
        };
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Stream {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        if d.datatype()? == Type::Array {
            let (length, kind) = (d.array()?, d.u32()?);
            if kind != 4 {
                return Err(decode::Error::unknown_variant(kind.into()));
            }
            if length != Some(2) {
                return Err(decode::Error::message("a private stream has one member"));
            }
            return Ok(Self::Private(MemberNumber(d.u32()?)));
        }
        match d.u32()? {
            0 => Ok(Self::Access),
            1 => Ok(Self::Commons),
            2 => Ok(Self::Network),
            3 => Ok(Self::Care),
            other => Err(decode::Error::unknown_variant(other.into())),
        }
    }
}

/// A place in a stream that somebody has verified: the number of the last entry and the chain's hash there.
/// For [`Stream::Access`] these are n and `A_n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Cursor {
    /// Which stream.
    #[n(0)]
    pub stream: Stream,
    /// The last entry held, 0 for none.
    #[n(1)]
    pub k: u64,
    /// The chain's hash there, zero for none.
    #[n(2)]
    pub chain: Hash,
}

impl Role {
    /// Whether the role reads a shared class. A private stream belongs to a member, not to a role.
    pub fn reads(self, stream: Stream) -> bool {
        match stream {
            Stream::Access | Stream::Commons => true,
            Stream::Network => self != Self::Friend,
            Stream::Care => matches!(self, Self::Coordinator | Self::Caregiver | Self::Professional),
            Stream::Private(_) => false,
        }
    }

    /// Whether the role writes a shared class. The access stream has rules of its own, an action at a time.
    pub fn writes(self, stream: Stream) -> bool {
        match stream {
            Stream::Commons => true,
            Stream::Network | Stream::Care => {
                matches!(self, Self::Coordinator | Self::Caregiver | Self::Professional)
            }
            Stream::Access | Stream::Private(_) => false,
        }
    }
}
