//! A closed circle stays as headers, hashes and chain for 30 days; then nothing of it is left, on every store.

use kith_protocol::{PairingId, Refusal, Role, Stream, access::Action, mailbox::PairingOpen, message::Frame};
use kith_server::{ApiError, store::Work};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    store::{on_every_store, world},
    support::{
        Person, World,
        process::Server,
        stores::{InPostgres, Place, fresh},
    },
};

on_every_store![
    it_goes_wholly_after_thirty_days_and_no_other_does,
    a_large_one_is_unknown_from_its_first_part_on,
];

const DAY: u64 = 86_400_000;

/// Announces, waits, closes.
async fn close(world: &World, ann: &mut Person) {
    let at = world.now() + 8 * DAY;
    let announce = ann.act(world.now(), |author, rng| author.propose(Action::Closing(Some(at)), rng));
    world.submit(ann, announce).await;
    world.pass(8 * DAY);
    let close = ann.act(world.now(), |author, rng| author.propose(Action::Close, rng));
    world.submit(ann, close).await;
}

/// One part; whether there may be more.
pub async fn forget(world: &World) -> bool {
    let closed_before = world.now() - 30 * DAY;
    world.store.perform(Work::Forget { closed_before }, world.now()).await.unwrap().changed
}

async fn it_goes_wholly_after_thirty_days_and_no_other_does(place: impl Place) {
    let world = world(&place).await;
    let (mut ann, submitted) = Person::founder(1);
    world.post_found(&submitted).await.unwrap();
    world.sync(&mut ann, Vec::new()).await;
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    let cat = world.founder(3).await;
    let written = ann.seal(Stream::Care, "and then it was over");
    world.sync(&mut ann, vec![Frame::Submit(vec![written])]).await;
    close(&world, &mut ann).await;
    let body = |token| PairingOpen { token, id: PairingId([9; 16]), lasts_ms: 600_000 }.encode();
    let token = world.token(&ann).await.unwrap();
    world.service().open_pairing(&body(token), world.now()).await.unwrap();
    let mut ahead = ann.cursor(Stream::Care);
    ahead.k += 1;
    let missing = Work::Missing { circle: ann.circle, device: ann.device, cursors: vec![ahead] };
    world.store.perform(missing, world.now()).await.unwrap();
    let mut before = place.rows_of(ann.circle).await;
    // Only nodes of the release before write there.
    before.remove("missing");
    assert!(before.values().all(|count| *count > 0), "nothing of what could be left is tried: {before:?}");

    world.pass(30 * DAY);
    assert!(!forget(&world).await, "not a millisecond early");
    world.sync(&mut ben, Vec::new()).await;
    assert_eq!((ben.erased, ben.read.len()), (1, 0), "headers and chain are there, the body is not");
    let token = world.token(&ann).await.unwrap();
    world.pass(1);
    while forget(&world).await {}
    let after = place.rows_of(ann.circle).await;
    assert!(after.values().all(|count| *count == 0), "{after:?}");
    assert_eq!(world.challenge(&ben).await, Err(ApiError::UnknownCircle));
    let answer = world.post(vec![ann.hello(&token, false)]).await;
    assert!(matches!(answer[..], [Frame::Refused(_, Refusal::Token)]), "{answer:?}");
    assert_eq!(place.rows_of(cat.circle).await.get("access").copied().unwrap_or(1), 1);
    world.token(&cat).await.expect("the other circle is there");
    let again = world.post_found(&submitted).await.unwrap();
    assert_eq!((again.seq, again.stamp), (1, world.now()), "nobody remembers that it ever was");
}

/// A circle of more rows than one part has, that may go now.
pub async fn large_and_closed(world: &World, seed: u8) -> Person {
    let mut ann = world.founder(seed).await;
    for _ in 0..20 {
        let envelopes: Vec<_> = (0..55).map(|n| ann.seal(Stream::Care, &n.to_string())).collect();
        assert_eq!(world.sync(&mut ann, vec![Frame::Submit(envelopes)]).await, []);
    }
    close(world, &mut ann).await;
    world.pass(30 * DAY + 1);
    ann
}

async fn a_large_one_is_unknown_from_its_first_part_on(place: impl Place) {
    let world = world(&place).await;
    let ann = large_and_closed(&world, 1).await;
    let before = place.rows_of(ann.circle).await;
    assert!(forget(&world).await);
    let left = place.rows_of(ann.circle).await;
    if let (Some(before), Some(left)) = (before.get("entries"), left.get("entries")) {
        assert_eq!((*before, *left), (1100, 100), "a part, so that others need not wait");
    }
    assert_eq!(world.challenge(&ann).await, Err(ApiError::UnknownCircle), "and nobody is shown half of it");
    while forget(&world).await {}
    assert!(place.rows_of(ann.circle).await.values().all(|count| *count == 0));
}

#[tokio::test]
async fn two_nodes_may_remove_it_at_the_same_time() {
    let place = fresh::<InPostgres>();
    let one = world(&place).await;
    let two = one.with(place.open(kith_server::store::Quota::default()).await);
    let mut circles = Vec::new();
    for seed in 1..7 {
        let mut ann = one.founder(seed).await;
        close(&one, &mut ann).await;
        circles.push(ann.circle);
    }
    one.pass(30 * DAY + 1);
    let all = async |world: &World| while forget(world).await {};
    futures::join!(all(&one), all(&two), all(&one), all(&two));
    all(&two).await;
    for circle in circles {
        assert!(place.rows_of(circle).await.values().all(|count| *count == 0));
    }
}

#[tokio::test]
async fn a_server_looks_for_them_when_it_starts() {
    let server = Server::start(&["--store", "sqlite:kith.db"]);
    let (ann, _) = server.circle();
    server.signal("-TERM");
    let (_, _, folder) = server.ended();
    let options = SqliteConnectOptions::new().filename(folder.path().join("kith.db"));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    // As if it had been closed 30 days ago; nothing but the passing of time is feigned.
    sqlx::query("UPDATE circles SET closed = 1000").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let server = Server::start_in(folder, &["--store", "sqlite:kith.db"]);
    server.signal("-TERM");
    let (well, log, folder) = server.ended();
    assert!(well, "{log}");
    let mut database =
        SqliteConnection::connect_with(&options.filename(folder.path().join("kith.db"))).await.unwrap();
    for table in ["circles", "access", "wraps"] {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table} WHERE circle_id = $1"));
        let left: i64 =
            sqlx::query_scalar(sql).bind(&ann.circle.0[..]).fetch_one(&mut database).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
}
