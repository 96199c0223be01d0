//! The web shell. Where to start reading: `start.rs` (from an open page to a running core), `bridge.rs` (the one
//! loop: event, effects, answers), `handlers/` (what each effect does), `ui/` (what is then drawn).

mod bridge;
mod failure;
mod handlers;
mod launch;
mod link;
mod owner;
mod page;
mod paths;
mod start;
mod storage;
mod ui;
mod words;

fn main() {
    failure::catch_panics();
    wasm_bindgen_futures::spawn_local(start::start());
}
