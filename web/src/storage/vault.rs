//! Secrets at rest: AES-GCM under a key that the browser keeps and never hands out (ADR 0003, ADR 0060).
//!
//! A sealed value is a random 12-byte IV and the ciphertext with its tag; the storage key is authenticated with it,
//! so that a value cannot be moved to another place.

use super::database::Database;
use crate::page;
use js_sys::{Array, Uint8Array};
use shared::effects::StorageFault;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, AesKeyGenParams, CryptoKey, SubtleCrypto};

const KEY: &str = "seal";
const IV: usize = 12;
const SECRET: &[u8] = b"secret/";

pub struct Vault {
    key: CryptoKey,
}

/// Must the value under this key be sealed?
pub fn is_secret(key: &[u8]) -> bool {
    key.starts_with(SECRET)
}

impl Vault {
    /// The key of this database, made on the first start.
    pub async fn open(database: &Database) -> Result<Self, StorageFault> {
        if let Ok(key) = database.vault_get(KEY).await?.dyn_into() {
            return Ok(Self { key });
        }
        let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
        let params = AesKeyGenParams::new("AES-GCM", 256);
        let made =
            subtle()?.generate_key_with_object(&params, false, &usages).map_err(|_| StorageFault::Refused)?;
        let key = JsFuture::from(made).await.map_err(|_| StorageFault::Refused)?;
        database.vault_add(KEY, &key).await?;
        Ok(Self { key: key.unchecked_into() })
    }

    pub async fn seal(&self, key: &[u8], value: &[u8]) -> Result<Vec<u8>, StorageFault> {
        let mut iv = [0; IV];
        let crypto = page::window().crypto().map_err(|_| StorageFault::Refused)?;
        crypto.get_random_values_with_u8_array(&mut iv).map_err(|_| StorageFault::Broken)?;
        let sealing = subtle()?
            .encrypt_with_object_and_u8_array(&params(&iv, key), &self.key, value)
            .map_err(|_| StorageFault::Broken)?;
        let sealed = Uint8Array::new(&JsFuture::from(sealing).await.map_err(|_| StorageFault::Broken)?);
        Ok([iv.as_slice(), &sealed.to_vec()].concat())
    }

    /// `Broken` when the bytes are not ours, or not of this place.
    pub async fn open_value(&self, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StorageFault> {
        let (iv, ciphertext) = sealed.split_at_checked(IV).ok_or(StorageFault::Broken)?;
        let opening = subtle()?
            .decrypt_with_object_and_u8_array(&params(iv, key), &self.key, ciphertext)
            .map_err(|_| StorageFault::Broken)?;
        let opened = JsFuture::from(opening).await.map_err(|_| StorageFault::Broken)?;
        Ok(Uint8Array::new(&opened).to_vec())
    }
}

fn params(iv: &[u8], key: &[u8]) -> AesGcmParams {
    let params = AesGcmParams::new_with_u8_array("AES-GCM", &Uint8Array::from(iv));
    params.set_additional_data_u8_array(&Uint8Array::from(key));
    params
}

/// Missing on pages that were not loaded safely (plain http from another machine).
fn subtle() -> Result<SubtleCrypto, StorageFault> {
    let crypto = page::window().crypto().map_err(|_| StorageFault::Refused)?;
    page::get(&crypto, "subtle").dyn_into().map_err(|_| StorageFault::Refused)
}
