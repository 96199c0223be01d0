//! Founding a circle, which works offline: keys and the Found entry are stored before anything is sent.

use kith_protocol::DeviceSecrets;
use kith_protocol::access::{AccessLog, found as found_circle};
use kith_protocol::keyring::Keyring;

use crate::cbor::to_bytes;
use crate::engine::run::Surroundings;
use crate::engine::trouble::Trouble;
use crate::input::Founding;
use crate::port::Batch;
use crate::record::{STATE_VERSION, StoredStage, StoredState};
use crate::settings_change::SettingsChange;
use crate::wish_record::Intent;

/// Writes everything that a new circle is into storage, in one batch.
pub(crate) async fn found(around: &Surroundings, founding: &Founding, now: u64) -> Result<(), Trouble> {
    let made = around.port.with_rng(|rng| {
        let secrets = DeviceSecrets::generate(rng);
        found_circle(&secrets, founding.language, None, rng).map(|made| (secrets, made))
    });
    let (secrets, made) = made.map_err(|_| Trouble::Damaged("a key that was just made"))?;
    let log =
        AccessLog::found(&made.signed, now).map_err(|_| Trouble::Damaged("an entry that was just made"))?;
    let mut keyring = Keyring::default();
    for (stream, key) in made.keys {
        // A key always matches the commitment that was made of it.
        let _matches = keyring.insert(&log, stream, 1, key);
    }
    let keys = &around.keys;
    let mut batch = Batch::default();
    let stage = StoredStage::Founded { signed: made.signed, wraps: made.wraps, at: now };
    let stored = StoredState { version: STATE_VERSION, host: founding.host.clone(), stage };
    batch.put(keys.state(), to_bytes(&stored));
    batch.put(keys.device(), secrets.to_bytes().to_vec());
    batch.put(keys.keyring(), keyring.to_bytes().to_vec());
    if founding.caregivers_invite {
        let change = SettingsChange { caregivers_invite: Some(true), heir: None };
        batch.put(keys.intent(1), to_bytes(&Intent::ChangeSettings(change)));
    }
    Ok(around.port.write(batch).await?)
}
