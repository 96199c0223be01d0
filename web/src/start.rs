//! From an open page to a running core: who owns the storage, opening it, the first view, then what the browser says.

use crate::{
    bridge, bridge::send, handlers::Handlers, launch, link, owner, page, paths, storage::Storage, ui,
};
use shared::{Event, Ownership};
use web_sys::VisibilityState;

pub async fn start() {
    let ownership = owner::claim().await;
    let storage = match ownership {
        Ownership::Mine => Storage::open().await,
        Ownership::Elsewhere => Err(shared::effects::StorageFault::NotOwner),
    };
    // Where nothing can be kept the core hears it with its first request, and says so in words.
    let link = match &storage {
        Ok(storage) => link::take(storage).await,
        Err(_) => None,
    };
    let launch = launch::launch(ownership).await;
    let view = bridge::build(Handlers::new(storage.clone()));
    ui::mount(view);
    send(Event::Started(launch));
    if let Ok(storage) = storage {
        if let Some(link) = link {
            link::open(&storage, link);
        }
        link::watch(&storage);
    }
    paths::watch();
    listen();
}

/// What the browser says while the app runs.
fn listen() {
    let (window, document) = (page::window(), page::document());
    page::listen(&document, "visibilitychange", |_| {
        if page::document().visibility_state() == VisibilityState::Visible {
            send(Event::Foregrounded);
        }
    });
    page::listen(&window, "online", |_| send(Event::ReceptionChanged { online: true }));
    page::listen(&window, "offline", |_| send(Event::ReceptionChanged { online: false }));
    if !window.navigator().on_line() {
        send(Event::ReceptionChanged { online: false });
    }
}
