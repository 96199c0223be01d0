//! A replica that was opened by a link: looks where it leads, shows it, joins. Its conversation is a few requests.

use kith_protocol::access::SignedAccess;
use kith_protocol::invite::{InviteLink, InviteState};
use kith_protocol::{CircleId, DecodeError, DeviceNumber, DeviceSecrets, Party};

use crate::cbor::to_bytes;
use crate::engine::reading::{Patience, Reading};
use crate::engine::run::{Next, Room, Surroundings, Wish, show};
use crate::engine::trouble::Trouble;
use crate::input::Input;
use crate::output::{InvitationShown, LinkProblem, NotKept, Notice};
use crate::port::{Batch, Port};
use crate::record::{STATE_VERSION, StoredStage, StoredState};
use crate::status::SharingStatus;
use crate::view::Phase;

/// The longest name that somebody joins under, in bytes.
const LONGEST_NAME: usize = 100;

/// So often a link leads from one host to the next.
pub(super) const MOST_HOPS: u32 = 4;

/// Where the conversation stands; the numbers are those of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing is on its way; the next request goes when there is a connection and the time has come.
    Idle,
    Asking(u64),
    Challenge(u64),
    Token(u64),
    Reading(u64),
    Joining(u64),
    /// Shown; waits for a name.
    Shown,
    /// The link cannot be used.
    Unusable,
}

/// An opened link and what was learned of it.
pub(crate) struct Invited {
    pub(super) port: Port,
    pub(super) around: Surroundings,
    pub(super) link: InviteLink,
    /// Fresh ones, stored before a Join with them is sent.
    pub(super) secrets: Option<DeviceSecrets>,
    pub(super) name: Option<String>,
    /// The number that this device gets if the Join that was sent last is taken.
    pub(super) expected: Option<DeviceNumber>,
    /// As whom a session is opened.
    pub(super) party: Option<Party>,
    pub(super) circle: Option<CircleId>,
    pub(super) token: Option<Vec<u8>>,
    pub(super) reading: Reading,
    /// The Join that was sent last.
    pub(super) signed: Option<SignedAccess>,
    pub(super) step: Step,
    pub(super) wanted: bool,
    pub(super) patience: Patience,
    /// What the host said of the invitation.
    pub(super) state: Option<InviteState>,
    /// How often the circle turned out to be kept elsewhere.
    hops: u32,
}

/// Stores an opened link, before anything is asked of its host.
pub(crate) async fn begin(around: &Surroundings, invited: &crate::input::Invited) -> Result<(), Trouble> {
    let mut batch = Batch::default();
    let stage = StoredStage::Invited { name: None, expected: None };
    let stored = StoredState { version: STATE_VERSION, host: invited.link.host.clone(), stage };
    batch.put(around.keys.state(), to_bytes(&stored));
    batch.put(around.keys.link(), invited.link.url().into_bytes());
    Ok(around.port.write(batch).await?)
}

impl Invited {
    pub fn new(
        around: Surroundings,
        link: InviteLink,
        secrets: Option<DeviceSecrets>,
        name: Option<String>,
        expected: Option<DeviceNumber>,
    ) -> Self {
        Self {
            port: around.port.clone(),
            around,
            link,
            secrets,
            name,
            expected,
            party: None,
            circle: None,
            token: None,
            reading: Reading::default(),
            signed: None,
            step: Step::Idle,
            wanted: false,
            patience: Patience::default(),
            state: None,
            hops: 0,
        }
    }

    /// Handles inputs until this device has joined.
    pub async fn serve(&mut self, wish: &mut Wish) -> Next {
        self.wanted = wish.connected;
        if wish.storage != Room::Fine {
            self.patience.failed(&self.port);
        }
        self.publish();
        if !wish.told {
            wish.told = true;
            self.port.notice(Notice::Opened);
        }
        self.advance();
        self.publish();
        loop {
            let (_, input) = self.port.next().await;
            match self.handle(input, wish).await {
                Ok(true) => {
                    // What opens now is a membership, and that is said anew.
                    wish.told = false;
                    return Next::Reopen;
                }
                Ok(false) => self.publish(),
                Err(trouble) => return Next::Trouble(trouble),
            }
        }
    }

    /// True once this device has joined and storage holds a member.
    async fn handle(&mut self, input: Input, wish: &mut Wish) -> Result<bool, Trouble> {
        match input {
            Input::Connect => {
                (wish.connected, self.wanted) = (true, true);
                self.advance();
            }
            Input::Disconnect => {
                (wish.connected, self.wanted) = (false, false);
                self.forget_requests();
            }
            Input::Foreground => {
                self.patience.retry_at = None;
                self.advance();
            }
            Input::Woke => self.advance(),
            // The same link opened again: its state may have changed, or the app lost what was shown.
            Input::OpenInvite(invited) if invited.link == self.link => {
                self.forget_requests();
                self.advance();
            }
            Input::Open => self.port.notice(Notice::Opened),
            Input::Join { name } => self.name_given(name).await?,
            Input::HttpDone { id, answer } => return self.answered(id, answer).await,
            Input::Edit { edit, script } => {
                self.port.notice(Notice::NotKept { edit, script, reason: NotKept::NoRight });
            }
            _ => {}
        }
        Ok(false)
    }

    async fn name_given(&mut self, name: String) -> Result<(), Trouble> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.len() > LONGEST_NAME {
            let reason = "a name of 1 to 100 bytes is needed".to_owned();
            self.port.notice(Notice::ActionRefused { action: "join", reason });
            return Ok(());
        }
        if matches!(self.step, Step::Joining(_) | Step::Unusable) {
            return Ok(());
        }
        let secrets = match self.secrets.take() {
            Some(secrets) => secrets,
            None => self.port.with_rng(DeviceSecrets::generate),
        };
        let mut batch = Batch::default();
        batch.put(self.around.keys.device(), secrets.to_bytes().to_vec());
        self.secrets = Some(secrets);
        self.name = Some(name);
        self.store_stage(batch).await?;
        if self.step == Step::Shown {
            self.step = Step::Idle;
        }
        self.advance();
        Ok(())
    }

    /// Stores how far it has come, together with `batch`.
    pub(super) async fn store_stage(&mut self, mut batch: Batch) -> Result<(), Trouble> {
        let stage = StoredStage::Invited { name: self.name.clone(), expected: self.expected };
        let stored = StoredState { version: STATE_VERSION, host: self.link.host.clone(), stage };
        batch.put(self.around.keys.state(), to_bytes(&stored));
        Ok(self.port.write(batch).await?)
    }

    /// Forgets the conversation; what is stored stays.
    fn forget_requests(&mut self) {
        (self.party, self.token, self.state) = (None, None, None);
        self.reading = Reading::default();
        (self.step, self.patience.retry_at) = (Step::Idle, None);
    }

    /// Where the circle is kept, if it has moved since the link was made.
    pub(super) fn elsewhere(&self) -> Option<String> {
        let host = self.reading.log.as_ref()?.moved_to().filter(|host| *host != self.link.host)?;
        Some(host.to_owned())
    }

    /// Goes on at that host, as if the link had named it.
    pub(super) async fn led_on(&mut self, host: String) -> Result<(), Trouble> {
        self.hops += 1;
        if self.hops > MOST_HOPS {
            self.unusable(LinkProblem::Unknown);
            return Ok(());
        }
        self.link.host = host;
        self.forget_requests();
        let mut batch = Batch::default();
        batch.put(self.around.keys.link(), self.link.url().into_bytes());
        self.store_stage(batch).await?;
        self.advance();
        Ok(())
    }

    /// Whether the host is one that was named by another: it may not have been given the circle yet.
    pub(super) fn was_led(&self) -> bool {
        self.hops > 0
    }

    /// What the verified link leads to.
    pub(super) fn show_invitation(&mut self) {
        let Some(log) = &self.reading.log else { return };
        let Some(known) = log.invitation(&self.link.id) else { return };
        let greeting = self.link.secret.open_greeting(&log.circle(), &self.link.id, &known.invite.greeting);
        self.step = Step::Shown;
        match greeting {
            Ok(greeting) => self.port.notice(Notice::Invitation(InvitationShown {
                greeting,
                role: known.invite.role,
                direct: known.invite.direct,
                inviter: known.by,
                expires: known.invite.expires,
            })),
            Err(DecodeError::Newer) => self.unusable(LinkProblem::Newer),
            Err(_) => self.unusable(LinkProblem::NotGenuine),
        }
    }

    pub(super) fn unusable(&mut self, problem: LinkProblem) {
        self.step = Step::Unusable;
        self.port.notice(Notice::LinkUnusable(problem));
    }

    fn publish(&self) {
        let phase = if self.name.is_some() { Phase::Joining } else { Phase::Invited };
        self.port.with_view(|view| {
            view.phase = phase;
            view.host.clone_from(&self.link.host);
            view.circle = self.circle;
        });
        let busy = matches!(
            self.step,
            Step::Asking(_) | Step::Challenge(_) | Step::Token(_) | Step::Reading(_) | Step::Joining(_)
        );
        let status = match self.step {
            Step::Shown | Step::Unusable => SharingStatus::AllShared,
            _ if self.wanted && busy && self.patience.failures == 0 => SharingStatus::Sharing { n: 0 },
            _ => SharingStatus::Offline { waiting: usize::from(self.name.is_some()) },
        };
        show(&self.port, status);
    }
}
