//! What core and server say to each other: the same frames over a WebSocket (one a message) and, as a list, in
//! the body of `POST /v1/sync`.

use crate::access::{AccessRecord, SignedAccess};
use crate::cbor::wire;
use crate::envelope::{MAX_ENVELOPE_BYTES, SealedEnvelope, StreamEntry};
use crate::hash::Hash;
use crate::refusal::Refusal;
use crate::stream::{Cursor, Stream};
use crate::wrap::Wrap;
use minicbor::{Decode, Encode};

/// The most entries of a page.
pub const MAX_PAGE_ENTRIES: usize = 512;
/// The most bytes of a page's entries: 512 kB.
pub const MAX_PAGE_BYTES: usize = 512 * 1024;
/// The most bytes of a frame.
pub const MAX_FRAME_BYTES: usize = MAX_PAGE_BYTES + 2 * MAX_ENVELOPE_BYTES;
/// The most bytes of a list of frames, as `POST /v1/sync` carries it.
pub const MAX_FRAMES_BYTES: usize = 4 * MAX_FRAME_BYTES;

/// The server took an envelope; an acknowledgement only marks the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Ack {
    /// Which stream.
    #[n(0)]
    pub stream: Stream,
    /// Which envelope of this device.
    #[n(1)]
    pub device_seq: u64,
    /// The number that it got.
    #[n(2)]
    pub k: u64,
    /// The access head at which it was taken.
    #[n(3)]
    pub a: u64,
    /// The server's time, Unix milliseconds.
    #[n(4)]
    pub stamp: u64,
    /// `C_k`.
    #[n(5)]
    pub chain: Hash,
}

/// The first frame of a client.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// The wire versions that it speaks.
    #[n(0)]
    pub versions: Vec<u32>,
    /// Of the session.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub token: Vec<u8>,
    /// What it has of every stream that it reads, access among them.
    #[n(2)]
    pub cursors: Vec<Cursor>,
    /// Send what comes later too (WebSocket only).
    #[n(3)]
    pub live: bool,
}

/// The server's answer to [`Hello`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Welcome {
    /// The version that both speak.
    #[n(0)]
    pub version: u32,
    /// The server's time, Unix milliseconds.
    #[n(1)]
    pub now_ms: u64,
    /// The heads of the streams that this session reads. One behind the client's own: a restored server.
    #[n(2)]
    pub heads: Vec<Cursor>,
    /// It takes nothing new until the missing entries have been handed back.
    #[n(3)]
    pub waiting: bool,
}

/// A page of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Entries {
    /// Which stream.
    #[n(0)]
    pub stream: Stream,
    /// k of the first entry.
    #[n(1)]
    pub from: u64,
    /// In order, without gaps.
    #[n(2)]
    pub entries: Vec<StreamEntry>,
    /// `C` after the last entry.
    #[n(3)]
    pub chain: Hash,
    /// There are more.
    #[n(4)]
    pub more: bool,
}

/// A page of the access stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Access {
    /// n of the first record.
    #[n(0)]
    pub from: u64,
    /// In order, without gaps.
    #[n(1)]
    pub records: Vec<AccessRecord>,
    /// There are more.
    #[n(2)]
    pub more: bool,
}

/// An access entry with the keys beside it; also the body of `POST /v1/circles`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SubmitAccess {
    /// The entry.
    #[n(0)]
    pub signed: SignedAccess,
    /// Exactly those that it needs.
    #[n(1)]
    pub wraps: Vec<Wrap>,
}

wire!(SubmitAccess = MAX_FRAME_BYTES);

/// The server took an access entry; also the answer to `POST /v1/circles`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct AccessAck {
    /// Its place.
    #[n(0)]
    pub seq: u64,
    /// The server's time, Unix milliseconds.
    #[n(1)]
    pub stamp: u64,
    /// `A` there.
    #[n(2)]
    pub hash: Hash,
}

wire!(AccessAck = 64);

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Subject {
    /// The session or the frame as a whole.
    #[n(0)]
    Session,
    /// An envelope by its stream and `device_seq`; the later ones of this stream in the batch were not looked at.
    #[n(1)]
    Envelope(#[n(0)] Stream, #[n(1)] u64),
    /// The access entry at this place.
    #[n(2)]
    Access(#[n(0)] u64),
    /// Uploaded wraps.
    #[n(3)]
    Wraps,
    /// Entries handed back, from this k on.
    #[n(4)]
    HandBack(#[n(0)] Stream, #[n(1)] u64),
}

/// Entries for a restored server, as they were received.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum HandBack {
    /// Of the access stream; `from` is n of the first.
    #[n(0)]
    Access(#[n(0)] u64, #[n(1)] Vec<AccessRecord>),
    /// Of another stream; `from` is k of the first.
    #[n(1)]
    Entries(#[n(0)] Stream, #[n(1)] u64, #[n(2)] Vec<StreamEntry>),
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Frame {
    /// Client: who I am and what I have.
    #[n(0)]
    Hello(#[n(0)] Hello),
    /// Server: what there is.
    #[n(1)]
    Welcome(#[n(0)] Welcome),
    /// Server: access records, before anything that needs them.
    #[n(2)]
    Access(#[n(0)] Access),
    /// Server: wraps for this session.
    #[n(3)]
    Wraps(#[n(0)] Vec<Wrap>),
    /// Server: entries.
    #[n(4)]
    Entries(#[n(0)] Entries),
    /// Client: envelopes to take, in order.
    #[n(5)]
    Submit(#[n(0)] Vec<SealedEnvelope>),
    /// Client: an access entry to take.
    #[n(6)]
    SubmitAccess(#[n(0)] SubmitAccess),
    /// Client: wraps that somebody lacks.
    #[n(7)]
    SubmitWraps(#[n(0)] Vec<Wrap>),
    /// Server: an envelope was taken.
    #[n(8)]
    Acked(#[n(0)] Ack),
    /// Server: an access entry was taken.
    #[n(9)]
    AccessAcked(#[n(0)] AccessAck),
    /// Server: something was not taken.
    #[n(10)]
    Refused(#[n(0)] Subject, #[n(1)] Refusal),
    /// Client: what a restored server lacks.
    #[n(11)]
    HandBack(#[n(0)] HandBack),
    /// Client: the next page of these streams (for `POST /v1/sync` and after `more`); without any, a question that is
    /// answered with Heard.
    #[n(12)]
    More(#[n(0)] Vec<Cursor>),
    /// Server: all that was asked for has been sent.
    #[n(13)]
    CaughtUp,
    /// Server: the answer to a More without cursors. What was sent before it was taken, unless it was refused.
    #[n(14)]
    Heard,
}

wire!(Frame = MAX_FRAME_BYTES);

/// Several messages in one request or answer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Frames(#[n(0)] pub Vec<Frame>);

wire!(Frames = MAX_FRAMES_BYTES);
