//! What befalls a server and the storage of phones: backups, other histories, copies.

use super::{Place, Server, World};
use crate::phone::{Pairs, Phone};
use anyhow::{Context, Result};
use crux_http::protocol::{HttpRequest, HttpResponse};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

impl World {
    /// The operator makes a backup.
    pub fn back_up_server(&mut self) {
        self.backup = self.server.copy();
    }

    /// The server comes up again from the backup, marked as restored or not; everybody must dial anew.
    pub fn restore_server(&mut self, marked: bool) -> Result<()> {
        let server = self.backup.as_ref().and_then(Server::copy).context("no backup")?;
        if marked {
            server.mark_restored()?;
        }
        self.fork = None;
        self.server = server;
        self.everybody_dials_anew();
        Ok(())
    }

    /// From now on these phones are shown another history than the rest.
    pub fn fork_server(&mut self, astray: impl Fn(usize) -> bool) {
        self.fork = self.server.copy();
        for (phone, around) in self.around.iter_mut().enumerate() {
            around.astray = astray(phone);
        }
        self.everybody_dials_anew();
    }

    /// Everybody is shown the first history again. Gives whether there was another.
    pub fn join_histories(&mut self) -> bool {
        let was = self.fork.take().is_some();
        if was {
            for around in &mut self.around {
                around.astray = false;
            }
            self.everybody_dials_anew();
        }
        was
    }

    fn everybody_dials_anew(&mut self) {
        for phone in 0..self.phones.len() {
            self.dial_anew(phone);
        }
    }

    /// A phone's sockets break; what was on its way is lost.
    pub fn dial_anew(&mut self, phone: usize) {
        for cable in self.cables.of(phone) {
            self.unplug(cable, true);
        }
    }

    /// Says a frame to a phone that the server never said. Without a socket it comes with the next answer.
    pub fn plant(&mut self, phone: usize, frame: Vec<u8>) {
        match self.cables.of(phone).last() {
            Some(cable) => self.send_frame_down(*cable, frame),
            None => self.liar.keep_for_answer(phone, frame),
        }
    }

    /// Asks a true server something that no phone asks.
    pub fn ask_server(&mut self, request: &HttpRequest) -> Result<HttpResponse> {
        self.record.hear_request(&request.url, &request.body);
        let server = match (Place::of(&request.url), &mut self.other) {
            (Place::Other, Some(other)) => other,
            _ => &mut self.server,
        };
        let response = server.http(request)?;
        self.record.hear_answer(&request.url, &response.body);
        self.deliver();
        Ok(response)
    }

    /// Another phone is set up from a copy of this one's storage, as it is at this moment. Gives its number.
    pub fn copy_phone(&mut self, phone: usize) -> usize {
        let entropy = ChaCha20Rng::seed_from_u64(self.rng.next_u64());
        let copy: Phone = self.phones[phone].copy(entropy);
        let number = self.put_on(copy);
        self.around[number].astray = self.around[phone].astray;
        number
    }

    /// The phone's storage is what it was once, and the app is opened on it.
    pub fn restore_phone(&mut self, phone: usize, pairs: Pairs) {
        self.stop(phone);
        self.phones[phone].disk.replace(pairs);
        self.start(phone);
    }
}
