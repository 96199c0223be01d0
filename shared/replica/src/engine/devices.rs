//! One's own devices: a recovery kit, and what adding one needs besides the entry in the stream.

use kith_protocol::DeviceNumber;
use kith_protocol::access::consent;
use kith_protocol::by_key::CircleStart;
use kith_protocol::kit::{Kit, KitSeed};

use crate::cbor::{from_bytes, to_bytes};
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::output::Notice;
use crate::port::Batch;
use crate::record::StoredKit;
use crate::wish_record::Intent;

impl Member {
    /// Draws a kit's seed and wishes its device. The seed stays in storage until its words were checked.
    pub async fn make_kit(&mut self, request: u64) -> Result<(), Trouble> {
        let seed = self.port.with_rng(KitSeed::generate);
        let secrets = seed.secrets(&self.circle);
        let keys = secrets.public();
        let consent = consent(&secrets, &self.circle, self.mine);
        let mut batch = Batch::default();
        batch.put(self.keys.kit(&keys.sign), to_bytes(&StoredKit { request, seed: seed.0 }));
        self.keep_intent(Intent::AddDevice { keys, recovery: true, consent, until: None }, batch).await
    }

    /// Shows the kit of this device, which stands in the stream, if its words were not checked yet.
    pub(super) async fn kit_ready(&mut self, device: DeviceNumber) -> Result<(), Trouble> {
        let Some(sign) = self.log.device(device).map(|device| device.public.sign) else { return Ok(()) };
        let stored = self.port.read_one(self.keys.kit(&sign)).await?;
        let Some(StoredKit { request, seed }) = stored.and_then(|bytes| from_bytes(&bytes)) else {
            return Ok(());
        };
        let Some(circle) = CircleStart::new(&self.circle.prefix().0) else { return Ok(()) };
        let kit = Kit { host: self.host.clone(), seed: KitSeed(seed), circle };
        let words = kit.words(self.log.language());
        self.port.notice(Notice::KitReady { request, device, words, link: kit.url() });
        Ok(())
    }

    /// Kits that stand though perhaps nobody has their words: the app was closed before they were written down.
    pub(super) async fn tell_kits(&mut self) -> Result<(), Trouble> {
        let standing = self.log.devices_of(self.mine).filter(|device| device.recovery && device.active());
        let standing: Vec<_> = standing.map(|device| device.number).collect();
        for device in standing {
            self.kit_ready(device).await?;
        }
        Ok(())
    }

    /// The words are on paper: the seed is forgotten here.
    pub async fn kit_kept(&mut self, device: DeviceNumber) -> Result<(), Trouble> {
        let mut batch = Batch::default();
        self.forget_seed(device, &mut batch);
        self.write(batch).await
    }

    fn forget_seed(&self, device: DeviceNumber, batch: &mut Batch) {
        if let Some(device) = self.log.device(device).filter(|device| device.recovery) {
            batch.delete(self.keys.kit(&device.public.sign));
        }
    }

    /// What is stored beside a wish goes with it.
    pub(super) fn forget_with(&self, intent: &Intent, batch: &mut Batch) {
        match intent {
            // Its words are still to be checked once it stands.
            Intent::AddDevice { keys, recovery: true, .. }
                if self.log.device_by_key(&keys.sign).is_none() =>
            {
                batch.delete(self.keys.kit(&keys.sign));
            }
            Intent::RevokeDevice(device) if self.shows(intent) => self.forget_seed(*device, batch),
            _ => {}
        }
    }

    pub(super) fn refuse_action(&self, action: &'static str, reason: &str) {
        self.port.notice(Notice::ActionRefused { action, reason: reason.to_owned() });
    }
}
