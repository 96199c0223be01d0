//! The two databases have the same schema, every table can be spread by circle, and what was there before is brought along.

use kith_protocol::{Role, Stream, message::Frame};
use kith_server::store::Quota;
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    store::world,
    support::stores::{InPostgres, InSqlite, Place, fresh},
};

#[test]
fn both_databases_have_the_same_migrations() {
    let list = |database: &str| {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(list("sqlite"), list("postgres"));
    let columns = |database: &str| {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let mut columns = Vec::new();
        for name in list(database) {
            for line in std::fs::read_to_string(format!("{folder}/{}", name.display())).unwrap().lines() {
                if line.starts_with("CREATE TABLE") || line.starts_with("    ") {
                    columns.push(line.split_whitespace().next().unwrap_or_default().to_owned());
                }
            }
        }
        columns
    };
    assert_eq!(columns("sqlite"), columns("postgres"));
}

#[test]
fn every_table_carries_the_circle() {
    for database in ["sqlite", "postgres"] {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let sql = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for table in sql.split("CREATE TABLE").skip(1) {
                let first = table.lines().nth(1).unwrap().trim();
                assert!(first.starts_with("circle_id"), "{table}");
            }
        }
    }
}

/// Makes of a database what the release before migration 8 left: access entries are counted with the sealed ones, and
/// neither signatures nor wraps at all.
const BEFORE: &str = "UPDATE circles SET bytes = bytes + \
     (SELECT SUM(LENGTH(access.bytes)) FROM access WHERE access.circle_id = circles.circle_id); \
     ALTER TABLE circles DROP COLUMN access_bytes; \
     DELETE FROM _sqlx_migrations WHERE version = 8";

/// What each circle is counted for, before and after that migration.
macro_rules! counted {
    ($place:ident, $database:ident) => {{
        let world = world(&$place).await;
        let mut ann = world.founder(1).await;
        world.joined(&mut ann, 2, Role::Caregiver).await;
        let envelope = ann.seal(Stream::Care, "before");
        assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![envelope])]).await, []);
        world.founder(3).await;
        world.store.close().await;
        let sql = "SELECT bytes, access_bytes FROM circles ORDER BY circle_id";
        let before: Vec<(i64, i64)> = sqlx::query_as(sql).fetch_all(&mut $database).await.unwrap();
        sqlx::raw_sql(BEFORE).execute(&mut $database).await.unwrap();
        $place.open(Quota::default()).await.close().await;
        let after: Vec<(i64, i64)> = sqlx::query_as(sql).fetch_all(&mut $database).await.unwrap();
        (before, after)
    }};
}

#[tokio::test]
async fn circles_of_before_are_counted_as_they_would_be_now() {
    let place = fresh::<InSqlite>();
    place.open(Quota::default()).await.close().await;
    let options = SqliteConnectOptions::new().filename(place.path());
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let (before, after) = counted!(place, database);
    assert_eq!(before, after);
    assert!(after.iter().all(|(_, access)| *access > 500), "{after:?}");

    let place = fresh::<InPostgres>();
    let mut database = PgConnection::connect(&place.url).await.unwrap();
    let (before, after) = counted!(place, database);
    assert_eq!(before, after);
    assert!(after.iter().all(|(_, access)| *access > 500), "{after:?}");
}
