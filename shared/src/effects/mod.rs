//! Everything the core asks a shell to do. Each operation has its answer beside it.

mod entropy;
mod platform;
mod socket;
mod storage;

use crux_core::{macros::effect, render::RenderOperation};
use crux_http::protocol::HttpRequest;
use crux_time::TimeRequest;

pub use entropy::{EntropyOperation, EntropyOutput};
pub use platform::{PlatformOperation, PlatformOutput};
pub use socket::{SocketOperation, SocketOutput};
pub use storage::{StorageFault, StorageOperation, StorageOutput, StoredPair, StoredValue};

#[effect(facet_typegen)]
#[derive(Debug)]
pub enum Effect {
    Render(RenderOperation),
    Storage(StorageOperation),
    Entropy(EntropyOperation),
    Time(TimeRequest),
    Http(HttpRequest),
    Socket(SocketOperation),
    Platform(PlatformOperation),
}
