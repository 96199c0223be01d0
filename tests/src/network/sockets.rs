//! The server's side of open sockets: what its connection loop does, without a runtime.

use super::server::Runner;
use futures::FutureExt;
use kith_server::{
    AppState,
    sync::{Effect, Follower, Heard, Input, PageLimits, Session, drive},
};
use std::collections::{BTreeMap, VecDeque};

/// A socket and what its session hears.
struct Line {
    session: Session,
    follower: Option<Follower>,
}

#[derive(Default)]
pub struct Sockets {
    lines: BTreeMap<u64, Line>,
    /// What goes out, in order; `None` closes the socket.
    out: VecDeque<(u64, Option<Vec<u8>>)>,
}

impl Sockets {
    pub fn connect(&mut self, state: &AppState, cable: u64, host: &str) {
        let limits = PageLimits::new(state.config.limits.page_entries, state.config.limits.page_bytes);
        self.lines.insert(cable, Line { session: Session::new(host, limits), follower: None });
    }

    pub fn gone(&mut self, cable: u64) {
        self.lines.remove(&cable);
    }

    pub fn frame(&mut self, runner: &Runner, state: &AppState, cable: u64, frame: &[u8]) {
        self.input(runner, state, cable, Input::Received(frame.to_vec().into()));
    }

    /// Lets every session hear what the others brought, until there is nothing new.
    pub fn spread(&mut self, runner: &Runner, state: &AppState) {
        loop {
            let heard: Vec<(u64, Heard)> = self
                .lines
                .iter_mut()
                .filter_map(|(cable, line)| Some((*cable, line.follower.as_mut()?.hear().now_or_never()?)))
                .collect();
            if heard.is_empty() {
                return;
            }
            for (cable, heard) in heard {
                let input = match heard {
                    Heard::News(news) => Input::News(news),
                    Heard::Missed => Input::Missed,
                };
                self.input(runner, state, cable, input);
            }
        }
    }

    pub fn take(&mut self) -> impl Iterator<Item = (u64, Option<Vec<u8>>)> {
        std::mem::take(&mut self.out).into_iter()
    }

    fn input(&mut self, runner: &Runner, state: &AppState, cable: u64, input: Input) {
        let Some(Line { session, follower }) = self.lines.get_mut(&cable) else { return };
        let follow = |circle| *follower = Some(state.hub.follow(circle));
        let effects = runner.run(drive(state.store.as_ref(), session, input, state.now_ms(), follow));
        for effect in effects {
            match effect {
                Effect::Send(bytes) => self.out.push_back((cable, Some(bytes.to_vec()))),
                Effect::Publish(news) => state.hub.publish(news),
                Effect::Follow(_) => {}
                Effect::Close => {
                    self.out.push_back((cable, None));
                    self.lines.remove(&cable);
                }
            }
        }
    }
}
