//! What the access stream says of the keys and the bodies of each class.

use super::action::Rotation;
use super::log::AccessLog;
use crate::hash::Hash;
use crate::identity::CircleId;
use crate::stream::Stream;

impl AccessLog {
    /// The last entry that erased a stream's bodies: those accepted at an earlier head are gone.
    pub fn erased_at(&self, stream: Stream) -> Option<u64> {
        self.classes.get(&stream).and_then(|class| class.erased).max(self.closed)
    }

    /// The epoch of a class after entry `n`; 0 if it has no key yet.
    pub fn epoch_at(&self, stream: Stream, n: u64) -> u32 {
        let epochs = self.classes.get(&stream).map_or(&[][..], |class| &class.epochs);
        // Epochs are numbered by 32 bits and entries are far fewer.
        u32::try_from(epochs.partition_point(|run| run.from <= n)).unwrap_or(u32::MAX)
    }

    /// The epoch of a class now; 0 if it has no key yet.
    pub fn epoch(&self, stream: Stream) -> u32 {
        self.epoch_at(stream, self.head())
    }

    /// The rotation that began an epoch.
    pub fn rotation(&self, stream: Stream, epoch: u32) -> Option<&Rotation> {
        let index = usize::try_from(epoch.checked_sub(1)?).ok()?;
        self.classes.get(&stream)?.epochs.get(index).map(|run| &run.rotation)
    }

    /// What the key of an epoch must match.
    pub fn commit_of(&self, stream: Stream, epoch: u32) -> Option<Hash> {
        self.rotation(stream, epoch).map(|rotation| rotation.commit)
    }

    /// The circle that the commitment of an epoch names: Found's cannot name it and have zeros.
    pub(crate) fn commit_circle(&self, stream: Stream, epoch: u32) -> CircleId {
        let run = epoch
            .checked_sub(1)
            .and_then(|index| self.classes.get(&stream)?.epochs.get(usize::try_from(index).ok()?));
        if run.is_some_and(|run| run.from == 1) { CircleId([0; 32]) } else { self.circle }
    }
}
