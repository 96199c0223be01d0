//! Sockets between phones and the server, frame by frame.

use super::{Place, Server, World, queue::Due, traffic::length, weather::chance};
use crate::cpu;
use shared::effects::SocketOutput;

impl World {
    pub(super) fn open_socket(&mut self, phone: usize, socket: u64, place: Place) {
        let cable = self.cables.lay(phone, socket, place);
        let refused = self.around[phone].cut_off || chance(&mut self.rng, self.weather.refused);
        let at = self.clock.now() + self.weather.delay(&mut self.rng);
        let due = if refused { Due::Unplugged { cable } } else { Due::Connect { cable } };
        self.queue.push(at, due);
    }

    pub(super) fn send_frame(&mut self, phone: usize, socket: u64, frame: Vec<u8>) {
        let Some(cable) = self.cables.find(phone, socket) else { return };
        let traffic = &mut self.around[phone].traffic;
        traffic.frames += 1;
        traffic.bytes_up += length(&frame);
        self.spy.listen("a frame to the server", &frame);
        if chance(&mut self.rng, self.weather.cut) {
            return self.unplug(cable, true);
        }
        let at = self.cables.up(cable, self.clock.now() + self.weather.delay(&mut self.rng));
        self.queue.push(at, Due::Up { cable, frame });
    }

    pub(super) fn connect(&mut self, cable: u64) {
        let Some(laid) = self.cables.get(cable) else { return };
        self.server_of(laid.phone, laid.place).connect(cable, laid.place.host());
        let at = self.cables.down(cable, self.clock.now() + self.weather.delay(&mut self.rng));
        self.queue.push(at, Due::Connected { cable });
    }

    pub(super) fn frame_up(&mut self, cable: u64, frame: &[u8]) {
        if let Some(laid) = self.cables.get(cable) {
            self.record.hear_frame(frame);
            let before = cpu::of_process();
            let server = self.server_of(laid.phone, laid.place);
            server.frame(cable, frame);
            let out = server.take_frames();
            self.server_cpu += cpu::of_process().saturating_sub(before);
            self.send_down(out);
        }
    }

    pub(super) fn frame_down(&mut self, cable: u64, frame: Vec<u8>) {
        let Some(laid) = self.cables.get(cable) else { return };
        self.around[laid.phone].traffic.bytes_down += length(&frame);
        self.say(cable, SocketOutput::Received { frame });
    }

    /// Sends off what the server has for its sockets.
    pub(super) fn deliver(&mut self) {
        let out: Vec<_> = self.servers().flat_map(Server::take_frames).collect();
        self.send_down(out);
    }

    fn send_down(&mut self, out: Vec<(u64, Option<Vec<u8>>)>) {
        for (cable, frame) in out {
            if let Some(frame) = &frame {
                self.record.hear_frame(frame);
            }
            let Some(laid) = self.cables.get(cable) else { continue };
            let Some(frame) = frame else {
                let at = self.cables.down(cable, self.clock.now() + self.weather.delay(&mut self.rng));
                self.queue.push(at, Due::Unplugged { cable });
                continue;
            };
            for frame in self.liar.bend_frame(laid.phone, frame) {
                self.send_frame_down(cable, frame);
            }
        }
    }

    pub(super) fn send_frame_down(&mut self, cable: u64, frame: Vec<u8>) {
        if self.cables.get(cable).is_none() {
            return;
        }
        self.spy.listen("a frame from the server", &frame);
        if chance(&mut self.rng, self.weather.cut) {
            return self.unplug(cable, true);
        }
        let at = self.cables.down(cable, self.clock.now() + self.weather.delay(&mut self.rng));
        self.queue.push(at, Due::Down { cable, frame });
    }

    /// A socket ends; what is on its way in it is lost. Both sides learn it, the phone only if it is still there.
    pub(super) fn unplug(&mut self, cable: u64, phone_learns: bool) {
        let now = self.clock.now();
        self.queue.cancel(|due| {
            matches!(due,
                Due::Connect { cable: of } | Due::Connected { cable: of } | Due::Unplugged { cable: of }
                | Due::Up { cable: of, .. } | Due::Down { cable: of, .. } if *of == cable)
        });
        if phone_learns {
            self.queue.push(now + 1, Due::Unplugged { cable });
        } else {
            self.cables.cut(cable);
        }
        let at = now + self.weather.delay(&mut self.rng);
        self.queue.push(at, Due::Gone { cable });
    }

    pub(super) fn say(&mut self, cable: u64, output: SocketOutput) {
        if let Some(laid) = self.cables.get(cable) {
            self.with_phone(laid.phone, |phone| phone.socket_says(laid.socket, output));
        }
    }
}
