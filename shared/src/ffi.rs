//! The boundary to Swift and Kotlin, and the only file that knows the bindings: update, resolve, view.
//!
//! Values cross as bincode; their types are generated from the core's. Errors are typed, and nothing panics.

use crate::app::Kith;
use crux_core::{
    Core,
    bridge::{Bridge, BridgeError, EffectId},
};

/// What a shell did wrong. The core's state is as it was before the call.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum CoreError {
    #[error("the event cannot be read: {detail}")]
    BadEvent { detail: String },
    #[error("the answer to effect {id} cannot be read, or nobody asked: {detail}")]
    BadAnswer { id: u32, detail: String },
    #[error("the view cannot be written: {detail}")]
    BadView { detail: String },
}

/// One core. Thread-safe.
#[derive(uniffi::Object)]
pub struct CoreFfi {
    bridge: Bridge<Kith>,
}

#[uniffi::export]
impl CoreFfi {
    #[uniffi::constructor]
    pub fn new() -> Self {
        Self { bridge: Bridge::new(Core::new()) }
    }

    /// Takes an `Event`, gives the `Requests` it led to.
    pub fn update(&self, event: &[u8]) -> Result<Vec<u8>, CoreError> {
        let mut requests = Vec::new();
        self.bridge
            .update(event, &mut requests)
            .map_err(|error| CoreError::BadEvent { detail: error.to_string() })?;
        Ok(requests)
    }

    /// Takes the answer to the request `id`, gives the further `Requests` it led to.
    pub fn resolve(&self, id: u32, output: &[u8]) -> Result<Vec<u8>, CoreError> {
        let mut requests = Vec::new();
        self.bridge
            .resolve(EffectId(id), output, &mut requests)
            .map_err(|error: BridgeError| CoreError::BadAnswer { id, detail: error.to_string() })?;
        Ok(requests)
    }

    /// The `ViewModel` as it is now.
    pub fn view(&self) -> Result<Vec<u8>, CoreError> {
        let mut view = Vec::new();
        self.bridge.view(&mut view).map_err(|error| CoreError::BadView { detail: error.to_string() })?;
        Ok(view)
    }
}

impl Default for CoreFfi {
    fn default() -> Self {
        Self::new()
    }
}
