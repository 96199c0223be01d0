//! Carries a replica's outputs to effects, and the answers back to it.

use super::{devices::Pairing, membership::Membership, state::Model};
use crate::{
    effects::{
        Effect, SocketOperation, SocketOutput, StorageFault, StorageOperation, StorageOutput, StoredPair,
    },
    event::{Asker, Event, HttpAnswered, SocketSpoke, StorageAnswered},
};
use crux_core::Command;
use crux_http::protocol::{HttpHeader, HttpRequest, HttpResult};
use crux_time::{
    TimeRequest,
    protocol::{Instant, TimerId},
};
use kith_replica::{Context, HttpAnswer, Input, Method, Notice, Output, StorageAnswer, StorageError};

/// The serial of the alarm for the first idle moment; a replica's own alarms count from 1.
const IDLE: u64 = 0;
/// When that is, after the first view, in milliseconds.
const IDLE_MS: u64 = 1_000;

type Commands = Vec<Command<Effect, Event>>;

impl Model {
    /// Tells a replica something and carries out what it wants done.
    pub(super) fn tell(&mut self, id: &str, input: Input) -> Commands {
        let mut commands = Commands::new();
        let Some(membership) = self.memberships.get_mut(id) else { return commands };
        let mut context = Context { now_ms: self.now_ms, rng: &mut self.rng };
        let outputs = membership.replica.handle(input, &mut context);
        membership.rows.read_as(membership.roster(), membership.me());
        for output in outputs {
            commands.extend(self.carry_out(id, output));
        }
        self.look_at_access(id);
        commands
    }

    fn carry_out(&mut self, id: &str, output: Output) -> Commands {
        let Some(membership) = self.memberships.get_mut(id) else { return Commands::new() };
        let replica = id.to_owned();
        let command = match output {
            Output::Read { keys } => ask_storage(replica, StorageOperation::Read { keys }),
            Output::Scan { prefix, after, limit } => {
                ask_storage(replica, StorageOperation::Scan { prefix, after, limit })
            }
            Output::Write { puts, deletes } => {
                let puts = puts.into_iter().map(|(key, value)| StoredPair { key, value }).collect();
                ask_storage(replica, StorageOperation::Write { puts, deletes })
            }
            Output::Http { id, method, path, body } => {
                let url = format!("{}{path}", web_origin(&membership.replica.host()));
                ask_http(replica, id, method, url, body)
            }
            Output::SocketOpen { path } => {
                membership.socket += 1;
                let url = format!("{}{path}", socket_origin(&membership.replica.host()));
                open_socket(replica, membership.ordinal, membership.socket, url)
            }
            Output::SocketSend(frame) => {
                let id = socket_id(membership.ordinal, membership.socket);
                Command::notify_shell(SocketOperation::Send { id, frame }).into()
            }
            Output::SocketClose => {
                let id = socket_id(membership.ordinal, membership.socket);
                // Whatever the old socket still says is not heard.
                membership.socket += 1;
                Command::notify_shell(SocketOperation::Close { id }).into()
            }
            Output::WakeAt(at_ms) => {
                membership.alarm += 1;
                wake_at(replica, membership.ordinal, membership.alarm, at_ms)
            }
            Output::Notice(notice) => return self.noticed(&replica, notice),
        };
        vec![command]
    }

    pub(super) fn replica_stored(&mut self, id: &str, output: StorageOutput) -> Commands {
        let answer = match output {
            StorageOutput::Written => Ok(StorageAnswer::Written),
            StorageOutput::Values(values) => {
                Ok(StorageAnswer::Values(values.into_iter().map(|value| value.value).collect()))
            }
            StorageOutput::Pairs(pairs) => {
                Ok(StorageAnswer::Pairs(pairs.into_iter().map(|pair| (pair.key, pair.value)).collect()))
            }
            StorageOutput::Failed(StorageFault::Full) => Err(StorageError::Full),
            StorageOutput::Failed(StorageFault::NotOwner) => Err(StorageError::NotOwner),
            StorageOutput::Failed(StorageFault::Refused) => Err(StorageError::Failed("refused".into())),
            StorageOutput::Failed(StorageFault::Broken) => Err(StorageError::Failed("broken".into())),
        };
        self.tell(id, Input::StorageDone(answer))
    }

    pub(super) fn replica_answered(&mut self, answered: HttpAnswered) -> Commands {
        if answered.replica.is_empty() {
            return self.host_looked_at(&answered);
        }
        let answer = match answered.result {
            HttpResult::Ok(response) => HttpAnswer::Answered { status: response.status, body: response.body },
            HttpResult::Err(_) => HttpAnswer::Failed,
        };
        self.tell(&answered.replica, Input::HttpDone { id: answered.id, answer })
    }

    pub(super) fn socket_spoke(&mut self, spoke: SocketSpoke) -> Commands {
        let current = self.memberships.get(&spoke.replica).map(|membership| membership.socket);
        if current != Some(spoke.serial) {
            return Commands::new();
        }
        let input = match spoke.output {
            SocketOutput::Opened => Input::SocketOpened,
            SocketOutput::Received { frame } => Input::SocketReceived(frame),
            SocketOutput::Closed => Input::SocketClosed,
        };
        self.tell(&spoke.replica, input)
    }

    /// Asks to be woken once a person has had the time to read the first view: then nothing is in anybody's way.
    pub(super) fn await_idle(&mut self, id: &str) -> Commands {
        let Some(membership) = self.memberships.get(id).filter(|membership| membership.reads_care()) else {
            return Commands::new();
        };
        vec![wake_at(id.to_owned(), membership.ordinal, IDLE, self.now_ms.saturating_add(IDLE_MS))]
    }

    pub(super) fn woke(&mut self, replica: &str, serial: u64) -> Commands {
        if serial == IDLE {
            let document = kith_domain::log_document(self.now_ms);
            return self.tell(replica, Input::Prepare { document });
        }
        let current = self.memberships.get(replica).map(|membership| membership.alarm);
        if current == Some(serial) { self.tell(replica, Input::Woke) } else { Commands::new() }
    }

    fn noticed(&mut self, id: &str, notice: Notice) -> Commands {
        match notice {
            Notice::Opened => self.opened(id),
            Notice::Kept { edit } => self.kept(id, edit),
            Notice::NotKept { edit, reason, .. } => self.not_kept(id, edit, &reason),
            Notice::Rows(changes) => {
                if let Some(membership) = self.memberships.get_mut(id) {
                    membership.rows.take_in(changes);
                    membership.learn_names();
                    membership.forget_given_up_kit();
                }
                self.rows_changed(id)
            }
            Notice::Drawer => self.ask_drawer(id),
            Notice::Invitation(shown) => self.invitation_shown(id, shown),
            Notice::LinkUnusable(problem) => self.link_unusable(id, problem),
            Notice::InviteReady { request, invite, link } => self.invite_ready(id, request, &invite, link),
            Notice::Admitted => self.admitted(id),
            Notice::Removed => self.removed(id),
            Notice::Closed => self.circle_closed(id),
            Notice::WishNotKept(reason) => self.wish_not_kept(id, &reason),
            Notice::ActionRefused { action, .. } => self.action_refused(id, action),
            Notice::Gained(_) => self.reload_rows(id),
            Notice::Lost(_) => {
                if let Some(membership) = self.memberships.get_mut(id) {
                    membership.rows.forget();
                }
                self.reload_rows(id)
            }
            Notice::NotFound => self.replica_missing(id),
            Notice::CannotOpen(why) => self.cannot_open(id, why),
            Notice::SetAside { .. } => self.set_aside(),
            // The stream itself is looked at once the input is done; a joiner's name comes behind its entry.
            Notice::Access => {
                if let Some(membership) = self.memberships.get_mut(id) {
                    membership.learn_names();
                }
                Commands::new()
            }
            Notice::Status(_) => Commands::new(),
            Notice::PairingReady { link, expires, .. } => {
                self.pairing_is(id, Pairing::Ready { link, expires })
            }
            Notice::PairingAnswered { words } => self.pairing_is(id, Pairing::Answered { words }),
            Notice::PairingEnded(end) => self.pairing_is(id, Pairing::Ended(end)),
            Notice::PairingWords { words } => self.pairing_words(id, words),
            Notice::KitReady { device, words, link, .. } => self.kit_ready(id, device, words, link),
        }
    }
}

impl Membership {
    /// The shells' number of its current socket.
    pub(super) fn socket_id(&self) -> u64 {
        socket_id(self.ordinal, self.socket)
    }
}

fn ask_storage(replica: String, operation: StorageOperation) -> Command<Effect, Event> {
    Command::request_from_shell(operation).then_send(move |output| {
        Event::StorageAnswered(Box::new(StorageAnswered { to: Asker::Replica(replica.clone()), output }))
    })
}

/// A request; without a replica the answer is for the app itself.
pub(super) fn ask_http(
    replica: String,
    id: u64,
    method: Method,
    url: String,
    body: Vec<u8>,
) -> Command<Effect, Event> {
    let method = match method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let headers = vec![HttpHeader { name: "content-type".into(), value: "application/cbor".into() }];
    let request = HttpRequest { method: method.into(), url, headers, body };
    Command::request_from_shell(request).then_send(move |result| {
        Event::HttpAnswered(Box::new(HttpAnswered { replica: replica.clone(), id, result }))
    })
}

fn open_socket(replica: String, ordinal: u32, serial: u64, url: String) -> Command<Effect, Event> {
    let operation = SocketOperation::Open { id: socket_id(ordinal, serial), url };
    Command::stream_from_shell(operation).then_send(move |output| {
        Event::SocketSpoke(Box::new(SocketSpoke { replica: replica.clone(), serial, output }))
    })
}

fn wake_at(replica: String, ordinal: u32, serial: u64, at_ms: u64) -> Command<Effect, Event> {
    let nanos = u32::try_from(at_ms % 1000).unwrap_or(0) * 1_000_000;
    let id = TimerId(usize::try_from(u64::from(ordinal) << 20 | serial & 0xf_ffff).unwrap_or(0));
    let request = TimeRequest::NotifyAt { id, instant: Instant::new(at_ms / 1000, nanos) };
    Command::request_from_shell(request)
        .then_send(move |_| Event::Woke { replica: Some(replica.clone()), serial })
}

/// One number for a socket over all replicas of this start.
fn socket_id(ordinal: u32, serial: u64) -> u64 {
    u64::from(ordinal) << 32 | serial & 0xffff_ffff
}

/// Hosts on this very machine are reached in the clear; every other only by TLS.
pub fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

pub(super) fn web_origin(host: &str) -> String {
    if is_local(host) { format!("http://{host}") } else { format!("https://{host}") }
}

fn socket_origin(host: &str) -> String {
    if is_local(host) { format!("ws://{host}") } else { format!("wss://{host}") }
}
