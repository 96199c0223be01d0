//! The SQL of sealed entries.

use kith_protocol::{CircleId, DeviceNumber, Hash, Signature, Stream};
use sqlx::Row;

use super::values::{array, device_of, signed, unsigned};
use crate::store::{
    StoreError,
    row::{CircleRow, EntryRow, HeadRow, KnownRow},
    rows::{EntryRows, stream_number, stream_of},
};

/// The thirteen values of an entry.
const INSERT_ENTRY: &str = "INSERT INTO entries (circle_id, stream, k, device, device_seq, access_seq, stamp, chain, \
     hash, header, signature, body_hash, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

/// What a connection that calls [`commit_one`] needs, in its own temporary schema: a row put into `taken` becomes an
/// entry and the version and bytes of its circle.
pub(in crate::store) const TAKEN: &str = "PRAGMA temp_store = MEMORY; \
     CREATE TEMP VIEW taken AS SELECT circle_id, stream, k, device, device_seq, access_seq, stamp, chain, hash, \
     header, signature, body_hash, body, 0 AS version, 0 AS bytes FROM entries; \
     CREATE TEMP TRIGGER take INSTEAD OF INSERT ON taken BEGIN \
     INSERT INTO entries (circle_id, stream, k, device, device_seq, access_seq, stamp, chain, hash, header, \
     signature, body_hash, body) VALUES (NEW.circle_id, NEW.stream, NEW.k, NEW.device, NEW.device_seq, \
     NEW.access_seq, NEW.stamp, NEW.chain, NEW.hash, NEW.header, NEW.signature, NEW.body_hash, NEW.body); \
     UPDATE circles SET version = NEW.version, bytes = NEW.bytes WHERE circle_id = NEW.circle_id; \
     END";

/// A transaction of its own. SQLite only: one statement is one message to the thread that has the file and one answer,
/// where four statements are four answers, each of which wakes whoever waits.
const COMMIT_ENTRY: &str = "INSERT INTO taken (circle_id, stream, k, device, device_seq, access_seq, stamp, chain, \
     hash, header, signature, body_hash, body, version, bytes) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

macro_rules! bind_entry {
    ($query:expr, $circle:expr, $row:expr) => {
        $query
            .bind(&$circle.0[..])
            .bind(stream_number($row.stream))
            .bind(signed($row.k)?)
            .bind(i64::from($row.device.0))
            .bind(signed($row.device_seq)?)
            .bind(signed($row.access_seq)?)
            .bind(signed($row.stamp)?)
            .bind(&$row.chain.0[..])
            .bind(&$row.hash.0[..])
            .bind(&$row.header[..])
            .bind(&$row.signature.0[..])
            .bind(&$row.body_hash.0[..])
            .bind($row.body.as_deref())
    };
}

/// Writes and commits one entry, on a connection that has [`TAKEN`] and is in no transaction. On an error nothing is
/// written.
pub(in crate::store) async fn commit_one(
    connection: &mut sqlx::SqliteConnection,
    circle: CircleId,
    entry: &EntryRow,
    row: &CircleRow,
) -> Result<(), StoreError> {
    bind_entry!(sqlx::query(COMMIT_ENTRY), circle, entry)
        .bind(signed(row.version)?)
        .bind(signed(row.bytes)?)
        .execute(connection)
        .await?;
    Ok(())
}

macro_rules! rows {
    ($connection:ty, $row:ty) => {
        impl EntryRows for $connection {
            async fn heads(&mut self, circle: CircleId) -> Result<Vec<(Stream, HeadRow)>, StoreError> {
                let sql = "SELECT e.stream, e.k, e.access_seq, e.stamp, e.chain FROM entries e JOIN \
                           (SELECT stream, MAX(k) AS k FROM entries WHERE circle_id = $1 GROUP BY stream) h \
                           ON e.stream = h.stream AND e.k = h.k WHERE e.circle_id = $1";
                let rows = sqlx::query(sql).bind(&circle.0[..]).fetch_all(&mut *self).await?;
                rows.iter()
                    .map(|row: &$row| {
                        let head = HeadRow {
                            k: unsigned(row.try_get(1)?)?,
                            access_seq: unsigned(row.try_get(2)?)?,
                            stamp: unsigned(row.try_get(3)?)?,
                            chain: Hash(array(row.try_get(4)?)?),
                        };
                        Ok((stream_of(row.try_get(0)?)?, head))
                    })
                    .collect()
            }

            async fn last_seqs(
                &mut self,
                circle: CircleId,
            ) -> Result<Vec<(DeviceNumber, Stream, u64)>, StoreError> {
                let sql = "SELECT device, stream, MAX(device_seq) FROM entries \
                           WHERE circle_id = $1 GROUP BY stream, device";
                let rows = sqlx::query(sql).bind(&circle.0[..]).fetch_all(&mut *self).await?;
                rows.iter()
                    .map(|row: &$row| {
                        Ok((device_of(row.try_get(0)?)?, stream_of(row.try_get(1)?)?, unsigned(row.try_get(2)?)?))
                    })
                    .collect()
            }

            async fn known(
                &mut self,
                circle: CircleId,
                stream: Stream,
                device: DeviceNumber,
                device_seq: u64,
            ) -> Result<Option<KnownRow>, StoreError> {
                let sql = "SELECT k, access_seq, stamp, chain, hash FROM entries \
                           WHERE circle_id = $1 AND stream = $2 AND device = $3 AND device_seq = $4";
                let row = sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(stream_number(stream))
                    .bind(i64::from(device.0))
                    .bind(signed(device_seq)?)
                    .fetch_optional(&mut *self)
                    .await?;
                row.map(|row: $row| {
                    Ok(KnownRow {
                        k: unsigned(row.try_get(0)?)?,
                        access_seq: unsigned(row.try_get(1)?)?,
                        stamp: unsigned(row.try_get(2)?)?,
                        chain: Hash(array(row.try_get(3)?)?),
                        hash: Hash(array(row.try_get(4)?)?),
                    })
                })
                .transpose()
            }

            async fn chain_at(
                &mut self,
                circle: CircleId,
                stream: Stream,
                k: u64,
            ) -> Result<Option<Hash>, StoreError> {
                let sql = "SELECT chain FROM entries WHERE circle_id = $1 AND stream = $2 AND k = $3";
                let row = sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(stream_number(stream))
                    .bind(signed(k)?)
                    .fetch_optional(&mut *self)
                    .await?;
                row.map(|row: $row| Ok(Hash(array(row.try_get(0)?)?))).transpose()
            }

            async fn put_entry(&mut self, circle: CircleId, row: &EntryRow) -> Result<(), StoreError> {
                bind_entry!(sqlx::query(INSERT_ENTRY), circle, row).execute(&mut *self).await?;
                Ok(())
            }

            async fn entries_after(
                &mut self,
                circle: CircleId,
                stream: Stream,
                after: u64,
                most: usize,
            ) -> Result<Vec<EntryRow>, StoreError> {
                let sql = "SELECT k, device, device_seq, access_seq, stamp, chain, hash, header, signature, \
                           body_hash, body FROM entries WHERE circle_id = $1 AND stream = $2 AND k > $3 \
                           ORDER BY k LIMIT $4";
                let rows = sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(stream_number(stream))
                    .bind(signed(after)?)
                    .bind(i64::try_from(most).unwrap_or(i64::MAX))
                    .fetch_all(&mut *self)
                    .await?;
                rows.iter()
                    .map(|row: &$row| {
                        Ok(EntryRow {
                            stream,
                            k: unsigned(row.try_get(0)?)?,
                            device: device_of(row.try_get(1)?)?,
                            device_seq: unsigned(row.try_get(2)?)?,
                            access_seq: unsigned(row.try_get(3)?)?,
                            stamp: unsigned(row.try_get(4)?)?,
                            chain: Hash(array(row.try_get(5)?)?),
                            hash: Hash(array(row.try_get(6)?)?),
                            header: row.try_get(7)?,
                            signature: Signature(array(row.try_get(8)?)?),
                            body_hash: Hash(array(row.try_get(9)?)?),
                            body: row.try_get(10)?,
                        })
                    })
                    .collect()
            }

            async fn erase(&mut self, circle: CircleId, stream: Stream, k: u64) -> Result<u64, StoreError> {
                let sizes = "SELECT COALESCE(SUM(LENGTH(body)), 0) FROM entries \
                             WHERE circle_id = $1 AND stream = $2 AND k <= $3 AND body IS NOT NULL";
                let bytes: $row = sqlx::query(sizes)
                    .bind(&circle.0[..])
                    .bind(stream_number(stream))
                    .bind(signed(k)?)
                    .fetch_one(&mut *self)
                    .await?;
                let sql = "UPDATE entries SET body = NULL \
                           WHERE circle_id = $1 AND stream = $2 AND k <= $3 AND body IS NOT NULL";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(stream_number(stream))
                    .bind(signed(k)?)
                    .execute(&mut *self)
                    .await?;
                unsigned(bytes.try_get(0)?)
            }
        }
    };
}

rows!(sqlx::SqliteConnection, sqlx::sqlite::SqliteRow);
rows!(sqlx::PgConnection, sqlx::postgres::PgRow);
