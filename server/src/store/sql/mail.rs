//! The SQL of the mailboxes of pairings.

use kith_protocol::{CircleId, PairingId};
use sqlx::Row;

use super::values::{array, device_of, signed, unsigned};
use crate::store::{StoreError, row::PairingRow, rows::MailRows};

macro_rules! rows {
    ($connection:ty, $row:ty) => {
        impl MailRows for $connection {
            async fn put_pairing(&mut self, circle: CircleId, row: &PairingRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO pairings (circle_id, pairing_id, device, opened, expires, answer) \
                           VALUES ($1, $2, $3, $4, $5, $6) \
                           ON CONFLICT (circle_id, pairing_id) DO UPDATE SET answer = excluded.answer";
                sqlx::query(sql)
                    .bind(&circle.0[..])
                    .bind(&row.id.0[..])
                    .bind(i64::from(row.device.0))
                    .bind(signed(row.opened)?)
                    .bind(signed(row.expires)?)
                    .bind(row.answer.as_deref())
                    .execute(&mut *self)
                    .await?;
                Ok(())
            }

            async fn pairings(&mut self, circle: CircleId) -> Result<Vec<PairingRow>, StoreError> {
                let sql = "SELECT pairing_id, device, opened, expires, answer FROM pairings \
                           WHERE circle_id = $1 ORDER BY opened, pairing_id";
                let rows = sqlx::query(sql).bind(&circle.0[..]).fetch_all(&mut *self).await?;
                rows.iter()
                    .map(|row: &$row| {
                        Ok(PairingRow {
                            id: PairingId(array(row.try_get(0)?)?),
                            device: device_of(row.try_get(1)?)?,
                            opened: unsigned(row.try_get(2)?)?,
                            expires: unsigned(row.try_get(3)?)?,
                            answer: row.try_get(4)?,
                        })
                    })
                    .collect()
            }

            async fn by_pairing(
                &mut self,
                id: PairingId,
                now_ms: u64,
            ) -> Result<Option<CircleId>, StoreError> {
                let sql = "SELECT circle_id FROM pairings WHERE pairing_id = $1 AND expires > $2 \
                           ORDER BY opened, circle_id LIMIT 1";
                let row = sqlx::query(sql)
                    .bind(&id.0[..])
                    .bind(signed(now_ms)?)
                    .fetch_optional(&mut *self)
                    .await?;
                row.map(|row: $row| Ok(CircleId(array(row.try_get(0)?)?))).transpose()
            }

            async fn drop_pairing(&mut self, circle: CircleId, id: PairingId) -> Result<(), StoreError> {
                let sql = "DELETE FROM pairings WHERE circle_id = $1 AND pairing_id = $2";
                sqlx::query(sql).bind(&circle.0[..]).bind(&id.0[..]).execute(&mut *self).await?;
                Ok(())
            }

            async fn drop_pairings(&mut self, circle: CircleId, now_ms: u64) -> Result<(), StoreError> {
                let sql = "DELETE FROM pairings WHERE circle_id = $1 AND expires <= $2";
                sqlx::query(sql).bind(&circle.0[..]).bind(signed(now_ms)?).execute(&mut *self).await?;
                Ok(())
            }
        }
    };
}

rows!(sqlx::SqliteConnection, sqlx::sqlite::SqliteRow);
rows!(sqlx::PgConnection, sqlx::postgres::PgRow);
