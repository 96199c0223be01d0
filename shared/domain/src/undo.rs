//! Taking an edit back: always by a new edit, never by removing a change.

use std::collections::BTreeSet;

use kith_document::{DocumentName, EditScript, Item, Scalar, Step};

/// Sets a flag to what it may be already: by somebody whose word does not count. The delete makes it one's own word.
pub(crate) fn flag<const N: usize>(path: [&str; N], truth: bool) -> Vec<Step> {
    vec![Step::delete(path), Step::put(path, truth)]
}

/// The edit that takes `script` back, given what stood there before it: `before` finds an item of a document by its
/// id (`meta` for the map of that name), as it was when the script was made.
///
/// What the script made is archived or ended; what it wrote over is put back, the winner where several values stood.
/// None when there is nothing to take back.
pub fn undo_of(
    script: &EditScript,
    before: impl Fn(&DocumentName, &str) -> Option<Item>,
    now_ms: u64,
) -> Option<EditScript> {
    let mut steps: Vec<Step> = Vec::new();
    let mut clocks: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut made: Vec<&[String]> = Vec::new();
    let items: Vec<Item> = items_of(script).iter().filter_map(|id| before(&script.document, id)).collect();
    for step in &script.steps {
        let path = step.path();
        if made.iter().any(|map| path.starts_with(map)) {
            continue;
        }
        match step {
            Step::Make { .. } => {
                if map_at(&items, path).is_some() {
                    continue;
                }
                made.push(path);
                // A map in an item is a claim or an offer.
                let mark = if path.len() == 2 { "arch" } else { "end" };
                clocks.insert(within(path, "at"));
                steps.push(Step::Put { path: within(path, mark), value: true.into() });
            }
            Step::Put { path, .. } | Step::Delete { path } => {
                let Some((field, map)) = path.split_last() else { continue };
                if field == "at" {
                    clocks.insert(path.clone());
                    continue;
                }
                if steps.iter().any(|step| step.path() == path) {
                    continue;
                }
                let previous = map_at(&items, map).and_then(|item| item.value(field));
                steps.push(match (previous, field.as_str()) {
                    (Some(value), _) => Step::Put { path: path.clone(), value: value.clone() },
                    (None, "arch" | "end" | "done") => Step::Put { path: path.clone(), value: false.into() },
                    (None, _) => Step::Delete { path: path.clone() },
                });
            }
        }
    }
    if steps.is_empty() {
        return None;
    }
    let clocks = clocks.into_iter().map(|path| Step::Put { path, value: Scalar::Uint(now_ms) });
    let steps = clocks.chain(steps).collect();
    Some(EditScript { document: script.document.clone(), intent: "undo".to_owned(), steps })
}

fn items_of(script: &EditScript) -> BTreeSet<String> {
    let item = |step: &Step| match step.path() {
        [root, item, ..] if root == "items" => Some(item.clone()),
        [root, ..] if root == "meta" => Some(root.clone()),
        _ => None,
    };
    script.steps.iter().filter_map(item).collect()
}

/// The map at a path, among the items that were there before.
fn map_at<'a>(items: &'a [Item], path: &[String]) -> Option<&'a Item> {
    let (id, inside) = match path {
        [root, item, inside @ ..] if root == "items" => (item, inside),
        [root, inside @ ..] if root == "meta" => (root, inside),
        _ => return None,
    };
    let item = items.iter().find(|item| item.id == *id)?;
    inside.iter().try_fold(item, |map, key| map.children.get(key))
}

fn within(map: &[String], field: &str) -> Vec<String> {
    let mut path = map.to_vec();
    path.push(field.to_owned());
    path
}
