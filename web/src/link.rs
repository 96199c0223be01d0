//! Links: `/i/ID#SECRET` of an invitation, `/d/ID#SECRET` of a second phone, `/k#SECRET` of a recovery kit. The secret
//! is stored before it is taken from the address bar, and forgotten here when the core has moved on from joining (the
//! core keeps its own).

use crate::{bridge::send, page, paths, storage::Storage};
use shared::{
    Event, ViewModel,
    effects::{StorageOperation, StorageOutput, StoredPair},
    view::ScreenKind,
};
use std::cell::RefCell;
use wasm_bindgen_futures::spawn_local;

/// Under `secret/`, so sealed.
const KEY: &[u8] = b"secret/link";

enum Waiting {
    /// The core has been told, and is not joining yet.
    Told(Storage),
    Joining(Storage),
}

thread_local! {
    static WAITING: RefCell<Option<Waiting>> = const { RefCell::new(None) };
}

/// The link in the address bar, or one that an earlier start had stored. Storing it comes before anything else may
/// change the address.
pub async fn take(storage: &Storage) -> Option<String> {
    let Some(link) = in_address_bar() else { return stored(storage).await };
    let pair = StoredPair { key: KEY.to_vec(), value: link.clone().into_bytes() };
    let write = StorageOperation::Write { puts: vec![pair], deletes: Vec::new() };
    // Not stored: it stays in the address bar, where a reload finds it.
    if storage.run(write).await.is_ok() {
        paths::replace(&paths::current());
    }
    Some(link)
}

/// Tells the core.
pub fn open(storage: &Storage, link: String) {
    WAITING.set(Some(Waiting::Told(storage.clone())));
    send(Event::LinkOpened { link });
}

/// A link that is pasted into the address bar of the running app may change only its `#` part.
pub fn watch(storage: &Storage) {
    let storage = storage.clone();
    page::listen(&page::window(), "hashchange", move |_| {
        let storage = storage.clone();
        spawn_local(async move {
            if in_address_bar().is_some()
                && let Some(link) = take(&storage).await
            {
                open(&storage, link);
            }
        });
    });
}

/// Forgets the link when the core's path has moved on.
pub fn shown(view: &ViewModel) {
    let joining = is_link(&view.path) || view.path.starts_with("/join");
    let inside = matches!(view.screen.kind, ScreenKind::Tab | ScreenKind::Detail | ScreenKind::Sheet);
    WAITING.with_borrow_mut(|waiting| {
        *waiting = match waiting.take() {
            Some(Waiting::Told(storage) | Waiting::Joining(storage)) if joining => {
                Some(Waiting::Joining(storage))
            }
            Some(Waiting::Joining(storage)) => forget(storage),
            Some(Waiting::Told(storage)) if inside => forget(storage),
            other => other,
        };
    });
}

fn forget(storage: Storage) -> Option<Waiting> {
    spawn_local(async move {
        let delete = StorageOperation::Write { puts: Vec::new(), deletes: vec![KEY.to_vec()] };
        // If it fails the link is offered again at the next start, which does no harm.
        let _ = storage.run(delete).await;
    });
    None
}

fn in_address_bar() -> Option<String> {
    let location = page::window().location();
    let secret = location.hash().is_ok_and(|hash| hash.len() > 1);
    (secret && is_link(&paths::current())).then(|| location.href().ok())?
}

/// An invitation, a second phone, a recovery kit.
fn is_link(path: &str) -> bool {
    path.starts_with("/i/") || path.starts_with("/d/") || path == "/k"
}

async fn stored(storage: &Storage) -> Option<String> {
    let read = StorageOperation::Read { keys: vec![KEY.to_vec()] };
    let Ok(StorageOutput::Values(values)) = storage.run(read).await else { return None };
    String::from_utf8(values.into_iter().next()?.value?).ok()
}
