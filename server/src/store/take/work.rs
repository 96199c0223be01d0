//! What a store can be asked to write, and what comes of it.

use std::sync::Arc;

use kith_protocol::{
    CircleId, Cursor, DeviceNumber, PairingId, Party, Refusal, Stream, Wrap,
    envelope::{SealedEnvelope, StreamEntry},
    message::{Frame, HandBack, Subject, SubmitAccess},
    returning::Return,
};

use super::{Mail, Mailed};
use crate::store::{Circle, TokenRow};

/// One request to write.
#[derive(Clone, Debug)]
pub enum Work {
    /// Founds a circle; the same bytes again give the same answer.
    Found {
        submitted: SubmitAccess,
        /// Fresh, for the circle's challenges.
        challenge_key: [u8; 32],
    },
    /// The access stream of a circle that this server does not know, or not all of.
    Return {
        given: Return,
        /// Fresh, for the circle's challenges, if it is made anew.
        challenge_key: [u8; 32],
    },
    /// An access entry and its wraps.
    Access { circle: CircleId, party: Party, host: String, submitted: SubmitAccess },
    /// Envelopes, in order.
    Envelopes { circle: CircleId, device: DeviceNumber, host: String, envelopes: Vec<SealedEnvelope> },
    /// Wraps that somebody lacks.
    Wraps { circle: CircleId, device: DeviceNumber, wraps: Vec<Wrap> },
    /// A device has seen more than is kept here, or the circle waited for it: a coordinator's since it was given back, or any
    /// since a backup was restored.
    Missing { circle: CircleId, device: DeviceNumber, cursors: Vec<Cursor> },
    /// The operator restored a backup at this time (milliseconds since 1970): every circle waits for its devices.
    Restored { since: u64 },
    /// What a restored server lacks.
    HandBack { circle: CircleId, device: DeviceNumber, handed: HandBack },
    /// A token; refused when its challenge was answered before.
    Token { circle: CircleId, token: TokenRow },
    /// Removes a part of a circle that was closed before this time (milliseconds since 1970); to be asked for again
    /// until nothing changes.
    Forget { closed_before: u64 },
    /// Something about the mailbox of a pairing.
    Mail { circle: CircleId, pairing: PairingId, mail: Mail },
}

/// What came of it; all of it is durable.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// The circle afterwards; `None` if it is not kept here.
    pub circle: Option<Arc<Circle>>,
    /// Answers to who asked: acknowledgements and refusals.
    pub frames: Vec<Frame>,
    /// What is new, for everybody else.
    pub fresh: Vec<Fresh>,
    /// The circle is not as it was.
    pub changed: bool,
    /// Of [`Work::Mail`].
    pub mailed: Option<Mailed>,
}

/// New entries of one stream, one after the other, by one author.
#[derive(Clone, Debug)]
pub struct Fresh {
    pub stream: Stream,
    /// Their author; `None` when they were handed back.
    pub device: Option<DeviceNumber>,
    pub entries: Vec<StreamEntry>,
}

impl Done {
    pub(in crate::store) fn refused(circle: Option<Arc<Circle>>, subject: Subject, refusal: Refusal) -> Self {
        Self { circle, frames: vec![Frame::Refused(subject, refusal)], ..Self::default() }
    }

    /// The first refusal, if there is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.frames.iter().find_map(|frame| match frame {
            Frame::Refused(_, refusal) => Some(refusal),
            _ => None,
        })
    }
}
