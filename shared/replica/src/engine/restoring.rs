//! What the verified stream says of a device on its way in, and how a recovery kit adds it.

use kith_protocol::access::{AccessLog, Author, BuildError, consent};
use kith_protocol::keyring::Keyring;
use kith_protocol::message::{Frame, Frames, SubmitAccess};
use kith_protocol::{DeviceNumber, DeviceSecrets, Party};

use crate::engine::newcomer::{Newcomer, Step, Way};
use crate::output::{LinkProblem, Method};

impl Newcomer {
    /// What the whole stream says of this device: its number once it is in, or why it never will be.
    pub(super) fn look(&self) -> Result<Option<DeviceNumber>, LinkProblem> {
        let Some(log) = &self.reading.log else { return Ok(None) };
        let known = |secrets: &DeviceSecrets| log.device_by_key(&secrets.sign_public());
        if let Some(own) = known(&self.secrets) {
            let member = match &self.way {
                Way::Pairing(link) => Some(link.member),
                Way::Kit(kit) => known(&kit.seed.secrets(&log.circle())).map(|kit| kit.member),
            };
            return match own.until {
                _ if member != Some(own.member) || own.recovery => Err(LinkProblem::NotGenuine),
                Some(_) => Err(LinkProblem::Cancelled),
                None => Ok(Some(own.number)),
            };
        }
        if log.closed_at().is_some() {
            return Err(LinkProblem::Closed);
        }
        match &self.way {
            // The host took this device's key for one of the circle's, which it is not.
            Way::Pairing(_) => Err(LinkProblem::NotGenuine),
            Way::Kit(kit) => match known(&kit.seed.secrets(&log.circle())) {
                Some(device) if device.active() => Ok(None),
                Some(_) => Err(LinkProblem::Cancelled),
                None => Err(LinkProblem::NotGenuine),
            },
        }
    }

    /// The kit adds this device, with all the keys that the kit was given.
    pub(super) fn add_by_kit(&mut self) {
        let (Way::Kit(kit), Some(log), Some(token)) = (&self.way, &self.reading.log, self.token.clone())
        else {
            return;
        };
        let secrets = kit.seed.secrets(&log.circle());
        let Some((device, member)) =
            log.device_by_key(&secrets.sign_public()).map(|kit| (kit.number, kit.member))
        else {
            return;
        };
        let keyring = self.keyring_of(log, device, &secrets);
        let author = Author { log, device, secrets: &secrets, keyring: &keyring, now_ms: self.host_time };
        let agreed = consent(&self.secrets, &log.circle(), member);
        let keys = self.secrets.public();
        let made = self.port.with_rng(|rng| author.add_device(keys, false, agreed, rng));
        let proposal = match made {
            Ok(proposal) => proposal,
            // A key that the kit was not given yet.
            Err(BuildError::Key(_) | BuildError::Target | BuildError::TooLong) => return self.later(),
        };
        let (signed, wraps) = (proposal.signed, proposal.wraps);
        self.signed = Some(signed.clone());
        let frames = vec![self.hello(token), Frame::SubmitAccess(SubmitAccess { signed, wraps })];
        self.request(Method::Post, "/v1/sync".into(), Frames(frames).encode(), Step::Adding);
    }

    fn keyring_of(&self, log: &AccessLog, device: DeviceNumber, secrets: &DeviceSecrets) -> Keyring {
        let mut keyring = Keyring::default();
        for wrap in &self.wraps {
            // One that does not open, or holds another key than was agreed on, is as good as missing.
            let _taken = keyring.take_wrap(log, wrap, Party::Device(device), secrets);
        }
        keyring
    }
}
