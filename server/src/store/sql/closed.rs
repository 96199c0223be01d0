//! The SQL that removes closed circles.

use kith_protocol::CircleId;
use sqlx::Row;

use super::values::{array, signed};
use crate::store::{StoreError, rows::ClosedRows};

/// Every table but `circles`, and what tells its rows apart within a circle. The largest come first.
const TABLES: [(&str, &str); 8] = [
    ("entries", "stream, k"),
    ("wraps", "n"),
    ("tokens", "token_hash"),
    ("missing", "stream"),
    ("claims", "stream, device"),
    ("pairings", "pairing_id"),
    ("invites", "invite_id"),
    ("access", "seq"),
];

/// `$lock` is how the database passes over rows that others have locked.
macro_rules! rows {
    ($connection:ty, $row:ty, $lock:literal) => {
        impl ClosedRows for $connection {
            async fn lock_closed(&mut self, before_ms: u64) -> Result<Option<CircleId>, StoreError> {
                let sql =
                    concat!("SELECT circle_id FROM circles WHERE closed < $1 ORDER BY closed LIMIT 1", $lock);
                let row = sqlx::query(sql).bind(signed(before_ms)?).fetch_optional(&mut *self).await?;
                row.map(|row: $row| Ok(CircleId(array(row.try_get(0)?)?))).transpose()
            }

            async fn remove_rows(&mut self, circle: CircleId, most: u64) -> Result<u64, StoreError> {
                let sql = "UPDATE circles SET closed = 0 WHERE circle_id = $1";
                sqlx::query(sql).bind(&circle.0[..]).execute(&mut *self).await?;
                let mut removed = 0;
                for (table, key) in TABLES {
                    let sql = format!(
                        "DELETE FROM {table} WHERE circle_id = $1 AND ({key}) IN \
                         (SELECT {key} FROM {table} WHERE circle_id = $1 LIMIT $2)"
                    );
                    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
                        .bind(&circle.0[..])
                        .bind(signed(most - removed)?)
                        .execute(&mut *self)
                        .await?;
                    removed += done.rows_affected();
                    if removed >= most {
                        break;
                    }
                }
                Ok(removed)
            }

            async fn remove_circle(&mut self, circle: CircleId) -> Result<(), StoreError> {
                let sql = "DELETE FROM circles WHERE circle_id = $1";
                sqlx::query(sql).bind(&circle.0[..]).execute(&mut *self).await?;
                Ok(())
            }
        }
    };
}

rows!(sqlx::SqliteConnection, sqlx::sqlite::SqliteRow, "");
rows!(sqlx::PgConnection, sqlx::postgres::PgRow, " FOR UPDATE SKIP LOCKED");
