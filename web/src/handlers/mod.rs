//! One small file an effect. Each takes an operation and gives its answer; only this one knows requests.

mod entropy;
mod http;
mod platform;
mod socket;
mod time;

use crate::{bridge::answer, storage::Storage};
use shared::{
    Effect,
    effects::{StorageFault, StorageOutput},
};
use wasm_bindgen_futures::spawn_local;

/// What the handlers keep between effects.
pub struct Handlers {
    /// Why there is none: another tab owns it, or the browser stores nothing for us.
    storage: Result<Storage, StorageFault>,
    timers: time::Timers,
    sockets: socket::Sockets,
}

impl Handlers {
    pub fn new(storage: Result<Storage, StorageFault>) -> Self {
        Self { storage, timers: time::Timers::default(), sockets: socket::Sockets::default() }
    }
}

/// Carries an effect out. Effects of a batch run at the same time; storage keeps their order.
pub fn run(handlers: &Handlers, effect: Effect) {
    match effect {
        // The bridge draws.
        Effect::Render(_) => {}
        Effect::Storage(request) => match &handlers.storage {
            Ok(storage) => storage.push(request),
            Err(fault) => answer(request, StorageOutput::Failed(*fault)),
        },
        Effect::Entropy(request) => {
            let output = entropy::run(&request.operation);
            answer(request, output);
        }
        Effect::Time(request) => handlers.timers.run(request),
        Effect::Http(request) => spawn_local(async {
            let output = http::run(&request.operation).await;
            answer(request, output);
        }),
        Effect::Socket(request) => handlers.sockets.run(request),
        Effect::Platform(request) => spawn_local(async {
            let output = platform::run(&request.operation).await;
            answer(request, output);
        }),
    }
}
