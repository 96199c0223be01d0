//! The requests of a device on its way in: answer the pairing, open a session by its key, read and verify.

use kith_protocol::by_key::{KeyNonceRequest, KeyProof};
use kith_protocol::mailbox::PairingShown;
use kith_protocol::message::{Frame, Frames, Hello, Subject};
use kith_protocol::pairing::PairingAnswer;
use kith_protocol::session::{Nonce, Token};
use kith_protocol::{CircleStart, DeviceNumber, DeviceSecrets, Refusal, VERSION};

use crate::engine::newcomer::{Newcomer, Step, Way};
use crate::engine::trouble::Trouble;
use crate::input::HttpAnswer;
use crate::output::{LinkProblem, Method, Output};

/// How often a device that waits asks, in milliseconds: by turns whether it is in, and whether the pairing is still open.
/// Whoever confirms or declines closes the pairing, so either answer tells how it ended, at the cost of one.
const POLL_MS: u64 = 2_000;
/// How long it goes on asking after the pairing's time ran out: it may have been confirmed in the last moment.
const LAST_LOOKS_MS: u64 = 10_000;
/// A kit's entry that was refused so often, for other reasons than that somebody else's came first, will not be taken.
const MOST_REFUSALS: u32 = 3;

impl Newcomer {
    /// Sends the next request, if there is a connection and the time has come.
    pub(super) fn advance(&mut self) {
        if !self.wanted || self.step != Step::Idle || !self.patience.over(&self.port) {
            return;
        }
        if let (Way::Pairing(link), None) = (&self.way, self.last) {
            let look = self.come.about.is_none() || self.refused > 0;
            let path = format!("/v1/pairings/{}", link.id().text());
            match self.come.about {
                _ if look => return self.request(Method::Get, path, Vec::new(), Step::Asking),
                Some((circle, _)) if !self.come.answered => {
                    let answer = PairingAnswer::of(&self.secrets, &circle, link.member);
                    let sealed = link.seal(&circle, &answer).unwrap_or_default();
                    return self.request(Method::Post, format!("{path}/answer"), sealed, Step::Answering);
                }
                _ => {}
            }
        }
        self.open_session();
    }

    fn open_session(&mut self) {
        if let Some(token) = self.token.clone() {
            let body = Frames(vec![self.hello(token)]).encode();
            return self.request(Method::Post, "/v1/sync".into(), body, Step::Reading);
        }
        let (Some(circle), Some(nonce)) = (self.circle, self.nonce) else {
            let start = match &self.way {
                Way::Pairing(link) => CircleStart::new(&link.circle.0),
                Way::Kit(kit) => Some(kit.circle.clone()),
            };
            let Some(circle) = start else { return };
            let body = KeyNonceRequest { circle }.encode();
            return self.request(Method::Post, "/v1/challenge/key".into(), body, Step::Challenge);
        };
        let proof = KeyProof::sign(circle, nonce, self.way.host(), &self.session_secrets(circle));
        self.request(Method::Post, "/v1/token/key".into(), proof.encode(), Step::Token);
    }

    /// Asks for the access stream and the wraps; of the others it says that it has all.
    pub(super) fn hello(&self, token: Vec<u8>) -> Frame {
        let mut cursors = vec![self.reading.cursor()];
        cursors.extend(&self.heads);
        Frame::Hello(Hello { versions: vec![VERSION], token, cursors, live: false })
    }

    /// Whose keys the session is opened with.
    fn session_secrets(&self, circle: kith_protocol::CircleId) -> DeviceSecrets {
        match &self.way {
            Way::Pairing(_) => self.secrets.clone(),
            Way::Kit(kit) => kit.seed.secrets(&circle),
        }
    }

    pub(super) fn request(&mut self, method: Method, path: String, body: Vec<u8>, step: fn(u64) -> Step) {
        let id = self.port.next_request();
        self.port.emit(Output::Http { id, method, path, body });
        self.step = step(id);
    }

    /// True once this device is in and storage holds a member.
    pub(super) async fn http_done(&mut self, id: u64, answer: HttpAnswer) -> Result<bool, Trouble> {
        let step = self.step;
        let awaited = matches!(step,
            Step::Asking(of) | Step::Answering(of) | Step::Challenge(of) | Step::Token(of)
                | Step::Reading(of) | Step::Adding(of)
            if of == id);
        if !awaited {
            return Ok(false);
        }
        self.step = Step::Idle;
        let body = match answer {
            HttpAnswer::Answered { status: 200..=299, body } => body,
            HttpAnswer::Answered { status: 421, body } if matches!(self.way, Way::Kit(_)) => {
                match self.named_elsewhere(&body) {
                    Some(host) => self.led_on(host).await?,
                    None => self.unusable(LinkProblem::Unknown),
                }
                return Ok(false);
            }
            HttpAnswer::Answered { status, .. } => {
                self.turned_away(step, status);
                return Ok(false);
            }
            HttpAnswer::Failed => {
                self.later();
                return Ok(false);
            }
        };
        let understood = match step {
            Step::Asking(_) => self.told_about(&body).await?,
            Step::Answering(_) => {
                self.come.answered = true;
                self.store_come().await?;
                self.show_words();
                true
            }
            Step::Challenge(_) => self.challenged(&body),
            Step::Token(_) => {
                self.token = Token::decode(&body).ok().map(|token| token.token);
                self.nonce = None;
                self.token.is_some()
            }
            Step::Reading(_) | Step::Adding(_) => match Frames::decode(&body) {
                Ok(Frames(frames)) => return self.heard(frames).await,
                Err(_) => false,
            },
            Step::Idle | Step::Unusable => true,
        };
        if understood && self.come.answered && matches!(step, Step::Asking(_)) {
            self.rest();
        } else if understood {
            self.patience.failures = 0;
            self.advance();
        } else {
            self.later();
        }
        Ok(false)
    }

    /// Tries again after a while.
    pub(super) fn later(&mut self) {
        self.patience.failed(&self.port);
        self.advance();
    }

    fn turned_away(&mut self, step: Step, status: u16) {
        match (step, status, &self.way) {
            (Step::Asking(_), 404, _) if self.come.answered => return self.pairing_gone(),
            (Step::Asking(_) | Step::Answering(_), 404, _) => return self.unusable(LinkProblem::Expired),
            // Whoever it was, it was not this device: the same answer again would have been taken.
            (Step::Answering(_), 409, _) => return self.unusable(LinkProblem::Used),
            (Step::Token(_), 403 | 421, Way::Pairing(_)) | (Step::Challenge(_), 404, Way::Pairing(_)) => {
                return self.not_in_yet();
            }
            (Step::Token(_), 403, Way::Kit(_)) | (Step::Challenge(_), 404, Way::Kit(_))
                if !self.was_led() =>
            {
                return self.unusable(LinkProblem::Unknown);
            }
            (Step::Token(_) | Step::Reading(_) | Step::Adding(_), 400..=404, _) => {
                (self.nonce, self.token) = (None, None);
            }
            // Who asks too often is not kept from coming in.
            (Step::Asking(_), ..) => self.refused = 0,
            _ => {}
        }
        self.later();
    }

    /// The host does not know this device's key: nobody has confirmed it so far.
    fn not_in_yet(&mut self) {
        let now = self.port.now();
        if let Some((_, problem)) = self.last.filter(|(until, _)| *until <= now) {
            return self.unusable(problem);
        }
        self.refused += 1;
        self.rest();
    }

    /// The next request goes when it is time to ask again.
    fn rest(&mut self) {
        self.patience.failures = 0;
        self.patience.retry_at = Some(self.port.now().saturating_add(POLL_MS));
        self.advance();
    }

    /// The pairing was closed, or its time is over: this device is in, or never will be. It looks at once, and at least
    /// once more, as another node of the host may have been asked than the one that knows.
    fn pairing_gone(&mut self) {
        let now = self.port.now();
        let over = now.saturating_add(LAST_LOOKS_MS) >= self.come.until;
        let (lasts, problem) =
            if over { (LAST_LOOKS_MS, LinkProblem::Expired) } else { (POLL_MS, LinkProblem::Cancelled) };
        (self.last, self.refused) = (Some((now.saturating_add(lasts), problem)), 0);
        self.patience.failures = 0;
        self.advance();
    }

    async fn told_about(&mut self, body: &[u8]) -> Result<bool, Trouble> {
        let (Way::Pairing(link), Ok(shown)) = (&self.way, PairingShown::decode(body)) else {
            return Ok(false);
        };
        let circle = shown.circle;
        let same = self.come.about.is_none_or(|(known, _)| known == circle);
        if circle.prefix() != link.circle || !same {
            self.unusable(LinkProblem::NotGenuine);
            return Ok(true);
        }
        self.refused = 0;
        self.come.until = self.port.now().saturating_add(shown.left_ms);
        (self.come.about, self.circle) = (Some((circle, shown.language)), Some(circle));
        self.store_come().await?;
        Ok(true)
    }

    fn challenged(&mut self, body: &[u8]) -> bool {
        let Ok(Nonce { circle, nonce }) = Nonce::decode(body) else { return false };
        let meant = match &self.way {
            Way::Pairing(link) => circle.prefix() == link.circle,
            Way::Kit(kit) => kit.circle.starts(&circle),
        };
        if !meant || self.circle.is_some_and(|known| known != circle) {
            self.unusable(LinkProblem::NotGenuine);
            return true;
        }
        (self.circle, self.nonce) = (Some(circle), Some(nonce));
        true
    }

    async fn heard(&mut self, frames: Vec<Frame>) -> Result<bool, Trouble> {
        let (mut more, mut away, mut again) = (false, false, false);
        let circle = self.circle;
        for frame in frames {
            match frame {
                Frame::Welcome(welcome) => {
                    self.host_time = welcome.now_ms;
                    self.heads = welcome.heads;
                    self.heads.retain(|head| head.stream != kith_protocol::Stream::Access);
                }
                Frame::Access(page) => {
                    more |= page.more;
                    if let Err(problem) = self.reading.take(page, |found| Some(*found) == circle) {
                        // Where this device stands already, the member that it is says what is newer.
                        if let (LinkProblem::Newer, Ok(Some(device))) = (problem, self.look()) {
                            return self.joined(device).await;
                        }
                        self.unusable(problem);
                        return Ok(false);
                    }
                }
                Frame::Wraps(wraps) => self.wraps = wraps,
                Frame::AccessAcked(ack) => {
                    if let Some(signed) = self.signed.take() {
                        self.reading.take_ack(signed, &ack);
                    }
                }
                Frame::Refused(Subject::Access(_), Refusal::Access(why)) => {
                    // The head may have moved on: it is read and signed again.
                    let moved = matches!(why, kith_protocol::access::AccessRefusal::Head(..));
                    self.refused += u32::from(!moved);
                    again |= !moved;
                }
                Frame::Refused(Subject::Session, Refusal::Newer) => {
                    self.unusable(LinkProblem::Newer);
                    return Ok(false);
                }
                Frame::Refused(_, Refusal::Token | Refusal::Forbidden) => away = true,
                Frame::Refused(..) => again = true,
                _ => {}
            }
        }
        if more && !away {
            self.advance();
            return Ok(false);
        }
        match self.look() {
            Ok(Some(device)) => return self.joined(device).await,
            // A session that ended early may have shown a part of the stream only.
            Err(problem) if !away || problem == LinkProblem::Cancelled => {
                self.unusable(problem);
                return Ok(false);
            }
            Ok(None) | Err(_) => {}
        }
        if let Some(host) = self.elsewhere().filter(|_| !away) {
            self.led_on(host).await?;
            return Ok(false);
        }
        if away {
            self.token = None;
        }
        if away || again || self.signed.is_some() {
            if self.refused >= MOST_REFUSALS {
                self.unusable(LinkProblem::Cancelled);
            } else {
                self.signed = None;
                self.later();
            }
            return Ok(false);
        }
        if let Way::Kit(_) = &self.way {
            self.add_by_kit();
        }
        Ok(false)
    }

    /// The stream shows this device: from here on it is a member's like any other.
    async fn joined(&mut self, device: DeviceNumber) -> Result<bool, Trouble> {
        let keys = &self.around.keys;
        let mut batch = self.reading.member_batch(keys, self.way.host(), device);
        batch.delete(keys.way());
        self.port.write(batch).await?;
        Ok(true)
    }
}
