//! The one loop between the page and the core: an event, the effects it led to, their answers, the next view.
//!
//! Everything runs on the page's one thread. Work that arrives while the core is at work (an answer that was there
//! at once) waits in a queue, so that the core is never entered twice.

use crate::handlers::{self, Handlers};
use crux_core::{Core, Request, capability::Operation};
use leptos::prelude::*;
use shared::{Action, Effect, Event, Kith, ViewModel};
use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

thread_local! {
    static BRIDGE: OnceCell<Rc<Bridge>> = const { OnceCell::new() };
}

type Work = Box<dyn FnOnce(&Core<Kith>) -> Vec<Effect>>;

pub struct Bridge {
    core: Core<Kith>,
    handlers: Handlers,
    queue: RefCell<VecDeque<Work>>,
    at_work: Cell<bool>,
    view: RwSignal<ViewModel>,
}

/// Makes the core of this page; once. The signal holds the newest view.
pub fn build(handlers: Handlers) -> RwSignal<ViewModel> {
    let core = Core::new();
    let view = RwSignal::new(core.view());
    let bridge = Bridge { core, handlers, queue: RefCell::default(), at_work: Cell::new(false), view };
    BRIDGE.with(|cell| {
        // A page starts one core.
        let _ = cell.set(Rc::new(bridge));
    });
    view
}

/// Tells the core that something happened.
pub fn send(event: Event) {
    with(|bridge| bridge.push(Box::new(move |core| core.process_event(event))));
}

/// A button, a row or a tab was chosen.
pub fn act(action: Action) {
    send(Event::Do(action));
}

/// Answers a request of the core. A late answer to a stream that the core has left is dropped.
pub fn answer<O: Operation>(mut request: Request<O>, output: O::Output) {
    with(|bridge| bridge.push(Box::new(move |core| core.resolve(&mut request, output).unwrap_or_default())));
}

/// One answer of several to the same request.
pub fn answer_one_of_many<O: Operation>(request: &Rc<RefCell<Request<O>>>, output: O::Output) {
    let request = Rc::clone(request);
    let resolve =
        move |core: &Core<Kith>| core.resolve(&mut *request.borrow_mut(), output).unwrap_or_default();
    with(|bridge| bridge.push(Box::new(resolve)));
}

fn with(give: impl FnOnce(&Bridge)) {
    // Before the core is built nothing can be said to it.
    if let Some(bridge) = BRIDGE.with(|cell| cell.get().cloned()) {
        give(&bridge);
    }
}

impl Bridge {
    fn push(&self, work: Work) {
        self.queue.borrow_mut().push_back(work);
        if self.at_work.replace(true) {
            return;
        }
        let mut changed = false;
        while let Some(work) = self.next() {
            for effect in work(&self.core) {
                match effect {
                    Effect::Render(_) => changed = true,
                    effect => handlers::run(&self.handlers, effect),
                }
            }
        }
        self.at_work.set(false);
        if changed {
            self.show();
        }
    }

    fn next(&self) -> Option<Work> {
        self.queue.borrow_mut().pop_front()
    }

    fn show(&self) {
        let view = self.core.view();
        crate::paths::shown(&view);
        crate::link::shown(&view);
        if self.view.with_untracked(|old| *old != view) {
            self.view.set(view);
        }
    }
}
