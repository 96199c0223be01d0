//! The engine of one replica: one `async` function that waits for inputs and for storage, and for nothing else.

use crate::keys::Keys;
use crate::listing::Listing;
use crate::port::Port;
use crate::replica::Transport;
use std::sync::Arc;

#[derive(Clone)]
pub(crate) struct Surroundings {
    pub port: Port,
    pub keys: Keys,
    pub listing: Arc<dyn Listing>,
    pub transport: Transport,
}

pub(crate) async fn run(around: Surroundings) {
    loop {
        let _unhandled = around.port.next().await;
    }
}
