//! Membership actions: kept as wishes, signed only against the current head, and over when the stream shows them.

use kith_protocol::InviteId;
use kith_protocol::access::Standing;
use kith_protocol::invite::{InviteLink, InviteSecret};
use rand_core::Rng;

use crate::cbor::to_bytes;
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::input::{Input, Invitation};
use crate::output::Notice;
use crate::port::Batch;
use crate::wish_record::Intent;

impl Member {
    /// Keeps what a person wishes; it is done when there is a connection.
    pub async fn wish(&mut self, input: Input) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        let intent = match input {
            Input::Invite { request, invitation } => self.new_invitation(request, invitation, &mut batch),
            Input::CancelInvite { invite } => Intent::CancelInvite(invite),
            Input::Admit { member } => Intent::Admit(member),
            Input::Refuse { member } => Intent::Refuse(member),
            Input::SetRole { member, role } => Intent::SetRole(member, role),
            Input::Remove { member } => Intent::Remove(member),
            Input::Leave => Intent::Leave,
            Input::RotateKeys { streams } => Intent::RotateKeys(
                streams.into_iter().map(|stream| (stream, self.log.epoch(stream))).collect(),
            ),
            Input::ChangeSettings(change) => Intent::ChangeSettings(change),
            Input::RevokeDevice { device } => Intent::RevokeDevice(device),
            Input::Move { host } if !kith_protocol::returning::valid_host(&host) => {
                self.refuse_action("move", "this is no address of a server");
                return Ok(());
            }
            Input::Move { host } => Intent::Move(host),
            Input::AnnounceClosing { wait_ms } => Intent::AnnounceClosing { wait_ms, after: self.log.head() },
            Input::KeepOpen => Intent::KeepOpen,
            Input::CloseCircle => {
                let Some(closing) = self.log.closing() else {
                    self.refuse_action("close", "nobody was told that it would be closed");
                    return Ok(());
                };
                Intent::Close { announced: closing.since }
            }
            _ => return Ok(()),
        };
        self.keep_intent(intent, batch).await
    }

    /// Stores a wish together with `batch`, unless the stream shows it already or it waits already.
    pub(super) async fn keep_intent(&mut self, intent: Intent, mut batch: Batch) -> Result<(), Trouble> {
        if self.closed() {
            self.refuse_action(label(&intent), "the circle was closed");
            return Ok(());
        }
        if self.shows(&intent) || self.intents.values().any(|waiting| *waiting == intent) {
            return Ok(());
        }
        let n = self.next_intent;
        batch.put(self.keys.intent(n), to_bytes(&intent));
        if let Err(trouble) = self.write(batch).await {
            self.port.notice(Notice::WishNotKept(trouble.clone().into_storage()));
            return Err(trouble);
        }
        self.next_intent += 1;
        self.intents.insert(n, intent);
        Ok(())
    }

    fn new_invitation(&self, request: u64, wanted: Invitation, batch: &mut Batch) -> Intent {
        let (id, secret) = self.port.with_rng(|rng| {
            let mut id = [0; 16];
            rng.fill_bytes(&mut id);
            // UUID v4 (RFC 9562, section 5.4).
            id[6] = (id[6] & 0x0f) | 0x40;
            id[8] = (id[8] & 0x3f) | 0x80;
            (InviteId(id), InviteSecret::generate(rng))
        });
        let link = InviteLink { host: self.host.clone(), id, secret, circle: self.circle.prefix() };
        batch.put(self.keys.invitation(&id), link.url().into_bytes());
        let Invitation { role, uses, lasts_ms, direct, greeting } = wanted;
        Intent::Invite { request, id, role, uses, lasts_ms, direct, greeting }
    }

    /// Tells the link of an invitation that was made on this device, if it stands.
    pub async fn show_link(&mut self, request: u64, invite: InviteId) -> Result<(), Trouble> {
        let link = self.port.read_one(self.keys.invitation(&invite)).await?;
        // The circle may have moved since.
        let here =
            |link: &str| InviteLink::parse(link).map(|link| InviteLink { host: self.host.clone(), ..link });
        let link = link.and_then(|bytes| here(std::str::from_utf8(&bytes).ok()?).ok());
        match link.map(|link| link.url()) {
            Some(link) if self.log.invitation(&invite).is_some() => {
                self.port.notice(Notice::InviteReady { request, invite, link });
            }
            _ => {
                let reason = "the link is not on this device".to_owned();
                self.port.notice(Notice::ActionRefused { action: "show_link", reason });
            }
        }
        Ok(())
    }

    /// Lets go of a wish, unless it was sent: then it may stand in the stream already.
    pub async fn take_back(&mut self, n: u64) -> Result<(), Trouble> {
        if self.proposals.was_sent(n) || !self.intents.contains_key(&n) {
            return Ok(());
        }
        let mut batch = Batch::default();
        self.let_go(n, &mut batch);
        match self.intents.get(&n) {
            Some(Intent::Invite { id, .. }) => batch.delete(self.keys.invitation(id)),
            Some(intent) => self.forget_with(intent, &mut batch),
            None => {}
        }
        self.write(batch).await?;
        self.intents.remove(&n);
        Ok(())
    }

    /// The wish and its mark go with `batch`.
    pub(super) fn let_go(&self, n: u64, batch: &mut Batch) {
        batch.delete(self.keys.intent(n));
        batch.delete(self.keys.sent(n));
    }

    /// Whether the access stream shows what was wished.
    pub(super) fn shows(&self, intent: &Intent) -> bool {
        let standing = |member| self.log.member(member).map(|member| member.standing);
        match intent {
            Intent::Invite { id, .. } => self.log.invitation(id).is_some(),
            Intent::CancelInvite(id) => {
                self.log.invitation(id).is_none_or(|known| known.cancelled.is_some() || known.uses_left == 0)
            }
            Intent::Admit(member) | Intent::Refuse(member) => standing(*member) != Some(Standing::Pending),
            Intent::SetRole(member, role) => {
                self.log.member(*member).is_none_or(|member| member.role().is_none_or(|now| now == *role))
            }
            Intent::Remove(member) => standing(*member) != Some(Standing::Active),
            Intent::Leave => standing(self.mine) != Some(Standing::Active),
            Intent::RotateKeys(streams) => {
                streams.iter().all(|(stream, epoch)| self.log.epoch(*stream) > *epoch)
            }
            Intent::Settings(settings) => self.log.settings() == *settings,
            Intent::ChangeSettings(change) => change.stands(&self.log),
            Intent::AddDevice { keys, .. } => self.log.device_by_key(&keys.sign).is_some(),
            Intent::RevokeDevice(device) => {
                self.log.device(*device).is_none_or(|device| device.until.is_some())
            }
            // Whatever was decided since, the person who wished this did not know of it.
            Intent::AnnounceClosing { after, .. } => self.log.closing_said() > Some(*after),
            Intent::Move(host) => self.log.moved_to().unwrap_or(&self.host) == host,
            Intent::KeepOpen => self.log.closing().is_none(),
            // Taken back, or told anew for another time: nobody has confirmed that one.
            Intent::Close { announced } => self.log.closing().is_none_or(|now| now.since != *announced),
        }
    }

    /// Lets go of every wish that the stream shows, and tells the links of invitations that stand now.
    pub async fn settle(&mut self) -> Result<(), Trouble> {
        let done: Vec<u64> =
            self.intents.iter().filter(|(_, intent)| self.shows(intent)).map(|(n, _)| *n).collect();
        let mut batch = Batch::default();
        for n in &done {
            let kit = match self.intents.get(n) {
                Some(Intent::AddDevice { keys, recovery: true, .. }) => self.log.device_by_key(&keys.sign),
                _ => None,
            };
            if let Some(device) = kit.map(|device| device.number) {
                self.kit_ready(device).await?;
            }
            self.let_go(*n, &mut batch);
            if let Some(intent) = self.intents.get(n) {
                self.forget_with(intent, &mut batch);
            }
        }
        self.write(batch).await?;
        for n in done {
            match self.intents.remove(&n) {
                Some(Intent::Invite { request, id, .. }) => self.show_link(request, id).await?,
                Some(Intent::AddDevice { keys, .. }) => self.device_settled(&keys).await?,
                _ => {}
            }
        }
        Ok(())
    }
}

pub(super) fn label(intent: &Intent) -> &'static str {
    match intent {
        Intent::Invite { .. } => "invite",
        Intent::CancelInvite(_) => "cancel_invite",
        Intent::Admit(_) => "admit",
        Intent::Refuse(_) => "refuse",
        Intent::SetRole(..) => "set_role",
        Intent::Remove(_) => "remove",
        Intent::Leave => "leave",
        Intent::RotateKeys(_) => "rotate_keys",
        Intent::Settings(_) | Intent::ChangeSettings(_) => "settings",
        Intent::AddDevice { recovery: true, .. } => "make_kit",
        Intent::AddDevice { .. } => "add_device",
        Intent::RevokeDevice(_) => "revoke_device",
        Intent::AnnounceClosing { .. } => "announce_closing",
        Intent::Move(_) => "move",
        Intent::KeepOpen => "keep_open",
        Intent::Close { .. } => "close",
    }
}
