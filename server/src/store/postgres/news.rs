//! What nodes tell each other: which circles changed. Told after the commit, together, once a twentieth of a second.

use std::{
    collections::BTreeSet,
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kith_protocol::CircleId;
use sqlx::{PgPool, postgres::PgListener};
use tokio::{sync::mpsc, task::JoinHandle, time::sleep};

use crate::store::StoreError;

const CHANNEL: &str = "kith";
/// How long news is gathered before it is told.
const GATHER: Duration = Duration::from_millis(50);
/// Ids in one NOTIFY, whose payload is at most 8,000 bytes: a sender's process id, then 64 hex digits an id.
const IDS: usize = 100;
/// Ids that wait to be handed on; past it they are dropped, and found by polling.
const WAITING: usize = 4096;

/// Tells and hears.
#[derive(Debug)]
pub(super) struct News {
    own: mpsc::Sender<CircleId>,
    foreign: Mutex<Option<mpsc::Receiver<CircleId>>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl News {
    /// Starts telling and listening. A node knows its own notices by a random name.
    pub(super) async fn start(pool: PgPool) -> Result<Self, StoreError> {
        let name: String =
            sqlx::query_scalar("SELECT replace(gen_random_uuid()::text, '-', '')").fetch_one(&pool).await?;
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        let (own, gather) = mpsc::channel(WAITING);
        let (hand_on, foreign) = mpsc::channel(WAITING);
        let tasks =
            vec![tokio::spawn(tell(pool, name.clone(), gather)), tokio::spawn(hear(listener, name, hand_on))];
        Ok(Self { own, foreign: Mutex::new(Some(foreign)), tasks: Mutex::new(tasks) })
    }

    /// These circles were changed by this node.
    pub(super) fn tell(&self, circles: impl Iterator<Item = CircleId>) {
        for circle in circles {
            // A full queue loses a hint; the other nodes poll.
            let _ = self.own.try_send(circle);
        }
    }

    pub(super) fn take_foreign(&self) -> Option<mpsc::Receiver<CircleId>> {
        self.foreign.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) async fn stop(&self) {
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            task.abort();
            let _ = task.await;
        }
    }
}

async fn tell(pool: PgPool, name: String, mut gather: mpsc::Receiver<CircleId>) {
    let mut circles = BTreeSet::new();
    let mut received = Vec::new();
    while gather.recv_many(&mut received, WAITING).await > 0 {
        sleep(GATHER).await;
        while let Ok(more) = gather.try_recv() {
            received.push(more);
        }
        circles.extend(received.drain(..));
        let all: Vec<_> = std::mem::take(&mut circles).into_iter().collect();
        for some in all.chunks(IDS) {
            let payload = write_payload(&name, some);
            let told =
                sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(&pool).await;
            if let Err(error) = told {
                tracing::warn!(%error, "could not tell the other nodes; they will poll");
            }
        }
    }
}

async fn hear(mut listener: PgListener, name: String, hand_on: mpsc::Sender<CircleId>) {
    loop {
        match listener.recv().await {
            Ok(notice) => {
                for circle in read_payload(&name, notice.payload()) {
                    let _ = hand_on.try_send(circle);
                }
            }
            Err(error) => {
                // It connects again by itself at the next call.
                tracing::warn!(%error, "lost the connection that hears of other nodes");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn write_payload(name: &str, circles: &[CircleId]) -> String {
    let mut payload = String::from(name);
    for circle in circles {
        payload.push(' ');
        for byte in circle.0 {
            let _ = write!(payload, "{byte:02x}");
        }
    }
    payload
}

/// The circles of a notice, unless this node sent it. What is no id is left out: a notice is a hint.
fn read_payload(name: &str, payload: &str) -> Vec<CircleId> {
    let mut words = payload.split(' ');
    if words.next() == Some(name) { Vec::new() } else { words.filter_map(read_id).collect() }
}

fn read_id(word: &str) -> Option<CircleId> {
    let mut id = [0; 32];
    if word.len() != 64 || !word.is_ascii() {
        return None;
    }
    for (byte, digits) in id.iter_mut().zip(word.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(CircleId(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_read_by_others_only_and_fits() {
        let circles: Vec<_> = (0..IDS).map(|n| CircleId([u8::try_from(n).unwrap(); 32])).collect();
        let payload = write_payload(&"f".repeat(32), &circles);
        assert!(payload.len() < 8000);
        assert_eq!(read_payload("other", &payload), circles);
        assert!(read_payload(&"f".repeat(32), &payload).is_empty());
        assert!(read_payload("other", "junk zz é 12").is_empty());
    }
}
