//! Which server answers at which address: circles begin at one, can move to another, and some phones may be shown another
//! history of the first.

use super::{Server, World};
use anyhow::Result;
use kith_protocol::{CircleId, access::AccessLog};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// Where the circles of a world begin.
pub const ORIGIN: &str = "https://kith.test";
/// Where a circle can move to, once somebody runs a server there.
pub const OTHER_ORIGIN: &str = "https://other.test";

/// The server that an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    First,
    Other,
}

impl Place {
    /// By the URL of a request or a socket.
    pub fn of(url: &str) -> Self {
        let host = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
        if host == Self::Other.host() { Self::Other } else { Self::First }
    }

    pub fn origin(self) -> &'static str {
        match self {
            Self::First => ORIGIN,
            Self::Other => OTHER_ORIGIN,
        }
    }

    /// The name that is signed by those who speak to it.
    pub fn host(self) -> &'static str {
        self.origin().strip_prefix("https://").unwrap_or(self.origin())
    }
}

impl World {
    /// The server that a phone reaches at a place. Nobody runs the other one yet: the first answers to both names.
    pub(super) fn server_of(&mut self, phone: usize, place: Place) -> &mut Server {
        match (&mut self.other, &mut self.fork) {
            (Some(other), _) if place == Place::Other => other,
            (_, Some(fork)) if self.around[phone].astray => fork,
            _ => &mut self.server,
        }
    }

    /// Every server that runs.
    pub(super) fn servers(&mut self) -> impl Iterator<Item = &mut Server> {
        [Some(&mut self.server), self.fork.as_mut(), self.other.as_mut()].into_iter().flatten()
    }

    /// The access stream of a circle at the true server: the other one, once the circle has come there.
    pub fn access_log(&self, circle: CircleId) -> Option<AccessLog> {
        let at_other = self.other.as_ref().and_then(|other| other.access_log(circle));
        at_other.or_else(|| self.server.access_log(circle))
    }

    /// Somebody runs a server at the other address from now on, with nothing in it.
    pub fn run_other_server(&mut self) -> Result<()> {
        if self.other.is_none() {
            let seed = ChaCha20Rng::seed_from_u64(self.rng.next_u64()).next_u64();
            self.other = Some(Server::new(&self.clock, seed)?);
        }
        Ok(())
    }
}
