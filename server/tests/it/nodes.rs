//! Several nodes on one PostgreSQL database.

use kith_protocol::{Role, Stream, message::Frame};
use kith_server::store::Quota;

use super::{
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
