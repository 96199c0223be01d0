//! The SQL of wraps and tokens.

use kith_protocol::{CircleId, Hash, Party, Wrap};
use sqlx::Row;

use super::values::{array, party_bytes, signed, unsigned};
use crate::store::{
    StoreError,
    row::{TokenRow, WrapRow},
    rows::KeyRows,
};

macro_rules! rows {
    ($connection:ty, $row:ty) => {
        impl KeyRows for $connection {
            async fn last_wrap(&mut self, circle: CircleId) -> Result<u64, StoreError> {
                let sql = "SELECT COALESCE(MAX(n), 0) FROM wraps WHERE circle_id = $1";
                let row: $row = sqlx::query(sql).bind(&circle.0[..]).fetch_one(&mut *self).await?;
                unsigned(row.try_get(0)?)
            }

            async fn put_wrap(&mut self, circle: CircleId, row: &WrapRow) -> Result<(), StoreError> {
                let sql =
                    "INSERT INTO wraps (circle_id, n, recipient, seq, wrap) VALUES ($1, $2, $3, $4, $5)";
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
                let row =
                    sqlx::query(sql).bind(&circle.0[..]).bind(&nonce[..]).fetch_optional(&mut *self).await?;
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

            async fn drop_tokens(&mut self, circle: CircleId, now_ms: u64) -> Result<(), StoreError> {
                let sql = "DELETE FROM tokens WHERE circle_id = $1 AND expires <= $2";
                sqlx::query(sql).bind(&circle.0[..]).bind(signed(now_ms)?).execute(&mut *self).await?;
                Ok(())
            }
        }
    };
}

rows!(sqlx::SqliteConnection, sqlx::sqlite::SqliteRow);
rows!(sqlx::PgConnection, sqlx::postgres::PgRow);
