//! Kith's core. Where to start reading: `event.rs` (what can happen), `model/` (what it does),
//! `view/` (what is then on the screen), `effects/` (what a shell is asked to do).

#![expect(
    clippy::unsafe_derive_deserialize,
    reason = "the derive of Facet adds unsafe methods; nothing is upheld by them"
)]

mod action;
mod app;
pub mod effects;
mod event;
#[cfg(not(target_arch = "wasm32"))]
mod ffi;
mod model;
mod route;
mod text;
pub mod view;

pub use app::Kith;
pub use effects::Effect;
pub use event::{
    Action, Asker, Event, FieldValue, HttpAnswered, Launch, Moment, Ownership, Platform, Route, SocketSpoke,
    Stamped, StorageAnswered, Theme,
};
#[cfg(not(target_arch = "wasm32"))]
pub use ffi::{CoreError, CoreFfi};
pub use model::Model;
pub use view::ViewModel;

#[cfg(not(target_arch = "wasm32"))]
uniffi::setup_scaffolding!();
