//! The SQL, one text for both databases: SQLite reads PostgreSQL's `$1` as it is meant.

use kith_protocol::{CircleId, DeviceNumber, Hash, HashPrefix, InviteId, Party, Signature, Stream, Wrap};
use sqlx::Row;

use super::{
    StoreError,
    row::{AccessRow, CircleRow, EntryRow, HeadRow, KnownRow, MissingRow, TokenRow, WrapRow},
    rows::{Rows, stream_number, stream_of},
};

/// Implements [`Rows`] for a connection type. `$lock` is how the database keeps other writers off the row.
macro_rules! sql_rows {
    ($connection:ty, $row:ty, $lock:literal) => {
        impl Rows for $connection {
            async fn lock(&mut self, circle: CircleId) -> Result<Option<CircleRow>, StoreError> {
                let sql = concat!(
                    "SELECT version, bytes, challenge_key FROM circles WHERE circle_id = $1",
                    $lock
                );
                let found = sqlx::query(sql).bind(&circle.0[..]).fetch_optional(&mut *self).await?;
                found.as_ref().map(|row: &$row| circle_row!(row)).transpose()
            }

            async fn circle(&mut self, circle: CircleId) -> Result<Option<CircleRow>, StoreError> {
                let sql = "SELECT version, bytes, challenge_key FROM circles WHERE circle_id = $1";
                let found = sqlx::query(sql).bind(&circle.0[..]).fetch_optional(&mut *self).await?;
                found.as_ref().map(|row: &$row| circle_row!(row)).transpose()
            }

            async fn create(&mut self, circle: CircleId, row: &CircleRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO circles (circle_id, prefix, challenge_key, version, bytes) \
                           VALUES ($1, $2, $3, $4, $5)";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(&circle.0[..16])
                    .bind(&row.challenge_key[..])
                    .bind(signed(row.version)?)
                    .bind(signed(row.bytes)?)
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn save(&mut self, circle: CircleId, row: &CircleRow) -> Result<(), StoreError> {
                let sql = "UPDATE circles SET version = $2, bytes = $3 WHERE circle_id = $1";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(signed(row.version)?)
                    .bind(signed(row.bytes)?)
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
                let sql = "INSERT INTO entries (circle_id, stream, k, device, device_seq, access_seq, stamp, \
                           chain, hash, header, signature, body_hash, body) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(stream_number(row.stream))
                    .bind(signed(row.k)?)
                    .bind(i64::from(row.device.0))
                    .bind(signed(row.device_seq)?)
                    .bind(signed(row.access_seq)?)
                    .bind(signed(row.stamp)?)
                    .bind(&row.chain.0[..])
                    .bind(&row.hash.0[..])
                    .bind(&row.header[..])
                    .bind(&row.signature.0[..])
                    .bind(&row.body_hash.0[..])
                    .bind(row.body.as_deref())
                    .execute(&mut *self)
                    .await?;
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

            async fn missing(&mut self, circle: CircleId) -> Result<Vec<MissingRow>, StoreError> {
                let sql = "SELECT stream, k, since FROM missing WHERE circle_id = $1";
                let rows = sqlx::query(sql).bind(&circle.0[..]).fetch_all(&mut *self).await?;
                rows.iter()
                    .map(|row: &$row| {
                        Ok(MissingRow {
                            stream: stream_of(row.try_get(0)?)?,
                            k: unsigned(row.try_get(1)?)?,
                            since: unsigned(row.try_get(2)?)?,
                        })
                    })
                    .collect()
            }

            async fn put_missing(&mut self, circle: CircleId, row: &MissingRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO missing (circle_id, stream, k, since) VALUES ($1, $2, $3, $4) \
                           ON CONFLICT (circle_id, stream) DO UPDATE SET k = excluded.k, since = excluded.since";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(stream_number(row.stream))
                    .bind(signed(row.k)?)
                    .bind(signed(row.since)?)
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn last_wrap(&mut self, circle: CircleId) -> Result<u64, StoreError> {
                let sql = "SELECT COALESCE(MAX(n), 0) FROM wraps WHERE circle_id = $1";
                let row: $row = sqlx::query(sql).bind(&circle.0[..]).fetch_one(&mut *self).await?;
                unsigned(row.try_get(0)?)
            }

            async fn put_wrap(&mut self, circle: CircleId, row: &WrapRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO wraps (circle_id, n, recipient, seq, wrap) VALUES ($1, $2, $3, $4, $5)";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(signed(row.n)?)
                    .bind(party_bytes(row.wrap.recipient))
                    .bind(signed(row.seq)?)
                    .bind(row.wrap.encode())
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn wraps_after(
                &mut self,
                circle: CircleId,
                recipient: Party,
                after: u64,
            ) -> Result<Vec<WrapRow>, StoreError> {
                let sql = "SELECT n, seq, wrap FROM wraps \
                           WHERE circle_id = $1 AND recipient = $2 AND n > $3 ORDER BY n";
                let rows = sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(party_bytes(recipient))
                    .bind(signed(after)?)
                    .fetch_all(&mut *self)
                    .await?;
                rows.iter()
                    .map(|row: &$row| {
                        let wrap: Vec<u8> = row.try_get(2)?;
                        Ok(WrapRow {
                            n: unsigned(row.try_get(0)?)?,
                            seq: unsigned(row.try_get(1)?)?,
                            wrap: Wrap::decode(&wrap).map_err(|_| StoreError::Damaged("wrap"))?,
                        })
                    })
                    .collect()
            }

            async fn put_token(&mut self, circle: CircleId, row: &TokenRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO tokens (circle_id, token_hash, nonce, party, expires) \
                           VALUES ($1, $2, $3, $4, $5)";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(&row.hash.0[..])
                    .bind(&row.nonce[..])
                    .bind(party_bytes(row.party))
                    .bind(signed(row.expires)?)
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn nonce_used(&mut self, circle: CircleId, nonce: &[u8; 32]) -> Result<bool, StoreError> {
                let sql = "SELECT 1 FROM tokens WHERE circle_id = $1 AND nonce = $2";
                let row = sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(&nonce[..])
                    .fetch_optional(&mut *self)
                    .await?;
                Ok(row.is_some())
            }

            async fn token(
                &mut self,
                hash: Hash,
                now_ms: u64,
            ) -> Result<Option<(CircleId, TokenRow)>, StoreError> {
                let sql = "SELECT circle_id, nonce, party, expires FROM tokens \
                           WHERE token_hash = $1 AND expires > $2";
                let row = sqlx::query(sql)
                    .bind(&hash.0[..])
                    .bind(signed(now_ms)?)
                    .fetch_optional(&mut *self)
                    .await?;
                row.map(|row: $row| {
                    let party: Vec<u8> = row.try_get(2)?;
                    let token = TokenRow {
                        hash,
                        nonce: array(row.try_get(1)?)?,
                        party: minicbor::decode(&party).map_err(|_| StoreError::Damaged("party"))?,
                        expires: unsigned(row.try_get(3)?)?,
                    };
                    Ok((CircleId(array(row.try_get(0)?)?), token))
                })
                .transpose()
            }

            async fn drop_tokens(&mut self, now_ms: u64) -> Result<(), StoreError> {
                let sql = "DELETE FROM tokens WHERE expires <= $1";
                sqlx::query(sql).bind(signed(now_ms)?).execute(&mut *self).await?;
                Ok(())
            }

            async fn by_prefix(&mut self, prefix: HashPrefix) -> Result<Vec<CircleId>, StoreError> {
                let sql = "SELECT circle_id FROM circles WHERE prefix = $1 LIMIT 2";
                let rows = sqlx::query(sql).bind(&prefix.0[..]).fetch_all(&mut *self).await?;
                rows.iter().map(|row: &$row| Ok(CircleId(array(row.try_get(0)?)?))).collect()
            }

            async fn by_invite(&mut self, invite: InviteId) -> Result<Vec<CircleId>, StoreError> {
                let sql = "SELECT circle_id FROM invites WHERE invite_id = $1 LIMIT 2";
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
            challenge_key: array($row.try_get(2)?)?,
        })
    };
}

sql_rows!(sqlx::SqliteConnection, sqlx::sqlite::SqliteRow, "");
sql_rows!(sqlx::PgConnection, sqlx::postgres::PgRow, " FOR UPDATE");

fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged("number"))
}

fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Damaged("number"))
}

fn device_of(number: i64) -> Result<DeviceNumber, StoreError> {
    u32::try_from(number).map(DeviceNumber).map_err(|_| StoreError::Damaged("device"))
}

fn array<const N: usize>(bytes: Vec<u8>) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("bytes"))
}

fn party_bytes(party: Party) -> Vec<u8> {
    minicbor::to_vec(party).unwrap_or_default()
}
