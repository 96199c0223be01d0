//! What is on the screen, display-ready. A screen is a heading and a list of blocks (ADR 0002).
//! `blocks.rs`, `form.rs` and `chrome.rs` are the types that shells draw; the other files build them, one a screen.

mod blocks;
mod build;
mod chrome;
mod circle;
mod closing;
mod devices;
mod drawer;
mod entry;
mod fields;
mod form;
mod frame;
mod history;
mod invitation;
mod kit;
mod leaving;
mod locks;
mod log;
mod member;
mod moving;
mod onboarding;
mod parts;
mod quick_log;
mod role;
mod second;
mod settings;
mod sharing;
mod task;
mod tasks;
mod today;
mod wishes;

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
pub(crate) use drawer::drawer_copy;
pub(crate) use log::{entry_of_script, entry_title, matching_entries};
pub(crate) use onboarding::role_code;
