//! Draws the view. Start at `app.rs`; a screen is a `layer.rs`; what is on it is in `blocks/` and `form/`.

mod aloud;
mod app;
mod appearance;
mod bar;
mod blocks;
mod button;
mod focus;
mod foot;
mod form;
mod icon;
mod layer;
mod tabs;

pub use app::mount;
