//! The blocks that screens are made of. A shell draws each once, well.

use super::FormView;
use crate::event::Action;
use facet::Facet;
use serde::{Deserialize, Serialize};

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum BlockView {
    Text(TextView),
    Banner(BannerView),
    Section(SectionView),
    Tiles(Vec<TileView>),
    Chips(ChipsView),
    Form(FormView),
    Buttons(Vec<ButtonView>),
    Points(Vec<PointView>),
    Qr(QrView),
    Versions(VersionsView),
    /// Words to compare by phone, in order.
    Words(Vec<String>),
    Empty(EmptyView),
}

/// Meaning of a colour; never the only carrier of it.
#[derive(Facet, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(C)]
pub enum Tone {
    #[default]
    Plain,
    /// Act, own, done.
    Teal,
    /// Look here, soon.
    Amber,
    /// Urgent, refused.
    Brick,
    /// Thanks, good moments.
    Leaf,
}

#[derive(Facet, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(C)]
pub enum Emphasis {
    /// The one thing to do here.
    Primary,
    #[default]
    Normal,
    /// Words without a box.
    Quiet,
    /// Something will be gone.
    Danger,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ButtonView {
    /// A verb; the accessible name where only the icon is drawn.
    pub label: String,
    /// Lucide name; empty for none.
    pub icon: String,
    pub emphasis: Emphasis,
    pub act: Action,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct TextView {
    pub text: String,
    pub soft: bool,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct BannerView {
    pub tone: Tone,
    pub icon: String,
    pub title: String,
    pub detail: String,
    pub open: Option<Action>,
    pub actions: Vec<ButtonView>,
}

/// A titled card of rows.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SectionView {
    /// A heading of level 2 (days of the log, parts of Today).
    pub title: Option<String>,
    pub rows: Vec<RowView>,
    pub more: Option<ButtonView>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    /// Stable while the list is on the screen.
    pub id: String,
    pub icon: String,
    pub tone: Tone,
    /// A person's initial instead of the icon; empty for none.
    pub face: String,
    /// In a column of its own, e.g. `17:52`.
    pub time: Option<String>,
    pub title: String,
    pub detail: String,
    pub tag: Option<TagView>,
    /// The row as one sentence for a screen reader.
    pub spoken: String,
    pub open: Option<Action>,
    pub actions: Vec<ButtonView>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct TagView {
    pub label: String,
    pub tone: Tone,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct TileView {
    pub icon: String,
    pub tone: Tone,
    pub title: String,
    pub detail: String,
    pub act: Action,
}

/// One of several: filters, segments. A radio group or tab list to a screen reader.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ChipsView {
    pub label: String,
    /// Equal parts of one bar instead of loose chips.
    pub joined: bool,
    pub chips: Vec<ChipView>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ChipView {
    pub label: String,
    pub selected: bool,
    pub act: Action,
}

/// Something true, with an icon: what one will and will not see.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct PointView {
    pub icon: String,
    pub tone: Tone,
    pub text: String,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct QrView {
    /// Modules a side, without the quiet zone (4 modules, which the shell draws).
    pub size: u32,
    /// `size * size` bytes, row by row: 1 dark, 0 light.
    pub modules: Vec<u8>,
    pub label: String,
    /// What the code says, to select and copy.
    pub text: String,
}

/// Several people wrote different things in the same place; all are kept until somebody chooses.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct VersionsView {
    pub title: String,
    pub versions: Vec<VersionView>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct VersionView {
    pub text: String,
    /// Who and when, e.g. `Joan, 20 min ago`.
    pub by: String,
    pub choose: ButtonView,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct EmptyView {
    pub icon: String,
    pub title: String,
    pub detail: String,
    pub actions: Vec<ButtonView>,
}
