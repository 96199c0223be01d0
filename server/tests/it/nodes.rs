//! Several nodes on one PostgreSQL database.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};

use kith_protocol::{Role, Stream, message::Frame};
use kith_server::store::Quota;
use sqlx::{Connection, PgConnection};

use super::{
    killed::{Acknowledged, STREAMS, Writer},
    store::world,
    support::{
        process::Server,
        stores::{InPostgres, Place, fresh},
    },
};

#[tokio::test]
async fn nodes_on_one_database_see_each_others_writes() {
    let place = fresh::<InPostgres>();
    let one = world(&place).await;
    let two = one.with(place.open(Quota::default()).await);
    let mut hints = two.store.foreign().unwrap();
    let mut ann = one.founder(1).await;
    let mut ben = two.joined(&mut ann, 2, Role::Caregiver).await;
    let written = ann.seal(Stream::Care, "by way of node one");
    assert_eq!(one.sync(&mut ann, vec![Frame::Submit(vec![written])]).await, []);
    assert_eq!(hints.recv().await, Some(ann.circle));
    two.sync(&mut ben, Vec::new()).await;
    let answered = ben.seal(Stream::Care, "by way of node two");
    assert_eq!(two.sync(&mut ben, vec![Frame::Submit(vec![answered])]).await, []);
    one.sync(&mut ann, Vec::new()).await;
    assert_eq!(ann.cursor(Stream::Care).k, 2);
}

#[tokio::test]
async fn a_socket_on_one_node_hears_of_an_entry_taken_by_another() {
    let place = fresh::<InPostgres>();
    let flags = ["--store", &place.url, "--host", "kith.test"];
    let one = Server::start(&flags).answering_to("kith.test");
    let two = Server::start(&flags).answering_to("kith.test");
    let (mut ann, mut ben) = one.circle();
    let mut socket = two.socket().await;
    socket.catch_up(&two, &mut ben).await;
    let written = ann.seal(Stream::Care, "by way of node one");
    one.sync(&mut ann, vec![Frame::Submit(vec![written])]);
    ben.take(socket.hear().await.unwrap());
    assert_eq!(ben.read, [(Stream::Care, "by way of node one".to_owned())]);
    assert_eq!(one.get("/readyz").status, 200);
}

/// The second node hears nothing: the first may not tell it (NOTIFY is forbidden to its role). All it has is its poll.
#[tokio::test]
async fn a_node_that_hears_nothing_catches_up_by_its_poll() {
    let place = fresh::<InPostgres>();
    let mut database = PgConnection::connect(&place.url).await.unwrap();
    let role = "CREATE ROLE mute LOGIN; GRANT ALL ON SCHEMA public TO mute";
    sqlx::raw_sql(role).execute(&mut database).await.unwrap();
    let mute = place.url.replace("user=kith", "user=mute");
    let one = Server::start(&["--store", &mute, "--host", "kith.test"]).answering_to("kith.test");
    let two = Server::start(&["--store", &place.url, "--host", "kith.test", "--poll-seconds", "1"]);
    let two = two.answering_to("kith.test");
    let (mut ann, mut ben) = one.circle();
    let forbid = "REVOKE EXECUTE ON FUNCTION pg_notify(text, text) FROM PUBLIC";
    sqlx::raw_sql(forbid).execute(&mut database).await.unwrap();
    let mut socket = two.socket().await;
    socket.catch_up(&two, &mut ben).await;
    for n in 1..=3 {
        let written = ann.seal(Stream::Care, &n.to_string());
        one.sync(&mut ann, vec![Frame::Submit(vec![written])]);
        while ben.read.len() < n {
            ben.take(socket.hear().await.unwrap());
        }
    }
    assert_eq!(ben.cursor(Stream::Care), ann.cursor(Stream::Care));
    one.signal("-TERM");
    let (_, log, _) = one.ended();
    assert!(log.contains("could not tell the other nodes"), "it was the poll: {log}");
}

/// Four people write without a pause, two on each node; one node is killed, and its two go to the other.
#[tokio::test]
async fn who_was_on_a_node_that_is_killed_goes_on_at_another() {
    let place = InPostgres::make();
    let fast =
        ["--requests-per-second", "1000", "--request-burst", "100000", "--frames-per-second", "100000"];
    let flags = [&["--store", &place.url, "--host", "kith.test"][..], &fast].concat();
    let start = || Server::start(&flags).answering_to("kith.test");
    let (one, two) = (start(), start());
    let (mut ann, ben) = one.circle();
    let cat = one.joined(&mut ann, 3);
    let dan = two.joined(&mut ann, 4);
    let acknowledged = Arc::new(Acknowledged::default());
    let mut tasks = Vec::new();
    for (person, server) in [(ann, &one), (cat, &two), (ben, &one), (dan, &two)] {
        let mut writer = Writer::new(person);
        let socket = writer.come_back(server).await;
        tasks.push(tokio::spawn(writer.write(socket, Arc::clone(&acknowledged))));
    }
    let so_far = async |more| {
        let goal = acknowledged.number.load(Ordering::Relaxed) + more;
        acknowledged.reach(goal).await;
    };
    so_far(60).await;
    one.signal("-KILL");
    let mut moved = Vec::new();
    for at in [2, 0] {
        let mut writer = tasks.remove(at).await.expect("a writer does not fail");
        assert!(!writer.person.acks.is_empty(), "killed in the middle of writing");
        let socket = writer.come_back(&two).await;
        moved.push(tokio::spawn(writer.write(socket, Arc::clone(&acknowledged))));
    }
    so_far(120).await;
    two.signal("-TERM");
    let three = start();
    let mut writers = Vec::new();
    for task in moved.into_iter().chain(tasks) {
        writers.push(task.await.expect("a writer does not fail"));
    }
    for writer in &mut writers {
        writer.come_back(&three).await;
    }
    let held = |writer: &Writer| STREAMS.map(|stream| writer.person.cursor(stream));
    let mut places = BTreeSet::new();
    for writer in &writers {
        assert_eq!(held(writer), held(&writers[0]), "all have the same");
        places.extend(writer.person.acks.iter().map(|ack| (ack.stream, ack.k)));
    }
    let entries: u64 = held(&writers[0]).iter().map(|cursor| cursor.k).sum();
    assert!(entries >= places.len() as u64, "{entries} entries, {} acknowledged places", places.len());
}
