//! Exactly one tab runs the core: the one that holds the Web Lock.
//!
//! A tab that wants to take over asks by `BroadcastChannel`, waits two seconds for the lock, then steals it and starts
//! anew. The tab that lost it tells its core, and can come back when it is looked at and nobody holds the lock.

use crate::{bridge::send, page};
use futures::channel::oneshot;
use js_sys::{Function, Promise};
use shared::{Event, Ownership};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, BroadcastChannel, VisibilityState};

const NAME: &str = "kith";
/// A reloading page may still hold the lock for a moment.
const START_PATIENCE_MS: u32 = 500;
const TAKE_OVER_PATIENCE_MS: u32 = 2_000;

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`, which web-sys calls unstable.
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &JsValue, granted: &JsValue) -> Result<Promise, JsValue>;
}

thread_local! {
    /// Letting go of the lock: resolves the promise that holds it.
    static RELEASE: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Takes the lock if nobody holds it.
pub async fn claim() -> Ownership {
    match request(&[("signal", AbortSignal::timeout_with_u32(START_PATIENCE_MS).into())]).await {
        Answer::Held => {
            listen_for_others();
            Ownership::Mine
        }
        Answer::Busy => {
            come_back_when_free();
            Ownership::Elsewhere
        }
        // A browser that refuses locks refuses to store as well; opening the storage says so.
        Answer::Refused => Ownership::Mine,
    }
}

/// Takes the lock from the other tab, then starts anew. False when the browser refuses.
pub async fn take_over() -> bool {
    if let Ok(channel) = BroadcastChannel::new(NAME) {
        // The other tab may be frozen: the lock is then stolen.
        let _ = channel.post_message(&JsValue::TRUE);
        channel.close();
    }
    let patience = AbortSignal::timeout_with_u32(TAKE_OVER_PATIENCE_MS).into();
    let mine = request(&[("signal", patience)]).await == Answer::Held
        || request(&[("steal", JsValue::TRUE)]).await == Answer::Held;
    mine && page::window().location().reload().is_ok()
}

/// What became of a wish for the lock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Held,
    /// Another tab holds it.
    Busy,
    /// The browser gives no locks here: all storage is blocked for this site.
    Refused,
}

/// The lock, once held, is held until the page goes, or [`release`].
async fn request(options: &[(&str, JsValue)]) -> Answer {
    let Ok(locks) = page::get(&page::window().navigator(), "locks").dyn_into::<JsValue>() else {
        return Answer::Refused;
    };
    let locks: Locks = locks.unchecked_into();
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let tell = move |answer| sender.borrow_mut().take().is_some_and(|sender| sender.send(answer).is_ok());
    let granted = {
        let tell = tell.clone();
        Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                tell(Answer::Busy);
                return JsValue::UNDEFINED;
            }
            tell(Answer::Held);
            Promise::new(&mut |resolve, _| RELEASE.set(Some(resolve))).into()
        })
    };
    let Ok(held) = locks.request(NAME, &page::object(options), &granted) else {
        return Answer::Refused;
    };
    spawn_local(async move {
        let Err(error) = JsFuture::from(held).await else { return };
        let refused = page::get(&error, "name") == "SecurityError";
        // Never granted, or held and then stolen from us.
        if !tell(if refused { Answer::Refused } else { Answer::Busy }) {
            lost();
        }
    });
    receiver.await.unwrap_or(Answer::Refused)
}

fn listen_for_others() {
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    page::listen(&channel, "message", |_| {
        lost();
        release();
    });
    // Lives as long as the page.
    std::mem::forget(channel);
}

fn lost() {
    send(Event::OwnershipLost);
    come_back_when_free();
}

fn release() {
    if let Some(release) = RELEASE.take() {
        // The resolver of a promise does not throw.
        let _ = release.call0(&JsValue::UNDEFINED);
    }
}

/// When this tab is looked at again and the other one is gone, it starts anew.
fn come_back_when_free() {
    page::listen(&page::document(), "visibilitychange", |_| {
        if page::document().visibility_state() == VisibilityState::Visible {
            spawn_local(async {
                if request(&[("ifAvailable", JsValue::TRUE)]).await == Answer::Held {
                    // Reloading a page of our own is never refused.
                    let _ = page::window().location().reload();
                }
            });
        }
    });
}
