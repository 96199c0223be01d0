//! What is on the screen, display-ready. A screen is a heading and a list of blocks (ADR 0002).
//! `blocks.rs`, `form.rs` and `chrome.rs` are the types that shells draw; the other files build them, one a screen.

mod blocks;
mod build;
mod chrome;
mod circle;
mod drawer;
mod entry;
mod fields;
mod form;
mod frame;
mod history;
mod invitation;
mod log;
mod onboarding;
mod parts;
mod quick_log;
mod settings;
mod task;
mod tasks;
mod today;

pub use blocks::{
    BannerView, BlockView, ButtonView, ChipView, ChipsView, Emphasis, EmptyView, PointView, QrView, RowView,
    SectionView, TagView, TextView, TileView, Tone, VersionView, VersionsView,
};
pub use chrome::{
    Appearance, BarView, NoticeView, ScreenKind, ScreenView, SharingKind, SharingView, TabView, UndoView,
    ViewModel,
};
pub use form::{FieldKind, FieldView, FormView, MomentPreset, OptionView};

pub(crate) use build::build;
pub(crate) use drawer::drawer_text;
pub(crate) use log::{entry_of_script, entry_title, matching_entries};
