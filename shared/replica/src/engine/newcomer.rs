//! A device that is to belong to somebody who is in the circle already: by a pairing that another device of theirs
//! opened, or by their recovery kit. Its keys are stored before anything is sent.

use kith_protocol::access::SignedAccess;
use kith_protocol::by_key::KeptElsewhere;
use kith_protocol::kit::Kit;
use kith_protocol::pairing::PairingLink;
use kith_protocol::returning::valid_host;
use kith_protocol::{CircleId, Cursor, DeviceSecrets, Language, Wrap};

use crate::cbor::to_bytes;
use crate::engine::invited::MOST_HOPS;
use crate::engine::reading::{Patience, Reading};
use crate::engine::run::{Next, Room, Surroundings, Wish, show};
use crate::engine::trouble::Trouble;
use crate::input::Input;
use crate::output::{LinkProblem, NotKept, Notice};
use crate::port::{Batch, Port};
use crate::record::{STATE_VERSION, StoredStage, StoredState};
use crate::status::SharingStatus;
use crate::view::Phase;

/// How it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Pairing(PairingLink),
    Kit(Kit),
}

/// Where the conversation stands; the numbers are those of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing is on its way; the next request goes when there is a connection and the time has come.
    Idle,
    /// What the pairing is about, and whether it is still open.
    Asking(u64),
    Answering(u64),
    Challenge(u64),
    Token(u64),
    Reading(u64),
    /// The kit adds this device.
    Adding(u64),
    /// It comes to nothing.
    Unusable,
}

/// What this device has stored of how far it came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Come {
    /// Of a pairing: the circle and the language of its words.
    pub about: Option<(CircleId, Language)>,
    /// Of a pairing: the host has this device's answer.
    pub answered: bool,
    /// Of a pairing: when it ends, by this device's clock (Unix milliseconds).
    pub until: u64,
}

/// A device on its way in.
pub(crate) struct Newcomer {
    pub(super) port: Port,
    pub(super) around: Surroundings,
    pub(super) way: Way,
    pub(super) secrets: DeviceSecrets,
    pub(super) come: Come,
    /// The circle, as the host names it; what is read must make this id.
    pub(super) circle: Option<CircleId>,
    pub(super) nonce: Option<[u8; 32]>,
    pub(super) token: Option<Vec<u8>>,
    pub(super) reading: Reading,
    /// Keys for the kit.
    pub(super) wraps: Vec<Wrap>,
    /// Where the streams stand, of which nothing is to be sent yet.
    pub(super) heads: Vec<Cursor>,
    /// The host's time when it was last heard (Unix milliseconds).
    pub(super) host_time: u64,
    /// What the kit signed last.
    pub(super) signed: Option<SignedAccess>,
    /// So many sessions were refused since the pairing was last looked at.
    pub(super) refused: u32,
    /// The pairing is over: until when the last looks are taken whether this device is in, and what it means if not.
    pub(super) last: Option<(u64, LinkProblem)>,
    /// How often the circle turned out to be kept elsewhere.
    hops: u32,
    pub(super) step: Step,
    pub(super) wanted: bool,
    pub(super) patience: Patience,
}

/// Stores how a device is to come in, and its fresh keys, before anything is asked.
pub(crate) async fn begin(around: &Surroundings, way: &Way) -> Result<(), Trouble> {
    let secrets = around.port.with_rng(DeviceSecrets::generate);
    let mut batch = Batch::default();
    batch.put(around.keys.device(), secrets.to_bytes().to_vec());
    batch.put(around.keys.state(), to_bytes(&state(way, &Come::default())));
    batch.put(around.keys.way(), way.url().into_bytes());
    Ok(around.port.write(batch).await?)
}

fn state(way: &Way, come: &Come) -> StoredState {
    let stage = match way {
        Way::Pairing(_) => {
            StoredStage::Pairing { about: come.about, answered: come.answered, until: come.until }
        }
        Way::Kit(_) => StoredStage::Restoring,
    };
    StoredState { version: STATE_VERSION, host: way.host().to_owned(), stage }
}

impl Way {
    pub fn host(&self) -> &str {
        match self {
            Self::Pairing(link) => &link.host,
            Self::Kit(kit) => &kit.host,
        }
    }

    fn set_host(&mut self, host: String) {
        match self {
            Self::Pairing(link) => link.host = host,
            Self::Kit(kit) => kit.host = host,
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Pairing(link) => link.url(),
            Self::Kit(kit) => kit.url(),
        }
    }
}

impl Newcomer {
    pub fn new(around: Surroundings, way: Way, secrets: DeviceSecrets, come: Come) -> Self {
        Self {
            port: around.port.clone(),
            around,
            way,
            secrets,
            come,
            circle: come.about.map(|(circle, _)| circle),
            nonce: None,
            token: None,
            reading: Reading::default(),
            wraps: Vec::new(),
            heads: Vec::new(),
            host_time: 0,
            signed: None,
            refused: 0,
            last: None,
            hops: 0,
            step: Step::Idle,
            wanted: false,
            patience: Patience::default(),
        }
    }

    /// Handles inputs until this device is in.
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
        self.show_words();
        self.advance();
        self.publish();
        loop {
            let (_, input) = self.port.next().await;
            match self.handle(input, wish).await {
                Ok(true) => {
                    // What opens now is a membership, and that is said anew.
                    (wish.told, wish.admitted) = (false, true);
                    return Next::Reopen;
                }
                Ok(false) => self.publish(),
                Err(trouble) => return Next::Trouble(trouble),
            }
        }
    }

    /// True once this device is in and storage holds a member.
    async fn handle(&mut self, input: Input, wish: &mut Wish) -> Result<bool, Trouble> {
        match input {
            Input::Connect => {
                (wish.connected, self.wanted) = (true, true);
                self.advance();
            }
            Input::Disconnect => {
                (wish.connected, self.wanted) = (false, false);
                if self.step != Step::Unusable {
                    self.forget_requests();
                }
            }
            Input::Foreground => {
                self.patience.retry_at = None;
                self.advance();
            }
            Input::Woke => self.advance(),
            // The same again: things may have changed, or the app lost what was shown.
            Input::OpenPairing(link) if Way::Pairing(link.clone()) == self.way => self.again(),
            Input::RestoreFromKit { kit } if Way::Kit(kit.clone()) == self.way => self.again(),
            Input::Open => {
                self.port.notice(Notice::Opened);
                self.show_words();
            }
            Input::HttpDone { id, answer } => return self.http_done(id, answer).await,
            Input::Edit { edit, script } => {
                self.port.notice(Notice::NotKept { edit, script, reason: NotKept::NoRight });
            }
            _ => {}
        }
        Ok(false)
    }

    fn again(&mut self) {
        self.forget_requests();
        self.show_words();
        self.advance();
    }

    /// Forgets the conversation; what is stored stays.
    fn forget_requests(&mut self) {
        self.circle = self.come.about.map(|(circle, _)| circle);
        (self.nonce, self.token, self.signed, self.last) = (None, None, None, None);
        (self.reading, self.patience) = (Reading::default(), Patience::default());
        self.wraps.clear();
        self.heads.clear();
        (self.step, self.refused) = (Step::Idle, 0);
    }

    /// Stores how far it has come.
    pub(super) async fn store_come(&mut self) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        batch.put(self.around.keys.state(), to_bytes(&state(&self.way, &self.come)));
        Ok(self.port.write(batch).await?)
    }

    /// Where the circle is kept, if it has moved since the kit was made. A pairing is too short for that.
    pub(super) fn elsewhere(&self) -> Option<String> {
        let host = self.reading.log.as_ref()?.moved_to()?;
        let moved = matches!(self.way, Way::Kit(_)) && host != self.way.host();
        moved.then(|| host.to_owned())
    }

    /// Where a host that does not know the kit says that the circle is kept now: the kit may have been made there. Nothing proves
    /// it, nor has to: that host is asked like one that the kit names.
    pub(super) fn named_elsewhere(&self, body: &[u8]) -> Option<String> {
        let host = KeptElsewhere::decode(body).ok()?.host;
        (valid_host(&host) && host != self.way.host()).then_some(host)
    }

    /// Goes on at that host, as if the kit had named it.
    pub(super) async fn led_on(&mut self, host: String) -> Result<(), Trouble> {
        self.hops += 1;
        if self.hops > MOST_HOPS {
            self.unusable(LinkProblem::Unknown);
            return Ok(());
        }
        self.way.set_host(host);
        self.forget_requests();
        let mut batch = Batch::default();
        batch.put(self.around.keys.state(), to_bytes(&state(&self.way, &self.come)));
        batch.put(self.around.keys.way(), self.way.url().into_bytes());
        self.port.write(batch).await?;
        self.advance();
        Ok(())
    }

    /// Whether the host is one that was named by another: it may not have been given the circle yet.
    pub(super) fn was_led(&self) -> bool {
        self.hops > 0
    }

    /// The words that the other device shows too, once it has this one's answer.
    pub(super) fn show_words(&self) {
        let (Way::Pairing(link), Some((circle, language))) = (&self.way, self.come.about) else { return };
        if self.come.answered {
            let words = link.words(&circle, &self.secrets.public(), language);
            self.port.notice(Notice::PairingWords { words });
        }
    }

    pub(super) fn unusable(&mut self, problem: LinkProblem) {
        self.step = Step::Unusable;
        self.port.notice(Notice::LinkUnusable(problem));
    }

    fn publish(&self) {
        self.port.with_view(|view| {
            view.phase = Phase::Pairing;
            self.way.host().clone_into(&mut view.host);
            view.circle = self.circle;
        });
        let status = match self.step {
            Step::Unusable => SharingStatus::AllShared,
            _ if !self.wanted || self.patience.failures > 0 => SharingStatus::Offline { waiting: 1 },
            _ if self.come.answered => SharingStatus::WaitingToBeLetIn,
            _ => SharingStatus::Sharing { n: 0 },
        };
        show(&self.port, status);
    }
}
