//! A server that is killed again and again while people write: what it acknowledged is there afterwards, in its place.
//!
//! A few rounds belong to every run of the tests; `KITH_KILLS=1000` asks for more.

use std::sync::{Arc, atomic::AtomicU64, atomic::Ordering};

use kith_protocol::{Stream, envelope::SealedEnvelope, message::Frame};
use rand_core::Rng;
use tokio::sync::Notify;

use crate::support::{
    Person,
    process::{Server, Socket},
    stores::{InPostgres, Place},
};

/// So many envelopes of one person's are on their way at once.
const WINDOW: usize = 8;
/// Every writer writes to these in turn.
pub const STREAMS: [Stream; 2] = [Stream::Care, Stream::Commons];

/// Somebody who writes without a pause, and sends again what was not acknowledged.
pub struct Writer {
    pub person: Person,
    /// Sealed and not acknowledged, oldest first.
    outbox: Vec<(Stream, u64, SealedEnvelope)>,
    /// Acknowledgements that were looked at.
    checked: usize,
}

/// How many acknowledgements all have had since the start, and when to look at that number again.
#[derive(Default)]
pub struct Acknowledged {
    pub number: AtomicU64,
    more: Notify,
}

impl Acknowledged {
    /// Waits until so many have come.
    pub async fn reach(&self, goal: u64) {
        while self.number.load(Ordering::Relaxed) < goal {
            self.more.notified().await;
        }
    }
}

impl Writer {
    pub fn new(mut person: Person) -> Self {
        // The session of a used invitation ends when its one use is over.
        person.refused.clear();
        Self { person, outbox: Vec::new(), checked: 0 }
    }

    /// Reads on, and holds the server to every acknowledgement that it gave before it was killed.
    pub async fn come_back(&mut self, server: &Server) -> Socket {
        let mut socket = server.socket().await;
        socket.catch_up(server, &mut self.person).await;
        while let Some(cursor) = self.person.more.pop() {
            socket.say(&Frame::More(vec![cursor])).await;
            let before = self.person.cursor(cursor.stream).k;
            while self.person.cursor(cursor.stream).k == before {
                self.person.take(socket.hear().await.unwrap());
            }
        }
        assert!(!self.person.waiting, "the server knows less than it showed before");
        for ack in &self.person.acks[self.checked..] {
            let there = self.person.chain_at(ack.stream, ack.k);
            assert_eq!(there, Some(ack.chain), "{ack:?} is not in its place");
        }
        self.checked = self.person.acks.len();
        socket
    }

    /// Writes until the server is gone.
    pub async fn write(mut self, mut socket: Socket, acknowledged: Arc<Acknowledged>) -> Self {
        for (_, _, envelope) in &self.outbox {
            if !socket.try_say(&Frame::Submit(vec![envelope.clone()])).await {
                return self;
            }
        }
        for at in 0_usize.. {
            while self.outbox.len() < WINDOW {
                let stream = STREAMS[at % STREAMS.len()];
                let envelope = self.person.seal(stream, "kept");
                let number = self.person.sealed[&stream];
                self.outbox.push((stream, number, envelope.clone()));
                if !socket.try_say(&Frame::Submit(vec![envelope])).await {
                    return self;
                }
            }
            let Some(frame) = socket.try_hear().await else { return self };
            let before = self.person.acks.len();
            self.person.take(frame);
            for ack in &self.person.acks[before..] {
                self.outbox.retain(|(stream, number, _)| (*stream, *number) != (ack.stream, ack.device_seq));
                acknowledged.number.fetch_add(1, Ordering::Relaxed);
                acknowledged.more.notify_one();
            }
            assert_eq!(self.person.refused, []);
        }
        self
    }
}

async fn kill_again_and_again(store: &str, few: u64) {
    let rounds = std::env::var("KITH_KILLS").map_or(few, |kills| kills.parse().expect("a number"));
    let flags = [
        "--store",
        store,
        "--requests-per-second",
        "1000",
        "--request-burst",
        "100000",
        "--frames-per-second",
        "100000",
        "--circle-quota-mib",
        "4096",
    ];
    let mut server = Server::start(&flags);
    let (ann, ben) = server.circle();
    let mut writers = vec![Writer::new(ann), Writer::new(ben)];
    let mut dice = writers[0].person.rng.clone();
    let acknowledged = Arc::new(Acknowledged::default());
    for _ in 0..rounds {
        let goal = acknowledged.number.load(Ordering::Relaxed) + 1 + dice.next_u64() % 40;
        let mut tasks = Vec::new();
        for mut writer in writers {
            let socket = writer.come_back(&server).await;
            tasks.push(tokio::spawn(writer.write(socket, Arc::clone(&acknowledged))));
        }
        acknowledged.reach(goal).await;
        server.signal("-KILL");
        let (_, _, folder) = server.ended();
        writers = Vec::new();
        for task in tasks {
            writers.push(task.await.expect("a writer does not fail"));
        }
        server = Server::start_in(folder, &flags);
    }
    for writer in &mut writers {
        writer.come_back(&server).await;
    }
    let kept = acknowledged.number.load(Ordering::Relaxed);
    println!("{rounds} kills, {kept} acknowledged entries, none lost");
    assert!(kept >= rounds, "{kept}");
    let held = |writer: &Writer| STREAMS.map(|stream| writer.person.cursor(stream));
    writers[0].come_back(&server).await;
    assert_eq!(held(&writers[0]), held(&writers[1]));
}

#[tokio::test]
async fn killed_under_load_sqlite_loses_nothing_it_acknowledged() {
    kill_again_and_again("sqlite:kith.db", 8).await;
}

#[tokio::test]
async fn killed_under_load_a_node_on_postgres_loses_nothing_it_acknowledged() {
    let place = InPostgres::make();
    kill_again_and_again(&place.url, 4).await;
}
