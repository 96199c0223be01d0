//! What is on the screen, display-ready. A screen is a heading and a list of blocks (ADR 0002).

mod blocks;
mod chrome;
mod form;

pub use blocks::{
    BannerView, BlockView, ButtonView, ChipView, ChipsView, Emphasis, EmptyView, PointView, QrView, RowView,
    SectionView, TagView, TextView, TileView, Tone, VersionView, VersionsView,
};
pub use chrome::{
    Appearance, BarView, NoticeView, ScreenKind, ScreenView, SharingKind, SharingView, TabView, UndoView,
    ViewModel,
};
pub use form::{FieldKind, FieldView, FormView, MomentPreset, OptionView};
