//! The requests of a joiner: ask about the invitation, open a session, read and verify, join.

use kith_protocol::access::{AccessRefusal, Author};
use kith_protocol::invite::InviteState;
use kith_protocol::message::{Access, Frame, Frames, Hello, Subject, SubmitAccess};
use kith_protocol::session::{Nonce, NonceRequest, Proof, Token};
use kith_protocol::{DeviceNumber, Keyring, Party, Refusal, VERSION};

use crate::engine::invited::{Invited, Step};
use crate::engine::trouble::Trouble;
use crate::input::HttpAnswer;
use crate::output::{LinkProblem, Method, Output};
use crate::port::Batch;

/// What reading the access stream came to.
enum Read {
    /// There is more to read.
    More,
    /// All of it is here and verified.
    Done,
    /// It is not what the link says, or not readable by this build.
    Wrong(LinkProblem),
}

impl Invited {
    /// Sends the next request, if there is a connection and the time has come.
    pub(super) fn advance(&mut self) {
        if !self.wanted || self.step != Step::Idle || !self.patience.over(&self.port) {
            return;
        }
        let Some(party) = self.party else {
            let path = format!("/v1/invites/{}", self.link.id.text());
            return self.request(Method::Get, path, Vec::new(), Step::Asking);
        };
        let Some(token) = self.token.clone() else {
            let body = NonceRequest { circle: self.link.circle, party };
            return self.request(Method::Post, "/v1/challenge".into(), body.encode(), Step::Challenge);
        };
        let body = Frames(vec![self.hello(token)]);
        self.request(Method::Post, "/v1/sync".into(), body.encode(), Step::Reading);
    }

    fn request(&mut self, method: Method, path: String, body: Vec<u8>, step: fn(u64) -> Step) {
        let id = self.port.next_request();
        self.port.emit(Output::Http { id, method, path, body });
        self.step = step(id);
    }

    fn hello(&self, token: Vec<u8>) -> Frame {
        let cursors = vec![self.reading.cursor()];
        Frame::Hello(Hello { versions: vec![VERSION], token, cursors, live: false })
    }

    /// True once this device has joined and storage holds a member.
    pub(super) async fn answered(&mut self, id: u64, answer: HttpAnswer) -> Result<bool, Trouble> {
        let step = self.step;
        let awaited = matches!(step,
            Step::Asking(of) | Step::Challenge(of) | Step::Token(of) | Step::Reading(of) | Step::Joining(of)
            if of == id);
        if !awaited {
            return Ok(false);
        }
        self.step = Step::Idle;
        let body = match answer {
            HttpAnswer::Answered { status: 200..=299, body } => body,
            HttpAnswer::Answered { status: 401 | 403 | 404, .. } => {
                self.turned_away();
                return Ok(false);
            }
            _ => {
                self.later();
                return Ok(false);
            }
        };
        let understood = match step {
            Step::Asking(_) => self.told_state(&body),
            Step::Challenge(_) => self.prove(&body),
            Step::Token(_) => {
                self.token = Token::decode(&body).ok().map(|token| token.token);
                self.token.is_some()
            }
            Step::Reading(_) | Step::Joining(_) => match Frames::decode(&body) {
                Ok(Frames(frames)) => return self.heard(frames).await,
                Err(_) => false,
            },
            _ => true,
        };
        if understood {
            self.advance();
        } else {
            self.later();
        }
        Ok(false)
    }

    /// Tries again after a while.
    fn later(&mut self) {
        self.patience.failed(&self.port);
        self.advance();
    }

    /// No session for this party: a used link is unusable, unless it was used by this very device.
    fn turned_away(&mut self) {
        self.token = None;
        match (self.party, self.expected, self.state) {
            (Some(Party::Invitation(_)), Some(expected), _) => self.party = Some(Party::Device(expected)),
            (_, _, Some(state)) if state != InviteState::Open => return self.unusable(problem(state)),
            _ => self.party = None,
        }
        self.later();
    }

    fn told_state(&mut self, body: &[u8]) -> bool {
        let Ok(state) = InviteState::decode(body) else { return false };
        self.state = Some(state);
        match (state, self.expected) {
            (InviteState::Open, _) => self.party = Some(Party::Invitation(self.link.id)),
            (InviteState::Unknown, None) if self.was_led() => return false,
            (_, Some(expected)) => self.party = Some(Party::Device(expected)),
            (state, None) => self.unusable(problem(state)),
        }
        true
    }

    fn prove(&mut self, body: &[u8]) -> bool {
        let (Ok(challenge), Some(party)) = (Nonce::decode(body), self.party) else { return false };
        if challenge.circle.prefix() != self.link.circle {
            self.unusable(LinkProblem::NotGenuine);
            return true;
        }
        self.circle = Some(challenge.circle);
        let invitation = self.link.secret.secrets();
        let secrets = match (&party, &self.secrets) {
            (Party::Device(_), Some(secrets)) => secrets,
            _ => &invitation,
        };
        let proof = Proof::sign(challenge.circle, party, challenge.nonce, &self.link.host, secrets);
        self.request(Method::Post, "/v1/token".into(), proof.encode(), Step::Token);
        true
    }

    async fn heard(&mut self, frames: Vec<Frame>) -> Result<bool, Trouble> {
        let (mut more, mut away, mut again) = (false, false, false);
        let mut refusal = None;
        for frame in frames {
            match frame {
                Frame::Access(page) => match self.read(page) {
                    Read::More => more = true,
                    Read::Done => {}
                    // What this device joined by stands before what only a newer app can read.
                    Read::Wrong(LinkProblem::Newer) if self.number().is_some() => {}
                    Read::Wrong(problem) => {
                        self.unusable(problem);
                        return Ok(false);
                    }
                },
                Frame::AccessAcked(ack) => {
                    if let Some(signed) = self.signed.take() {
                        self.reading.take_ack(signed, &ack);
                    }
                }
                Frame::Refused(Subject::Access(_), Refusal::Access(why)) => refusal = Some(why),
                Frame::Refused(Subject::Session, Refusal::Newer) => {
                    self.unusable(LinkProblem::Newer);
                    return Ok(false);
                }
                Frame::Refused(_, Refusal::Token | Refusal::Forbidden) => away = true,
                Frame::Refused(..) => again = true,
                _ => {}
            }
        }
        // A Join that uses an invitation up ends the session in which it was sent, so this is looked at first.
        if self.number().is_some() {
            self.joined().await?;
            return Ok(true);
        }
        if away {
            self.turned_away();
        } else if again {
            self.later();
        } else if let Some(problem) = refusal.as_ref().and_then(refused) {
            self.unusable(problem);
        } else {
            match &refusal {
                Some(refusal) if !passes(refusal) => self.patience.failed(&self.port),
                _ => self.patience.failures = 0,
            }
            let closed = self.reading.log.as_ref().is_some_and(|log| log.closed_at().is_some());
            if let Some(host) = self.elsewhere().filter(|_| !more && !closed) {
                self.led_on(host).await?;
                return Ok(false);
            }
            if closed && !more {
                self.unusable(LinkProblem::Closed);
            } else if !more && refusal.is_none() {
                self.decide().await?;
            }
            self.advance();
        }
        Ok(false)
    }

    /// Takes a page of the access stream; the last one must show the invitation of the link.
    fn read(&mut self, page: Access) -> Read {
        let (more, link) = (page.more, &self.link);
        if let Err(problem) = self.reading.take(page, |circle| circle.prefix() == link.circle) {
            return Read::Wrong(problem);
        }
        let genuine = self.reading.log.as_ref().is_some_and(|log| link.verify(log).is_ok());
        match more {
            true => Read::More,
            false if genuine => Read::Done,
            false => Read::Wrong(LinkProblem::NotGenuine),
        }
    }

    /// The number that this device has in the stream, once it has joined.
    fn number(&self) -> Option<DeviceNumber> {
        self.reading.number(self.secrets.as_ref()?)
    }

    /// All is read: shows the invitation, or joins under the name that was given.
    async fn decide(&mut self) -> Result<(), Trouble> {
        let (Some(log), Some(name), Some(secrets), Some(token)) =
            (&self.reading.log, &self.name, &self.secrets, self.token.clone())
        else {
            self.show_invitation();
            return Ok(());
        };
        let keyring = Keyring::default();
        let now_ms = self.port.now();
        let author = Author { log, device: DeviceNumber(0), secrets, keyring: &keyring, now_ms };
        let made = self.port.with_rng(|rng| author.join(self.link.id, &self.link.secret, name, rng));
        let Ok(proposal) = made else {
            self.unusable(LinkProblem::NotGenuine);
            return Ok(());
        };
        // Stored before it is sent: if the answer is lost, this is how the device finds itself again.
        self.expected = Some(DeviceNumber(log.next_member().0));
        self.store_stage(Batch::default()).await?;
        let (signed, wraps) = (proposal.signed, proposal.wraps);
        self.signed = Some(signed.clone());
        let frames = vec![self.hello(token), Frame::SubmitAccess(SubmitAccess { signed, wraps })];
        self.request(Method::Post, "/v1/sync".into(), Frames(frames).encode(), Step::Joining);
        Ok(())
    }

    /// The stream shows this device: from here on it is a member, or one that waits.
    async fn joined(&mut self) -> Result<(), Trouble> {
        let Some(device) = self.number() else { return Ok(()) };
        let batch = self.reading.member_batch(&self.around.keys, &self.link.host, device);
        Ok(self.port.write(batch).await?)
    }
}

fn problem(state: InviteState) -> LinkProblem {
    match state {
        InviteState::Used => LinkProblem::Used,
        InviteState::Expired => LinkProblem::Expired,
        InviteState::Cancelled => LinkProblem::Cancelled,
        InviteState::Open | InviteState::Unknown => LinkProblem::Unknown,
    }
}

/// Why a refused Join makes the link unusable; `None` when it is to be tried again.
fn refused(refusal: &AccessRefusal) -> Option<LinkProblem> {
    match refusal {
        AccessRefusal::UsedUp => Some(LinkProblem::Used),
        AccessRefusal::Expired => Some(LinkProblem::Expired),
        AccessRefusal::Closed => Some(LinkProblem::Closed),
        AccessRefusal::Target => Some(LinkProblem::Cancelled),
        // The names of those who may admit, or the head, changed meanwhile: read on and join again.
        _ => None,
    }
}

/// Whether a Join that was refused is right as soon as the rest of the stream is read.
fn passes(refusal: &AccessRefusal) -> bool {
    matches!(refusal, AccessRefusal::Head(..) | AccessRefusal::Recipients)
}
