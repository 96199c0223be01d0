//! The mailboxes of pairings as a map.

use kith_protocol::{CircleId, PairingId};

use super::rows::MemoryRows;
use crate::store::{StoreError, row::PairingRow, rows::MailRows};

impl MailRows for MemoryRows {
    async fn put_pairing(&mut self, circle: CircleId, row: &PairingRow) -> Result<(), StoreError> {
        self.pairings.insert((circle, row.id), row.clone());
        Ok(())
    }

    async fn pairings(&mut self, circle: CircleId) -> Result<Vec<PairingRow>, StoreError> {
        let own = self.pairings.iter().filter(|((of, _), _)| *of == circle);
        let mut rows: Vec<_> = own.map(|(_, row)| row.clone()).collect();
        rows.sort_by_key(|row| (row.opened, row.id));
        Ok(rows)
    }

    async fn by_pairing(&mut self, id: PairingId, now_ms: u64) -> Result<Option<CircleId>, StoreError> {
        let open = self.pairings.iter().filter(|((_, of), row)| *of == id && row.expires > now_ms);
        Ok(open.min_by_key(|((circle, _), row)| (row.opened, *circle)).map(|((circle, _), _)| *circle))
    }

    async fn drop_pairing(&mut self, circle: CircleId, id: PairingId) -> Result<(), StoreError> {
        self.pairings.remove(&(circle, id));
        Ok(())
    }

    async fn drop_pairings(&mut self, circle: CircleId, now_ms: u64) -> Result<(), StoreError> {
        self.pairings.retain(|(of, _), row| *of != circle || row.expires > now_ms);
        Ok(())
    }
}
