//! IndexedDB's requests and transactions as futures.
//!
//! Each sets its listeners when it is made, not when it is first polled, and lets go of them when it is done. A
//! transaction is still active when the future of one of its requests wakes: that happens in the microtasks of the
//! `success` event.

use futures::channel::oneshot;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, IdbRequest, IdbTransaction};

type Listener = Closure<dyn FnMut(Event)>;
type Sender<T> = Rc<RefCell<Option<oneshot::Sender<T>>>>;

/// The result of a request.
pub fn result(request: &IdbRequest) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
    let (sender, receiver) = channel();
    let (good, bad) = (request.clone(), request.clone());
    let success = tell(&sender, move || good.result());
    let error = tell(&sender, move || Err(bad.error().ok().flatten().map_or(JsValue::NULL, Into::into)));
    request.set_onsuccess(Some(success.as_ref().unchecked_ref()));
    request.set_onerror(Some(error.as_ref().unchecked_ref()));
    async move {
        let _listeners = (success, error);
        receiver.await.unwrap_or(Err(JsValue::NULL))
    }
}

/// Resolves when everything in the transaction is on the disk, or nothing is.
pub fn completion(transaction: &IdbTransaction) -> impl Future<Output = Result<(), JsValue>> + use<> {
    let (sender, receiver) = channel();
    let ended = transaction.clone();
    let complete = tell(&sender, || Ok(()));
    let abort = tell(&sender, move || Err(ended.error().map_or(JsValue::NULL, Into::into)));
    transaction.set_oncomplete(Some(complete.as_ref().unchecked_ref()));
    transaction.set_onabort(Some(abort.as_ref().unchecked_ref()));
    async move {
        let _listeners = (complete, abort);
        receiver.await.unwrap_or(Err(JsValue::NULL))
    }
}

fn channel<T>() -> (Sender<T>, oneshot::Receiver<T>) {
    let (sender, receiver) = oneshot::channel();
    (Rc::new(RefCell::new(Some(sender))), receiver)
}

fn tell<T: 'static>(sender: &Sender<T>, value: impl Fn() -> T + 'static) -> Listener {
    let sender = Rc::clone(sender);
    Closure::new(move |_| {
        if let Some(sender) = sender.borrow_mut().take() {
            // Nobody waits any more: the page is going away.
            let _ = sender.send(value());
        }
    })
}
