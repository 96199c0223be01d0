//! One's own devices: a recovery kit, and what adding one needs besides the entry in the stream.

use kith_protocol::access::consent;
use kith_protocol::by_key::CircleStart;
use kith_protocol::kit::{Kit, KitSeed};

use crate::cbor::{from_bytes, to_bytes};
use crate::engine::member::Member;
use crate::engine::trouble::Trouble;
use crate::output::Notice;
use crate::port::Batch;
use crate::record::{Intent, StoredKit};

impl Member {
    /// Draws a kit's seed and wishes its device. The seed stays in storage until the host has taken the device.
    pub async fn make_kit(&mut self, request: u64) -> Result<(), Trouble> {
        let seed = self.port.with_rng(KitSeed::generate);
        let secrets = seed.secrets(&self.circle);
        let keys = secrets.public();
        let consent = consent(&secrets, &self.circle, self.mine);
        let mut batch = Batch::default();
        batch.put(self.keys.kit(&keys.sign), to_bytes(&StoredKit { request, seed: seed.0 }));
        self.keep_intent(Intent::AddDevice { keys, recovery: true, consent, until: None }, batch).await
    }

    /// Shows the kit whose device stands in the stream now. Only then is its seed forgotten, so that an app that is
    /// closed in between shows it again.
    pub(super) async fn kit_ready(&mut self, sign: &[u8; 32]) -> Result<(), Trouble> {
        let stored = self.port.read_one(self.keys.kit(sign)).await?;
        let Some(StoredKit { request, seed }) = stored.and_then(|bytes| from_bytes(&bytes)) else {
            return Ok(());
        };
        let Some(circle) = CircleStart::new(&self.circle.prefix().0) else { return Ok(()) };
        let kit = Kit { host: self.host.clone(), seed: KitSeed(seed), circle };
        let words = kit.words(self.log.language());
        self.port.notice(Notice::KitReady { request, words, link: kit.url() });
        Ok(())
    }

    /// What is stored beside a wish goes with it.
    pub(super) fn forget_with(&self, intent: &Intent, batch: &mut Batch) {
        if let Intent::AddDevice { keys, recovery: true, .. } = intent {
            batch.delete(self.keys.kit(&keys.sign));
        }
    }

    pub(super) fn refuse_action(&self, action: &'static str, reason: &str) {
        self.port.notice(Notice::ActionRefused { action, reason: reason.to_owned() });
    }
}
