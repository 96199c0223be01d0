//! The rows that the screen needs, in memory: short lists whole, the log as a window that grows.

use kith_replica::{RowChange, StoredRow};
use std::collections::BTreeMap;

/// Rows of a window.
pub const WINDOW: u32 = 60;
/// Rows of a short list; more are read page by page.
pub const PAGE: u32 = 256;

#[derive(Default)]
pub struct Rows {
    lists: BTreeMap<String, List>,
}

#[derive(Default)]
struct List {
    rows: BTreeMap<Vec<u8>, StoredRow>,
    /// Every row up to the end is here.
    complete: bool,
}

impl Rows {
    pub fn of(&self, list: &str) -> impl DoubleEndedIterator<Item = (&Vec<u8>, &StoredRow)> {
        self.lists.get(list).into_iter().flat_map(|list| list.rows.iter())
    }

    pub fn find(&self, list: &str, item: &str) -> Option<&StoredRow> {
        self.of(list).map(|(_, row)| row).find(|row| row.item.id == item)
    }

    pub fn is_complete(&self, list: &str) -> bool {
        self.lists.get(list).is_some_and(|list| list.complete)
    }

    /// The key after which the next page begins.
    pub fn last_key(&self, list: &str) -> Option<Vec<u8>> {
        self.lists.get(list)?.rows.keys().next_back().cloned()
    }

    /// A page from storage; `full` when it was as long as was asked for.
    pub fn take_page(
        &mut self,
        list: &str,
        page: impl IntoIterator<Item = (Vec<u8>, StoredRow)>,
        full: bool,
    ) {
        let list = self.lists.entry(list.to_owned()).or_default();
        list.rows.extend(page);
        list.complete |= !full;
    }

    /// What changed in storage. Rows past the window's end stay there until it grows.
    pub fn take_in(&mut self, changes: Vec<RowChange>) {
        for change in changes {
            let list = self.lists.entry(change.list).or_default();
            if let Some(previous) = &change.previous_key {
                list.rows.remove(previous);
            }
            match change.row {
                Some(row) => {
                    let inside =
                        list.complete || list.rows.keys().next_back().is_some_and(|last| change.key <= *last);
                    if inside {
                        list.rows.insert(change.key, row);
                    }
                }
                None => drop(list.rows.remove(&change.key)),
            }
        }
    }

    pub fn forget(&mut self) {
        self.lists.clear();
    }
}
