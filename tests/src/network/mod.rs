//! Phones and the real server with a network between them that does what networks do, all from one seed and in
//! virtual time. Start with `world.rs`.

mod cables;
mod clock;
mod eavesdropper;
mod host;
mod liar;
mod lines;
mod mishaps;
mod places;
mod queue;
mod record;
mod requests;
mod server;
mod sockets;
mod traffic;
mod weather;
mod wire;
mod world;

pub use clock::Clock;
pub use eavesdropper::{Eavesdropper, contains};
pub use host::Host;
pub use liar::{Liar, Lie, SealFor};
pub use places::{OTHER_ORIGIN, Place};
pub use record::Record;
pub use server::Server;
pub use traffic::Traffic;
pub use weather::Weather;
pub use wire::Wire;
pub use world::World;
