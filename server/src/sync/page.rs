//! Cuts what the store gave into pages.

use std::collections::BTreeSet;

use axum::body::Bytes;
use kith_protocol::{
    Hash, Party, Stream, Wrap, WrapSubject,
    access::{AccessRecord, SignedAccess, Standing},
    envelope::StreamEntry,
    message::{Access, Frame, MAX_PAGE_BYTES, MAX_PAGE_ENTRIES},
};

use super::news::entries_frame;
use crate::store::{AccessRow, Circle, EntryRow, WrapRow};

/// How large a page may be.
#[derive(Clone, Copy, Debug)]
pub struct PageLimits {
    pub entries: usize,
    pub bytes: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { entries: MAX_PAGE_ENTRIES, bytes: MAX_PAGE_BYTES }
    }
}

impl PageLimits {
    /// Within what the protocol allows.
    pub fn new(entries: usize, bytes: usize) -> Self {
        Self { entries: entries.clamp(1, MAX_PAGE_ENTRIES), bytes: bytes.clamp(1, MAX_PAGE_BYTES) }
    }

    /// How many of these sizes fit; at least one.
    fn fitting(self, sizes: impl Iterator<Item = usize>) -> usize {
        let mut total = 0usize;
        let fit = sizes.take(self.entries).take_while(|size| {
            total = total.saturating_add(*size);
            total <= self.bytes
        });
        fit.count().max(1)
    }
}

/// A page of entries: its bytes, the number of its last entry, whether there are more. Those in `own` were sent by this
/// very session, which has their bodies.
pub(super) fn entries(
    limits: PageLimits,
    stream: Stream,
    mut rows: Vec<EntryRow>,
    own: &BTreeSet<(Stream, u64)>,
    head: u64,
) -> Option<(Bytes, u64, bool)> {
    let size = |row: &EntryRow| row.body.as_ref().map_or(40, Vec::len) + row.header.len() + 96;
    rows.truncate(limits.fitting(rows.iter().map(size)));
    let (last, chain): (u64, Hash) = rows.last().map(|row| (row.k, row.chain))?;
    let more = last < head;
    let entries = rows
        .into_iter()
        .map(|row| {
            let stub = own.contains(&(stream, row.k));
            let entry = row.into_entry();
            if stub { StreamEntry::stub(&entry) } else { entry }
        })
        .collect();
    Some((entries_frame(stream, entries, chain, more), last, more))
}

/// A page of access records, likewise.
pub(super) fn access(limits: PageLimits, mut rows: Vec<AccessRow>, head: u64) -> Option<(Bytes, u64, bool)> {
    rows.truncate(limits.fitting(rows.iter().map(|row| row.bytes.len() + 96)));
    let (from, last) = (rows.first()?.seq, rows.last()?.seq);
    let more = last < head;
    let records = rows.into_iter().map(|row| AccessRecord {
        signed: SignedAccess { bytes: row.bytes, signature: row.signature },
        stamp: row.stamp,
    });
    let frame = Frame::Access(Access { from, records: records.collect(), more });
    Some((frame.encode().into(), last, more))
}

/// Whose wraps a session may have: its device's, and those of the invitation that it joined by. An invitation's own
/// session gets none: they are for whoever's Join was accepted.
pub(super) fn wrap_recipients(circle: &Circle, party: Party) -> Vec<Party> {
    match party {
        Party::Device(number) => circle.access().parties_of(number),
        Party::Invitation(_) => Vec::new(),
    }
}

/// The wraps that a session needs: those that came with or after the access entry it holds last, the newest key of each
/// class (it opens all older ones), and the names of those who wait.
pub(super) fn wanted_wraps(circle: &Circle, rows: Vec<WrapRow>, access_seen: u64) -> Vec<Wrap> {
    let log = circle.access();
    let wanted = |row: &WrapRow| {
        row.seq >= access_seen
            || match row.wrap.subject {
                WrapSubject::Epoch(stream, epoch) => epoch == log.epoch(stream),
                WrapSubject::Name(member) => {
                    log.member(member).is_some_and(|member| member.standing == Standing::Pending)
                }
            }
    };
    rows.into_iter().filter(wanted).map(|row| row.wrap).collect()
}
