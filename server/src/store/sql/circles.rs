//! The SQL of circles, access entries and what is missing.

use kith_protocol::{CircleId, CircleStart, HashPrefix, InviteId, Signature};
use sqlx::Row;

use super::values::{array, device_of, signed, unsigned};
use crate::store::{
    StoreError,
    row::{AccessRow, CircleRow, MissingRow},
    rows::{CircleRows, stream_number, stream_of},
};

/// `$lock` is how the database keeps other writers off the row.
macro_rules! rows {
    ($connection:ty, $row:ty, $lock:literal) => {
        impl CircleRows for $connection {
            async fn lock(&mut self, circle: CircleId) -> Result<Option<CircleRow>, StoreError> {
                let sql = concat!(
                    "SELECT version, bytes, access_bytes, challenge_key, closed, returned, restored \
                     FROM circles WHERE circle_id = $1 AND closed IS DISTINCT FROM 0",
                    $lock
                );
                let found = sqlx::query(sql).bind(&circle.0[..]).fetch_optional(&mut *self).await?;
                found.as_ref().map(|row: &$row| circle_row!(row)).transpose()
            }

            async fn circle(&mut self, circle: CircleId) -> Result<Option<CircleRow>, StoreError> {
                let sql = "SELECT version, bytes, access_bytes, challenge_key, closed, returned, restored \
                           FROM circles WHERE circle_id = $1 AND closed IS DISTINCT FROM 0";
                let found = sqlx::query(sql).bind(&circle.0[..]).fetch_optional(&mut *self).await?;
                found.as_ref().map(|row: &$row| circle_row!(row)).transpose()
            }

            async fn create(&mut self, circle: CircleId, row: &CircleRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO circles (circle_id, prefix, challenge_key, version, bytes, access_bytes) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(&circle.0[..16])
                    .bind(&row.challenge_key[..])
                    .bind(signed(row.version)?)
                    .bind(signed(row.bytes)?)
                    .bind(signed(row.access_bytes)?)
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn save(&mut self, circle: CircleId, row: &CircleRow) -> Result<(), StoreError> {
                let sql = "UPDATE circles SET version = $2, bytes = $3, access_bytes = $4, closed = $5, returned = $6, \
                           restored = $7 WHERE circle_id = $1";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(signed(row.version)?)
                    .bind(signed(row.bytes)?)
                    .bind(signed(row.access_bytes)?)
                    .bind(row.closed.map(signed).transpose()?)
                    .bind(row.returned.map(signed).transpose()?)
                    .bind(row.restored.map(signed).transpose()?)
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn access_after(
                &mut self,
                circle: CircleId,
                after: u64,
                most: usize,
            ) -> Result<Vec<AccessRow>, StoreError> {
                let sql = "SELECT seq, bytes, signature, stamp FROM access \
                           WHERE circle_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
                let rows = sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(signed(after)?)
                    .bind(i64::try_from(most).unwrap_or(i64::MAX))
                    .fetch_all(&mut *self)
                    .await?;
                rows.iter()
                    .map(|row: &$row| {
                        Ok(AccessRow {
                            seq: unsigned(row.try_get(0)?)?,
                            bytes: row.try_get(1)?,
                            signature: Signature(array(row.try_get(2)?)?),
                            stamp: unsigned(row.try_get(3)?)?,
                        })
                    })
                    .collect()
            }

            async fn put_access(&mut self, circle: CircleId, row: &AccessRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO access (circle_id, seq, bytes, signature, stamp) VALUES ($1, $2, $3, $4, $5)";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(signed(row.seq)?)
                    .bind(&row.bytes[..])
                    .bind(&row.signature.0[..])
                    .bind(signed(row.stamp)?)
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn put_invite(&mut self, circle: CircleId, invite: InviteId) -> Result<(), StoreError> {
                let sql = "INSERT INTO invites (circle_id, invite_id) VALUES ($1, $2)";
                sqlx::query(sql).bind(&circle.0[..]).bind(&invite.0[..]).execute(&mut *self).await?;
                Ok(())
            }

            async fn missing(&mut self, circle: CircleId) -> Result<Vec<MissingRow>, StoreError> {
                let sql = "SELECT stream, k, since, device, proven FROM claims WHERE circle_id = $1";
                let rows = sqlx::query(sql).bind(&circle.0[..]).fetch_all(&mut *self).await?;
                rows.iter()
                    .map(|row: &$row| {
                        Ok(MissingRow {
                            stream: stream_of(row.try_get(0)?)?,
                            k: unsigned(row.try_get(1)?)?,
                            since: unsigned(row.try_get(2)?)?,
                            device: device_of(row.try_get(3)?)?,
                            proven: row.try_get::<i64, _>(4)? != 0,
                        })
                    })
                    .collect()
            }

            async fn put_missing(&mut self, circle: CircleId, row: &MissingRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO claims (circle_id, stream, device, k, since, proven) \
                           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (circle_id, stream, device) \
                           DO UPDATE SET k = excluded.k, since = excluded.since, proven = excluded.proven";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(stream_number(row.stream))
                    .bind(i64::from(row.device.0))
                    .bind(signed(row.k)?)
                    .bind(signed(row.since)?)
                    .bind(i64::from(row.proven))
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn mark_restored(&mut self, since: u64) -> Result<(), StoreError> {
                sqlx::query("DELETE FROM claims").execute(&mut *self).await?;
                let sql = "UPDATE circles SET restored = $1, version = version + 1 WHERE closed IS NULL";
                sqlx::query(sql).bind(signed(since)?).execute(&mut *self).await?;
                Ok(())
            }

            async fn by_prefix(&mut self, prefix: HashPrefix) -> Result<Vec<CircleId>, StoreError> {
                let sql = "SELECT circle_id FROM circles WHERE prefix = $1 AND closed IS DISTINCT FROM 0 LIMIT 2";
                let rows = sqlx::query(sql).bind(&prefix.0[..]).fetch_all(&mut *self).await?;
                rows.iter().map(|row: &$row| Ok(CircleId(array(row.try_get(0)?)?))).collect()
            }

            async fn by_start(&mut self, start: &CircleStart) -> Result<Vec<CircleId>, StoreError> {
                let (mut low, mut high) = ([0; 16], [0xff; 16]);
                low[..start.bytes().len()].copy_from_slice(start.bytes());
                high[..start.bytes().len()].copy_from_slice(start.bytes());
                let sql = "SELECT circle_id FROM circles \
                           WHERE prefix >= $1 AND prefix <= $2 AND closed IS DISTINCT FROM 0 LIMIT 2";
                let rows = sqlx::query(sql).bind(&low[..]).bind(&high[..]).fetch_all(&mut *self).await?;
                rows.iter().map(|row: &$row| Ok(CircleId(array(row.try_get(0)?)?))).collect()
            }

            async fn by_invite(&mut self, invite: InviteId) -> Result<Vec<CircleId>, StoreError> {
                let sql = "SELECT circle_id FROM invites WHERE invite_id = $1 LIMIT 16";
                let rows = sqlx::query(sql).bind(&invite.0[..]).fetch_all(&mut *self).await?;
                rows.iter().map(|row: &$row| Ok(CircleId(array(row.try_get(0)?)?))).collect()
            }
        }
    };
}

macro_rules! circle_row {
    ($row:ident) => {
        Ok(CircleRow {
            version: unsigned($row.try_get(0)?)?,
            bytes: unsigned($row.try_get(1)?)?,
            access_bytes: unsigned($row.try_get(2)?)?,
            challenge_key: array($row.try_get(3)?)?,
            closed: $row.try_get::<Option<i64>, _>(4)?.map(unsigned).transpose()?,
            returned: $row.try_get::<Option<i64>, _>(5)?.map(unsigned).transpose()?,
            restored: $row.try_get::<Option<i64>, _>(6)?.map(unsigned).transpose()?,
        })
    };
}

rows!(sqlx::SqliteConnection, sqlx::sqlite::SqliteRow, "");
rows!(sqlx::PgConnection, sqlx::postgres::PgRow, " FOR UPDATE");
