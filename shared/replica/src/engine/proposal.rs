//! Proposals: an action signed at this very head, on its way, and what becomes of it.

use std::collections::BTreeSet;

use kith_protocol::Stream;
use kith_protocol::access::{
    AccessRefusal, Author, BuildError, InviteTerms, Proposal, SignedAccess, Standing,
};
use kith_protocol::invite::InviteLink;
use kith_protocol::keyring::EpochKey;
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;

use crate::engine::closing::closing_time;
use crate::engine::intent::label;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::output::{Notice, PairingEnd};
use crate::port::Batch;
use crate::wish_record::Intent;

/// A due class is given its new key after a random time below this, so that one device does it.
const ROTATE_WITHIN_MS: u64 = 30_000;

/// How long to wait for a key that an action needs, in milliseconds.
const KEY_PAUSE_MS: u64 = 30_000;

/// An action that is not about the head is given up after so many refusals.
const MOST_REFUSALS: u32 = 3;

/// What was signed and sent, until the stream shows it or the host refuses it.
pub(crate) struct Proposed {
    /// The stored intent, if it came of one.
    pub intent: Option<u64>,
    pub action: &'static str,
    /// Its place in the stream, if the host takes it.
    pub seq: u64,
    pub signed: SignedAccess,
    pub keys: Vec<(Stream, u32, EpochKey)>,
}

/// The proposals of a membership.
#[derive(Default)]
pub(crate) struct Proposals {
    pub sent: Option<Proposed>,
    /// Wishes that were sent on a connection which was lost, or before the app was closed: until the stream is known
    /// again, they may stand there.
    unsure: BTreeSet<u64>,
    refusals: u32,
    /// Somebody else's entry was first: nothing is proposed before the stream is this long here.
    not_below: u64,
    /// A key that is needed has not come: nothing is proposed before this time, unless keys come.
    pub not_before: u64,
    /// When this device rotates the classes that are due.
    pub rotate_at: Option<u64>,
}

impl Proposals {
    /// The connection was lost: whether the host took it shows in the stream. What was signed is forgotten, and the
    /// keys in it come back by the wraps for this very device.
    pub fn unsend(&mut self) {
        self.unsure.extend(self.sent.take().and_then(|sent| sent.intent));
        self.not_below = 0;
    }

    /// The wishes that an earlier start of the app had sent, as storage has them.
    pub fn sent_before(unsure: BTreeSet<u64>) -> Self {
        Self { unsure, ..Self::default() }
    }

    /// Whether this wish was sent, so that it may stand in the stream already.
    pub fn was_sent(&self, n: u64) -> bool {
        self.unsure.contains(&n) || self.sent.as_ref().is_some_and(|sent| sent.intent == Some(n))
    }

    /// The wishes of which that is so.
    pub fn all_sent(&self) -> BTreeSet<u64> {
        let sent = self.sent.as_ref().and_then(|sent| sent.intent);
        self.unsure.iter().copied().chain(sent).collect()
    }

    /// The whole stream is known again: what is not in it was not taken. Which wishes that is known of now.
    pub fn caught_up(&mut self) -> BTreeSet<u64> {
        let under_way = self.sent.as_ref().and_then(|sent| sent.intent);
        let mut known = std::mem::take(&mut self.unsure);
        known.retain(|n| Some(*n) != under_way);
        known
    }

    /// The host did not take what was to be at this place. A wish that stood in the stream before the host's answer came
    /// makes room for the next one, and that answer is not about the next one.
    pub fn not_taken(&mut self, seq: u64) -> Option<Proposed> {
        self.sent.take_if(|sent| sent.seq == seq)
    }

    /// Keys came: what waited for one may go on.
    pub fn keys_came(&mut self) {
        self.not_before = 0;
    }

    /// When to look again whether the key is there.
    pub fn looks_again(&self, now: u64) -> Option<u64> {
        (self.not_before > now).then_some(self.not_before)
    }
}

impl Member {
    /// The next action, signed at this head, if the time has come for one.
    pub async fn propose(&mut self) -> Result<Option<Proposal>, Trouble> {
        if !self.may_propose() {
            return Ok(None);
        }
        self.drop_what_is_over().await?;
        let now = self.port.now();
        let stands = self.intents.iter().filter(|(_, intent)| intent.over(now).is_none());
        let wishes: Vec<_> = stands.map(|(n, intent)| (*n, intent.clone())).collect();
        for (n, intent) in wishes {
            let made = self.build(&intent).await?;
            // What has to wait for a key keeps nobody behind it waiting.
            if matches!(made, Err(BuildError::Key(_))) {
                continue;
            }
            return self.proposed(Some(n), label(&intent), made).await;
        }
        let streams = self.to_rotate();
        if !streams.is_empty() {
            let made = self.as_author(|author, rng| author.rotate_keys(&streams, rng));
            if !matches!(made, Err(BuildError::Key(_))) {
                return self.proposed(None, "rotate_keys", made).await;
            }
        }
        self.proposals.not_before = self.port.now().saturating_add(KEY_PAUSE_MS);
        Ok(None)
    }

    async fn proposed(
        &mut self,
        intent: Option<u64>,
        action: &'static str,
        made: Result<Proposal, BuildError>,
    ) -> Result<Option<Proposal>, Trouble> {
        match made {
            Ok(proposal) => {
                if let Some(n) = intent {
                    self.mark_sent(n).await?;
                }
                let (signed, keys) = (proposal.signed.clone(), proposal.keys.clone());
                let seq = self.log.head() + 1;
                self.proposals.sent = Some(Proposed { intent, action, seq, signed, keys });
                Ok(Some(proposal))
            }
            Err(error) => {
                self.give_up(intent, action, error.to_string()).await?;
                Ok(None)
            }
        }
    }

    /// A device that nobody waits for any more is not added.
    async fn drop_what_is_over(&mut self) -> Result<(), Trouble> {
        let now = self.port.now();
        let over = |(n, intent): (&u64, &Intent)| intent.over(now).map(|keys| (*n, *keys));
        let over: Vec<_> = self.intents.iter().filter_map(over).collect();
        for (n, keys) in over {
            self.take_back(n).await?;
            if !self.intents.contains_key(&n) {
                self.offer_for(&keys, PairingEnd::Expired).await?;
            }
        }
        Ok(())
    }

    /// Whether the time has come for an action.
    pub fn may_propose(&self) -> bool {
        let Proposals { sent, not_below, not_before, .. } = &self.proposals;
        let ready = self.log.head() >= *not_below && self.port.now() >= *not_before;
        let idle = sent.is_none() && ready && self.standing() == Standing::Active && !self.closed();
        idle && (!self.intents.is_empty() || !self.to_rotate().is_empty())
    }

    async fn build(&self, intent: &Intent) -> Result<Result<Proposal, BuildError>, Trouble> {
        let link = match intent {
            Intent::Invite { id, .. } => self.port.read_one(self.keys.invitation(id)).await?,
            _ => None,
        };
        let link = link.and_then(|bytes| InviteLink::parse(std::str::from_utf8(&bytes).ok()?).ok());
        Ok(self.as_author(|author, rng| match intent {
            Intent::Invite { id, role, uses, lasts_ms, direct, greeting, .. } => {
                let expires = author.now_ms.saturating_add(*lasts_ms);
                let terms = InviteTerms { id: *id, role: *role, uses: *uses, expires, direct: *direct };
                let link = link.ok_or(BuildError::Target)?;
                author.invite(&terms, &link.secret, greeting, rng)
            }
            Intent::CancelInvite(id) => author.cancel_invite(*id, rng),
            Intent::Admit(member) => author.admit(*member, rng),
            Intent::Refuse(member) => author.refuse(*member, rng),
            Intent::SetRole(member, role) => author.set_role(*member, *role, rng),
            Intent::Remove(member) => author.remove(*member, rng),
            Intent::Leave => author.leave(rng),
            Intent::RotateKeys(streams) => {
                // What somebody else rotated since is done; what cannot be, for want of a key, waits by itself.
                let left = streams.iter().filter(|(stream, epoch)| author.log.epoch(*stream) <= *epoch);
                let left: Vec<Stream> = left.map(|(stream, _)| *stream).collect();
                let held = |stream: &Stream| {
                    let epoch = author.log.epoch(*stream);
                    epoch == 0 || author.keyring.key(*stream, epoch).is_some()
                };
                let possible: Vec<Stream> = left.iter().copied().filter(held).collect();
                author.rotate_keys(if possible.is_empty() { &left } else { &possible }, rng)
            }
            Intent::Settings(settings) => author.settings(*settings, rng),
            Intent::ChangeSettings(change) => author.settings(change.at(author.log), rng),
            Intent::AddDevice { keys, recovery, consent, .. } => {
                author.add_device(*keys, *recovery, *consent, rng)
            }
            Intent::RevokeDevice(device) => author.revoke_device(*device, rng),
            Intent::AnnounceClosing { wait_ms, .. } => {
                author.closing(Some(closing_time(author.now_ms, *wait_ms)), rng)
            }
            Intent::Move(host) => author.move_to(host, rng),
            Intent::KeepOpen => author.closing(None, rng),
            Intent::Close { .. } => {
                let due = author.log.closing().is_some_and(|closing| closing.at <= author.now_ms);
                if due { author.close(rng) } else { Err(BuildError::Target) }
            }
        }))
    }

    fn as_author<T>(&self, act: impl FnOnce(&Author<'_>, &mut ChaCha20Rng) -> T) -> T {
        let (log, secrets, keyring) = (&self.log, &self.secrets, &self.keyring);
        let now_ms = self.network.server_time(self.port.now());
        let author = Author { log, device: self.device, secrets, keyring, now_ms };
        self.port.with_rng(|rng| act(&author, rng))
    }

    /// The classes that this device gives new keys now: its own private class when something waits there and it
    /// has no key yet, and due ones once the random delay is over.
    fn to_rotate(&self) -> Vec<Stream> {
        let now = self.port.now();
        let own = Stream::Private(self.mine);
        let waits = self.lanes.get(&own).is_some_and(|lane| !lane.pending.is_empty());
        let mut streams = Vec::new();
        if waits && self.log.epoch(own) == 0 {
            streams.push(own);
        }
        if self.proposals.rotate_at.is_some_and(|at| at <= now) {
            streams.extend(self.due());
        }
        streams
    }

    fn due(&self) -> impl Iterator<Item = Stream> {
        let due = self.log.due_classes(self.network.server_time(self.port.now()));
        due.into_iter().filter(|stream| {
            self.may_write(*stream) && self.keyring.key(*stream, self.log.epoch(*stream)).is_some()
        })
    }

    /// Draws the delay when a class is due, and forgets it when none is any more.
    pub fn plan_rotation(&mut self) {
        let any = self.standing() == Standing::Active && self.due().next().is_some();
        if !any {
            self.proposals.rotate_at = None;
        } else if self.proposals.rotate_at.is_none() {
            let delay = self.port.with_rng(Rng::next_u64) % ROTATE_WITHIN_MS;
            self.proposals.rotate_at = Some(self.port.now().saturating_add(delay));
        }
    }

    /// The host did not take what was proposed.
    pub async fn proposal_refused(&mut self, seq: u64, refusal: &AccessRefusal) -> Result<(), Trouble> {
        let Some(proposed) = self.proposals.not_taken(seq) else { return Ok(()) };
        self.unmark(proposed.intent).await?;
        // The entries that came first are on their way; then it is decided again.
        if let AccessRefusal::Head(head, _) = refusal {
            self.proposals.not_below = *head;
            return Ok(());
        }
        // It is signed anew for the host where the circle goes on.
        if let AccessRefusal::Moved(_) = refusal {
            self.proposals.not_below = self.log.head() + 1;
            return Ok(());
        }
        self.proposals.refusals += 1;
        // Whom keys are for may change with the host's time alone, so one refusal proves nothing.
        let again =
            matches!(refusal, AccessRefusal::Recipients | AccessRefusal::Rotations | AccessRefusal::Early);
        if *refusal == AccessRefusal::Early {
            // The host's clock is not where it was believed to be; a new connection begins by hearing it.
            self.network.failed(&self.port);
            self.disconnected();
        }
        if again && self.proposals.refusals < MOST_REFUSALS {
            return Ok(());
        }
        self.give_up(proposed.intent, proposed.action, refusal.to_string()).await
    }

    async fn give_up(
        &mut self,
        intent: Option<u64>,
        action: &'static str,
        reason: String,
    ) -> Result<(), Trouble> {
        self.proposals.refusals = 0;
        match intent {
            Some(n) => {
                let mut batch = Batch::default();
                self.let_go(n, &mut batch);
                let intent = self.intents.remove(&n);
                if let Some(intent) = &intent {
                    self.forget_with(intent, &mut batch);
                }
                self.write(batch).await?;
                self.port.notice(Notice::ActionRefused { action, reason });
                if let Some(Intent::AddDevice { keys, .. }) = intent {
                    self.device_settled(&keys).await?;
                }
            }
            // Nobody asked for it by name; it is tried again after another delay.
            None => self.proposals.rotate_at = None,
        }
        Ok(())
    }

    /// The stream shows what was proposed: its keys count from now on.
    pub fn accepted(&mut self, signed: &SignedAccess) {
        let Some(proposed) = self.proposals.sent.take_if(|proposed| proposed.signed == *signed) else {
            return;
        };
        self.proposals.refusals = 0;
        for (stream, epoch, key) in proposed.keys {
            // A key always matches the commitment that was made of it.
            let _matches = self.keyring.insert(&self.log, stream, epoch, key);
        }
    }
}
