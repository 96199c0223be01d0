//! What lies in a store from before wire version 1.

use kith_server::{ApiError, store::Quota};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::support::{
    Person, World,
    stores::{InSqlite, Place},
};

/// Its rows are left alone, and the server goes on for the others.
#[tokio::test]
async fn a_circle_of_before_wire_version_1_is_not_known_here() {
    let place = InSqlite::make();
    let (ann, submitted) = Person::founder(1);
    {
        let world = World::new(place.open(Quota::default()).await);
        world.post_found(&submitted).await.unwrap();
        world.store.close().await;
    }
    let options = SqliteConnectOptions::new().filename(place.path());
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let older = sqlx::query("UPDATE access SET bytes = CAST(unhex('8500') || substr(bytes, 3) AS BLOB)");
    assert_eq!(older.execute(&mut database).await.unwrap().rows_affected(), 1);
    database.close().await.unwrap();
    let before = place.rows_of(ann.circle).await;
    let world = World::new(place.open(Quota::default()).await);
    assert_eq!(world.challenge(&ann).await.unwrap_err(), ApiError::UnknownCircle);
    world.founder(2).await;
    assert_eq!(place.rows_of(ann.circle).await, before);
}
